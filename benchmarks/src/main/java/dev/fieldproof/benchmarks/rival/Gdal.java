package dev.fieldproof.benchmarks.rival;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** GDAL's programs as they are installed; a run is a whole process, for better or worse. */
public final class Gdal {
    /** Name; the version is whatever is installed. */
    public static final String OGR2OGR = "ogr2ogr (GDAL)";

    /** Name; the version is whatever is installed. */
    public static final String VIEWSHED = "gdal_viewshed";

    private static final long TIMEOUT_MINUTES = 3;

    private Gdal() {}

    /**
     * What a run took.
     *
     * @param cpuSeconds of the process, user and system
     * @param wallSeconds from start to end
     */
    public record Run(double cpuSeconds, double wallSeconds) {}

    /**
     * Whether a program is installed.
     *
     * @param program its name
     * @return true if the search path has it
     */
    public static boolean isInstalled(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Converts to RFC 7946.
     *
     * @param kml the input
     * @param geoJson the output
     * @return what it took
     * @throws IOException if the program fails
     * @throws InterruptedException if interrupted
     */
    public static Run convert(Path kml, Path geoJson) throws IOException, InterruptedException {
        Files.deleteIfExists(geoJson);
        return run("ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=YES", geoJson.toString(), kml.toString());
    }

    /**
     * Writes posts as a raster that GDAL reads without parsing.
     *
     * @param file ends in .img; a heading is put beside it
     * @param columns of the raster
     * @param heights row by row from the south-west, in millimetres
     * @throws IOException if writing fails
     */
    public static void writeRaster(Path file, int columns, int[] heights) throws IOException {
        int rows = heights.length / columns;
        ByteBuffer bytes = ByteBuffer.allocate(4 * heights.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = rows - 1; row >= 0; row--) {
            for (int column = 0; column < columns; column++) {
                bytes.putInt(heights[row * columns + column]);
            }
        }
        Files.write(file, bytes.array());
        Files.writeString(
                file.resolveSibling(file.getFileName().toString().replace(".img", ".hdr")),
                "ENVI\nsamples = " + columns + "\nlines = " + rows
                        + "\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\ndata type = 3\n"
                        + "interleave = bsq\nbyte order = 0\nmap info = {Arbitrary, 1, 1, 0, " + rows * 1_000
                        + ", 1000, 1000, 0, North}\n");
    }

    /**
     * Computes a viewshed of unlimited range without curvature.
     *
     * @param raster as {@link #writeRaster} writes it
     * @param seen receives a byte for each post, from the north-west
     * @param x of the eye in millimetres
     * @param y of the eye in millimetres
     * @param eye height in millimetres
     * @param target height in millimetres
     * @return what it took
     * @throws IOException if the program fails
     * @throws InterruptedException if interrupted
     */
    public static Run viewshed(Path raster, Path seen, int x, int y, int eye, int target)
            throws IOException, InterruptedException {
        return run(
                "gdal_viewshed",
                "-q",
                "-of",
                "ENVI",
                "-cc",
                "0",
                "-md",
                "0",
                "-oz",
                String.valueOf(eye),
                "-tz",
                String.valueOf(target),
                "-ox",
                String.valueOf(x),
                "-oy",
                String.valueOf(y),
                raster.toString(),
                seen.toString());
    }

    private static Run run(String... command) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of("sh", "-c", "\"$@\" >/dev/null 2>&1; code=$?; times; exit $code", "sh"));
        line.addAll(List.of(command));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(command[0] + " failed: " + output);
            }
            return new Run(children(output), (System.nanoTime() - start) / 1e9);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            process.destroy();
        }
    }

    /** The shell's second line tells user and system time of its children, such as {@code 0m0.120s 0m0.040s}. */
    private static double children(String times) throws IOException {
        String[] lines = times.strip().split("\n", -1);
        double sum = 0;
        for (String part : lines[lines.length - 1].split("[ \t]+", -1)) {
            int minutes = part.indexOf('m');
            if (minutes < 0 || !part.endsWith("s")) {
                throw new IOException("no times in: " + times);
            }
            sum += Integer.parseInt(part.substring(0, minutes)) * 60
                    + Double.parseDouble(part.substring(minutes + 1, part.length() - 1));
        }
        return sum;
    }
}
