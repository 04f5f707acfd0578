package dev.fieldproof.geo.kml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.GeoJsonReader;
import dev.fieldproof.geo.geojson.GeoJsonWriter;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files from elsewhere: each converts, or is refused by rule; and GDAL, where it succeeds, agrees. */
class KmlCorpusTest {
    /** What is broken beyond mending, and how. */
    private static final Map<String, KmlException.Rule> REFUSED = Map.of(
            "libkml__bad-too-large.kmz", KmlException.Rule.DOCTYPE_REFUSED,
            "libkml__bad.kmz", KmlException.Rule.NOT_KML,
            "placemark__bad.kml", KmlException.Rule.BAD_COORDINATES);

    @TempDir
    private Path dir;

    private static List<Path> corpus() throws IOException {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            for (String place : new String[] {"shared/corpus/kml", "../shared/corpus/kml"}) {
                if (Files.isDirectory(at.resolve(place))) {
                    try (Stream<Path> files = Files.list(at.resolve(place))) {
                        return files.filter(file -> file.toString().matches(".*\\.km[lz]"))
                                .sorted()
                                .toList();
                    }
                }
            }
        }
        abort("skipped: no corpus of KML files beside the repository");
        return List.of();
    }

    private static List<Feature> read(Path file) throws IOException, KmlException {
        List<Feature> features = new ArrayList<>();
        KmlReader.read(file, KmlLimits.DEFAULT, features::add);
        return features;
    }

    @Test
    void everyFileConvertsAndComesBackOrIsRefusedByRule() throws Exception {
        Map<String, String> outcome = new TreeMap<>();
        for (Path file : corpus()) {
            String name = file.getFileName().toString();
            try {
                List<Feature> features = read(file);
                ByteArrayOutputStream json = new ByteArrayOutputStream();
                try (GeoJsonWriter writer = new GeoJsonWriter(json)) {
                    for (Feature feature : features) {
                        writer.write(feature);
                    }
                }
                List<Feature> back = new ArrayList<>();
                GeoJsonReader.read(new ByteArrayInputStream(json.toByteArray()), back::add);
                assertEquals(features.size(), back.size(), name);
                for (int i = 0; i < back.size(); i++) {
                    assertEquals(numbers(List.of(features.get(i))), numbers(List.of(back.get(i))), name);
                    assertEquals(
                            features.get(i).properties().keySet(),
                            back.get(i).properties().keySet(),
                            name);
                }
            } catch (KmlException e) {
                outcome.put(name, e.rule().name());
                assertTrue(e.getMessage().length() > 20, e::getMessage);
            }
        }
        Map<String, String> expected = new TreeMap<>();
        REFUSED.forEach((name, rule) -> expected.put(name, rule.name()));
        assertEquals(expected, outcome);
    }

    /** Every position as text, sorted, so that the order of rings and features does not matter. */
    private static List<String> numbers(List<Feature> features) {
        List<String> numbers = new ArrayList<>();
        features.forEach(feature -> add(feature.geometry(), numbers));
        Collections.sort(numbers);
        return numbers;
    }

    private static void add(Geometry geometry, List<String> numbers) {
        if (geometry instanceof Geometry.Point point) {
            add(point.position(), numbers);
        } else if (geometry instanceof Geometry.MultiPoint points) {
            add(points.positions(), numbers);
        } else if (geometry instanceof Geometry.LineString line) {
            add(line.positions(), numbers);
        } else if (geometry instanceof Geometry.MultiLineString lines) {
            lines.lines().forEach(line -> add(line, numbers));
        } else if (geometry instanceof Geometry.Polygon polygon) {
            polygon.rings().forEach(ring -> add(ring, numbers));
        } else if (geometry instanceof Geometry.MultiPolygon polygons) {
            polygons.polygons().forEach(polygon -> add(polygon, numbers));
        } else if (geometry instanceof Geometry.GeometryCollection collection) {
            collection.geometries().forEach(member -> add(member, numbers));
        }
    }

    private static void add(Positions positions, List<String> numbers) {
        for (int i = 0; i < positions.size(); i++) {
            // The sign of zero is not kept by every writer.
            numbers.add((positions.longitude(i) + 0.0) + "," + (positions.latitude(i) + 0.0) + ","
                    + (positions.altitude(i) + 0.0));
        }
    }

    @Test
    void coordinatesEqualThoseOfOgr2ogrWhereItSucceeds() throws Exception {
        assumeTrue(succeeds("ogr2ogr", "--version"), "skipped: ogr2ogr of Debian's gdal-bin is not there");
        int compared = 0;
        TreeSet<String> differing = new TreeSet<>();
        for (Path file : corpus()) {
            String name = file.getFileName().toString();
            List<Feature> theirs = new ArrayList<>();
            if (REFUSED.containsKey(name) || !ogr(file, theirs)) {
                continue;
            }
            compared++;
            if (!rounded(read(file)).equals(rounded(theirs))) {
                differing.add(name);
            }
        }
        assertTrue(compared >= 30, "compared " + compared);
        assertEquals(DIFFERENT, differing);
    }

    /** GDAL draws ground overlays as polygons; here they are reported and left out. */
    private static final TreeSet<String> DIFFERENT = new TreeSet<>(List.of(
            "libkml__camels.kml",
            "nasaworldwind__GoogleTutorialExample04.kml",
            "nasaworldwind__GroundOverlay.kml",
            "nasaworldwind__NetworkLinksLocal.kmz",
            "nasaworldwind__historicOverlay.kmz",
            "placemark__ground_overlay.kml"));

    /** GDAL's writer rounds away runs of nines and noughts, so the twelfth digit is as far as it can be compared. */
    private static List<String> rounded(List<Feature> features) {
        List<String> rounded = new ArrayList<>();
        for (String position : numbers(features)) {
            StringBuilder text = new StringBuilder();
            for (String number : position.split(",", -1)) {
                text.append(Math.rint(Double.parseDouble(number) * 1e9) / 1e9 + 0.0)
                        .append(' ');
            }
            rounded.add(text.toString());
        }
        Collections.sort(rounded);
        return rounded;
    }

    /** Converts layer by layer, as the GeoJSON driver holds one only. */
    private boolean ogr(Path file, List<Feature> features) throws Exception {
        Path list = dir.resolve("layers.txt");
        if (!run(list, "ogrinfo", "-ro", "-q", file.toString())) {
            return false;
        }
        Pattern layer = Pattern.compile("(?m)^\\d+: (.*?)(?: \\([A-Za-z0-9 ,]+\\))?$");
        Matcher layers = layer.matcher(Files.readString(list, StandardCharsets.UTF_8));
        TreeSet<String> seen = new TreeSet<>();
        while (layers.find()) {
            Path out = dir.resolve("out.geojson");
            Files.deleteIfExists(out);
            if (!seen.add(layers.group(1))
                    || !run(
                            dir.resolve("log.txt"),
                            "ogr2ogr",
                            "-f",
                            "GeoJSON",
                            out.toString(),
                            file.toString(),
                            layers.group(1))) {
                return false;
            }
            try (var in = Files.newInputStream(out)) {
                GeoJsonReader.read(in, features::add);
            }
        }
        return !seen.isEmpty();
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return run(Path.of("/dev/null"), command);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean run(Path output, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }
}
