package dev.fieldproof.benchmarks.rival;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The vendor's flashing tool as it is installed; a run is a whole process. The environment variable ESPTOOL may hold
 * the command.
 */
public final class Esptool {
    /** Name; the version is whatever is installed. */
    public static final String NAME = "esptool";

    private static final long TIMEOUT_SECONDS = 120;

    private Esptool() {}

    /**
     * Whether there is one.
     *
     * @return true if a command is named or found on the search path
     */
    public static boolean isInstalled() {
        return System.getenv("ESPTOOL") != null
                || Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, NAME)));
    }

    /**
     * Writes a file into a chip that is in its loader.
     *
     * @param port TCP port of this machine that leads to the chip
     * @param chip its name for this tool
     * @param baud speed of the long work
     * @param offset where in flash
     * @param file what
     * @return the exit code and what it said
     * @throws IOException if it cannot be run or does not end
     * @throws InterruptedException if interrupted
     */
    public static Run write(int port, String chip, int baud, int offset, Path file)
            throws IOException, InterruptedException {
        String named = System.getenv("ESPTOOL");
        List<String> line = new ArrayList<>(named == null ? List.of(NAME) : List.of(named.split(" ", -1)));
        line.addAll(List.of("--chip", chip, "--port", "socket://127.0.0.1:" + port, "--baud", "" + baud));
        line.addAll(List.of("--before", "no_reset", "--after", "no_reset", "write_flash", "" + offset));
        line.add(file.toString());
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("does not end: " + output);
            }
            return new Run(process.exitValue(), output);
        } finally {
            process.destroy();
        }
    }

    /**
     * How a run ended.
     *
     * @param exitCode 0 for success
     * @param output what it said
     */
    public record Run(int exitCode, String output) {}
}
