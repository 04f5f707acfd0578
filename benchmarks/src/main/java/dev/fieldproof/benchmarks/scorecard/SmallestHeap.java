package dev.fieldproof.benchmarks.scorecard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How little memory some work needs: it is done by a Java of its own, again and again, with less each time. */
final class SmallestHeap {
    private SmallestHeap() {}

    /**
     * Runs a program with ever smaller heaps.
     *
     * @param program has a main method, and ends with 0 when its work is done
     * @param arguments of the program
     * @param mebibytes heaps to try, the largest first
     * @return the last that sufficed, in MiB; infinite if none did
     */
    static double of(Class<?> program, List<String> arguments, int... mebibytes)
            throws IOException, InterruptedException {
        double least = Double.POSITIVE_INFINITY;
        for (int heap : mebibytes) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heap + "m",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-cp",
                    System.getProperty("java.class.path", "."),
                    program.getName()));
            command.addAll(arguments);
            Process java = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (java.waitFor() != 0) {
                return least;
            }
            least = heap;
        }
        return least;
    }
}
