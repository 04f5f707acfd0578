package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Gdal;
import dev.fieldproof.benchmarks.rival.PullParser;
import dev.fieldproof.geo.geojson.Antimeridian;
import dev.fieldproof.geo.geojson.GeoJsonWriter;
import dev.fieldproof.geo.kml.KmlException;
import dev.fieldproof.geo.kml.KmlLimits;
import dev.fieldproof.geo.kml.KmlReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** KML to GeoJSON from file to file. */
final class ConversionWork {
    private static final long BYTES = 50_000_000;
    private static final int WARM_RUNS = 6;
    private static final int RUNS = 5;

    private ConversionWork() {}

    /** Converts a file: what the forked process runs, too. */
    public static void main(String[] arguments) throws IOException, KmlException {
        convert(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    private static void convert(Path kml, Path geoJson) throws IOException, KmlException {
        try (GeoJsonWriter writer = new GeoJsonWriter(Files.newOutputStream(geoJson))) {
            KmlReader.read(kml, KmlLimits.DEFAULT, feature -> writer.write(Antimeridian.cut(feature)));
        }
    }

    /** What is done with a survey; the folder is for what it writes. */
    private interface Work {
        void on(Path kml, Path folder) throws IOException, KmlException;
    }

    static double warmRate() throws IOException, KmlException {
        return rate((kml, folder) -> convert(kml, folder.resolve("out.geojson")));
    }

    /** The same for the platform's pull parser, which reads the tags and texts and makes nothing of them. */
    static double parserRate() throws IOException, KmlException {
        return rate((kml, folder) -> PullParser.read(kml));
    }

    /** Megabytes of input in a second of one core, the median of a few runs after warming up. */
    private static double rate(Work work) throws IOException, KmlException {
        Path folder = Files.createTempDirectory("convert");
        try {
            Path kml = folder.resolve("in.kml");
            GeoInputs.writeKml(kml, BYTES);
            double[] rates = new double[RUNS];
            for (int i = -WARM_RUNS; i < RUNS; i++) {
                long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                work.on(kml, folder);
                long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
                rates[Math.max(i, 0)] = Files.size(kml) * 1e3 / spent;
            }
            Arrays.sort(rates);
            return rates[RUNS / 2];
        } finally {
            delete(folder);
        }
    }

    static double rivalRate() throws IOException, InterruptedException {
        if (!Gdal.isInstalled("ogr2ogr")) {
            return Double.NaN;
        }
        Path folder = Files.createTempDirectory("convert");
        try {
            Path kml = folder.resolve("in.kml");
            GeoInputs.writeKml(kml, BYTES);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < 2; i++) {
                best = Math.min(
                        best, Gdal.convert(kml, folder.resolve("out.geojson")).cpuSeconds());
            }
            return Files.size(kml) / 1e6 / best;
        } finally {
            delete(folder);
        }
    }

    /** Converts a large file in a process of its own. */
    static double convertedUnder(int heapMegabytes, int fileMegabytes) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("convert");
        try {
            Path kml = folder.resolve("in.kml");
            GeoInputs.writeKml(kml, fileMegabytes * 1_000_000L);
            fork(
                    List.of("-Xmx" + heapMegabytes + "m"),
                    ConversionWork.class,
                    kml.toString(),
                    folder.resolve("out.geojson").toString());
            return Files.size(kml) / 1e6;
        } finally {
            delete(folder);
        }
    }

    /** Runs a class of this module in a process of its own and returns the seconds from start to end. */
    static double fork(List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options);
        line.add("-cp");
        line.add(
                System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", ""));
        line.add(main.getName());
        line.addAll(List.of(arguments));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException("the process failed: " + output);
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            process.destroy();
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
