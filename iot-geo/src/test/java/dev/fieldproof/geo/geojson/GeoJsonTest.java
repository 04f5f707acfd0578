package dev.fieldproof.geo.geojson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.geojson.GeoJsonException.Rule;
import dev.fieldproof.geo.text.DecimalCursor;
import dev.fieldproof.geo.text.Decimals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeoJsonTest {
    private static Positions at(double... values) {
        return Positions.of(values, 2);
    }

    private static List<Feature> read(String json) throws Exception {
        List<Feature> features = new ArrayList<>();
        GeoJsonReader.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), features::add);
        return features;
    }

    private static Rule refused(String json) {
        return assertThrows(GeoJsonException.class, () -> read(json)).rule();
    }

    @Test
    void whatIsWrittenComesBack() throws Exception {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("text", "a\"b\\c\n\u0001\u00e9\u20ac\ud83d\ude00");
        properties.put("none", null);
        properties.put("list", List.of(1L, 2.5, true));
        Geometry.Polygon polygon =
                new Geometry.Polygon(List.of(at(0, 0, 4, 0, 4, 4, 0, 0), at(1, 0.5, 3, 2, 2, 0.5, 1, 0.5)));
        List<Feature> features = List.of(
                new Feature("a", new Geometry.Point(Positions.of(new double[] {1, 2, 3}, 3)), properties),
                new Feature(null, null, Map.of()),
                new Feature(null, new Geometry.MultiPoint(at(1, 2, 3, 4)), Map.of()),
                new Feature(null, new Geometry.MultiLineString(List.of(at(1, 2, 3, 4), at(5, 6, 7, 8))), Map.of()),
                new Feature(null, polygon, Map.of()),
                new Feature(null, new Geometry.GeometryCollection(List.of(polygon)), Map.of()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GeoJsonWriter writer = new GeoJsonWriter(out, Map.of("name", "n"))) {
            for (Feature feature : features) {
                writer.write(feature);
            }
        }
        assertEquals(features, read(out.toString(StandardCharsets.UTF_8)));
    }

    @Test
    void theWriterKeepsTheRightHandRule() throws Exception {
        Geometry.Polygon wrong =
                new Geometry.Polygon(List.of(at(0, 0, 4, 4, 4, 0, 0, 0), at(1, 0.5, 2, 0.5, 2, 1, 1, 0.5)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GeoJsonWriter writer = new GeoJsonWriter(out)) {
            writer.write(new Feature(null, wrong, Map.of()));
        }
        var rings = ((Geometry.Polygon)
                        read(out.toString(StandardCharsets.UTF_8)).get(0).geometry())
                .rings();
        assertTrue(rings.get(0).signedDoubleArea() > 0 && rings.get(1).signedDoubleArea() < 0);
    }

    @Test
    void foreignMembersOfFeaturesComeBackInTheirOrder() throws Exception {
        String feature = "{\"type\":\"Feature\",\"title\":\"t\",\"properties\":{},\"geometry\":null,"
                + "\"bbox\":[0,0,1,1],\"when\":{\"start\":[1,null]}}";
        Feature read = read("{\"type\":\"FeatureCollection\",\"features\":[" + feature + "]}")
                .get(0);
        assertEquals(List.of("title", "when"), List.copyOf(read.members().keySet()));
        assertEquals(read, read(feature).get(0), "a feature on its own, too");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GeoJsonWriter writer = new GeoJsonWriter(out)) {
            writer.write(Antimeridian.cut(read));
            writer.write(Antimeridian.cut(
                    new Feature("x", new Geometry.LineString(at(179, 0, -179, 0)), Map.of(), read.members())));
        }
        List<Feature> back = read(out.toString(StandardCharsets.UTF_8));
        assertEquals(read, back.get(0));
        assertEquals(read.members(), back.get(1).members(), "cutting keeps them");
        assertThrows(
                IllegalArgumentException.class, () -> new Feature(null, null, Map.of(), Map.of("geometry", "mine")));
    }

    @Test
    void foreignMembersOfGeometriesComeBackAtEveryDepth() throws Exception {
        String inner = "{\"type\":\"Point\",\"coordinates\":[1,2],\"accuracy\":{\"m\":0.5}}";
        for (String coordinates : List.of(
                "\"Point\",\"coordinates\":[1,2]",
                "\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]",
                "\"LineString\",\"coordinates\":[[179,2],[-179,4]]",
                "\"MultiLineString\",\"coordinates\":[[[179,2],[-179,4]]]",
                "\"Polygon\",\"coordinates\":[[[179,0],[-179,1],[-179,0],[179,0]]]",
                "\"MultiPolygon\",\"coordinates\":[[[[179,0],[-179,1],[-179,0],[179,0]]]]",
                "\"GeometryCollection\",\"geometries\":[" + inner + "]")) {
            String geometry = "{\"type\":" + coordinates + ",\"crs\":[\"x\",null],\"by\":\"hand\"}";
            Feature read = read(geometry).get(0);
            assertEquals(
                    List.of("crs", "by"), List.copyOf(read.geometry().members().keySet()), geometry);
            assertEquals(
                    read,
                    read("{\"type\":\"Feature\",\"properties\":{},\"geometry\":" + geometry + "}")
                            .get(0));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GeoJsonWriter writer = new GeoJsonWriter(out)) {
                writer.write(read);
                writer.write(Antimeridian.cut(read));
            }
            String text = out.toString(StandardCharsets.UTF_8);
            List<Feature> back = read(text);
            assertEquals(read.geometry().members(), back.get(0).geometry().members());
            assertEquals(read.geometry().members(), back.get(1).geometry().members(), "cutting keeps them");
            assertEquals(read.geometry(), back.get(0).geometry(), geometry);
            assertEquals(geometry.contains("accuracy"), text.contains("\"accuracy\":{\"m\":0.5}"));
        }
        assertThrows(
                IllegalArgumentException.class, () -> new Geometry.Point(at(1, 2)).with(Map.of("coordinates", "mine")));
    }

    @Test
    void identifiersAreTextOrNumbersAndStayWhatTheyAre() throws Exception {
        String feature = "{\"type\":\"Feature\",\"id\":%s,\"properties\":{},\"geometry\":null}";
        for (String id : List.of("7", "-12345678901234567", "0.25", "\"7\"", "\"\"")) {
            Feature read = read(feature.formatted(id)).get(0);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GeoJsonWriter writer = new GeoJsonWriter(out)) {
                writer.write(Antimeridian.cut(read));
            }
            String text = out.toString(StandardCharsets.UTF_8);
            assertTrue(text.contains("\"id\":" + id + ","), text);
            assertEquals(read, read(text).get(0));
        }
        assertEquals(7L, read(feature.formatted("7")).get(0).id());
        assertEquals(null, read(feature.formatted("null")).get(0).id());
        assertEquals(Rule.NOT_GEOJSON, refused(feature.formatted("true")));
        assertEquals(Rule.NOT_GEOJSON, refused(feature.formatted("[7]")));
        assertThrows(IllegalArgumentException.class, () -> new Feature(List.of(), null, Map.of()));
    }

    @Test
    void brokenTextIsRefusedByRule() {
        assertEquals(Rule.TRUNCATED, refused("{\"type\":"));
        assertEquals(Rule.TRUNCATED, refused(""));
        assertEquals(Rule.MALFORMED_JSON, refused("{\"type\" 1}"));
        assertEquals(Rule.MALFORMED_JSON, refused("{\"type\":\"Point\",\"coordinates\":[01,2]}"));
        assertEquals(Rule.NOT_GEOJSON, refused("{\"type\":\"Topology\"}"));
        assertEquals(Rule.BAD_COORDINATES, refused("{\"type\":\"Point\",\"coordinates\":[1]}"));
        assertEquals(Rule.LIMIT_EXCEEDED, refused("{\"a\":" + "[".repeat(100_000)));
    }

    @Test
    void changedBytesGiveFeaturesOrATypedRefusal() {
        byte[] whole = ("{\"type\":\"FeatureCollection\",\"name\":\"n\",\"features\":[{\"type\":\"Feature\",\"id\":7,"
                        + "\"properties\":{\"a\":[1,2.5e3,null,true,{\"b\":\"\\u00e9\\n\"}]},"
                        + "\"geometry\":{\"type\":\"Polygon\","
                        + "\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}},{\"type\":\"Feature\",\"properties\":null,"
                        + "\"geometry\":{\"type\":\"GeometryCollection\",\"geometries\":[]}}]}")
                .getBytes(StandardCharsets.UTF_8);
        int[] outcomes = new int[2];
        SeededRuns.check(50_000, random -> {
            byte[] bytes = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = random.nextBoolean() ? (byte) random.nextInt(256) : bytes[random.nextInt(bytes.length)];
            }
            try {
                GeoJsonReader.read(new ByteArrayInputStream(bytes), feature -> {});
                outcomes[0]++;
            } catch (GeoJsonException e) {
                outcomes[1]++;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(outcomes[0] > 500 && outcomes[1] > 1_000, () -> outcomes[0] + " " + outcomes[1]);
    }

    @Test
    void numbersComeBackBitForBit() {
        byte[] text = new byte[64];
        SeededRuns.check(100_000, random -> {
            double value = switch (random.nextInt(4)) {
                case 0 -> Math.rint(random.nextDouble(-180, 180) * 1e7) / 1e7;
                case 1 -> random.nextDouble(-180, 180);
                case 2 -> Double.longBitsToDouble(random.nextLong());
                default -> random.nextInt(-1000, 1000);
            };
            if (Double.isFinite(value)) {
                int end = Decimals.write(value, text, 3);
                assertTrue(end - 3 <= Decimals.MAX_WRITTEN_BYTES);
                assertEquals(value + 0.0, Decimals.parse(text, 3, end));
                assertEquals(value + 0.0, Double.parseDouble(new String(text, 3, end - 3, StandardCharsets.US_ASCII)));
            }
        });
    }

    @Test
    void theCursorReadsWhatTheParserReadsAndStopsWhereTheNumberEnds() {
        DecimalCursor cursor = new DecimalCursor();
        SeededRuns.check(100_000, random -> {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(1, 24);
            for (int i = 0; i < length; i++) {
                // Mostly digits; '/' and ':' stand beside them in ASCII.
                text.append("0123456789012345678901234567890123456789.-/:e,".charAt(random.nextInt(46)));
            }
            byte[] bytes = (text + " ").getBytes(StandardCharsets.US_ASCII);
            int end = cursor.read(bytes, 0, bytes.length);
            if (end >= 0) {
                assertEquals(Decimals.parse(bytes, 0, end), cursor.value());
                assertTrue(bytes[end] < '0' || bytes[end] > '9');
            } else {
                assertTrue(
                        Double.isNaN(Decimals.parse(bytes, 0, length))
                                || text.toString().matches("-?[0-9.]{16,}.*"),
                        text::toString);
            }
        });
        assertEquals(-1, cursor.read("12.5".getBytes(StandardCharsets.US_ASCII), 0, 4), "it may go on");
    }

    @Test
    void textThatIsNoNumberIsNotANumber() {
        for (String text : new String[] {"", "-", ".", "1.2.3", "1e", "0x10", "NaN", "1 2", "1e999", "1d"}) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            assertTrue(Double.isNaN(Decimals.parse(bytes, 0, bytes.length)), text);
        }
    }

    @Test
    void linesAreCutAtTheAntimeridian() {
        assertEquals(
                new Geometry.MultiLineString(List.of(at(170, 0, 180, 5), at(-180, 5, -170, 10))),
                Antimeridian.cut(new Geometry.LineString(at(170, 0, -170, 10))));
        Geometry within = new Geometry.LineString(at(170, 0, 175, 10));
        assertSame(within, Antimeridian.cut(within));
    }

    @Test
    void polygonsAreCutAtTheAntimeridianWithTheirHoles() {
        Geometry.Polygon spanning = new Geometry.Polygon(List.of(
                at(170, -10, -170, -10, -170, 10, 170, 10, 170, -10), at(178, -1, 178, 1, -178, 1, -178, -1, 178, -1)));
        var cut = (Geometry.MultiPolygon) Antimeridian.cut(spanning);
        assertEquals(2, cut.polygons().size());
        double area = 0;
        for (Geometry.Polygon part : cut.polygons()) {
            for (int i = 0; i < part.rings().get(0).size(); i++) {
                double lon = part.rings().get(0).longitude(i);
                assertTrue(Math.abs(lon) <= 180 && Math.abs(lon) >= 170);
            }
            area += Math.abs(part.rings().get(0).signedDoubleArea());
        }
        assertEquals(2 * (20 * 20 - 4 * 2), area, 1e-9);
    }
}
