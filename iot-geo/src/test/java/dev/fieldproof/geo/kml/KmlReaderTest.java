package dev.fieldproof.geo.kml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import dev.fieldproof.geo.kml.KmlException.Rule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KmlReaderTest {
    @org.junit.jupiter.api.io.TempDir
    private java.nio.file.Path dir;

    private static List<Feature> read(String kml) throws IOException, KmlException {
        List<Feature> features = new ArrayList<>();
        KmlReader.readKml(
                new ByteArrayInputStream(kml.getBytes(StandardCharsets.UTF_8)), KmlLimits.DEFAULT, features::add);
        return features;
    }

    private static Geometry line(String coordinates) throws IOException, KmlException {
        return read("<kml><Placemark><LineString><coordinates>" + coordinates
                        + "</coordinates></LineString></Placemark></kml>")
                .get(0)
                .geometry();
    }

    private static Rule refused(String kml) {
        return assertThrows(KmlException.class, () -> read(kml)).rule();
    }

    @Test
    void aPlacemarkBecomesAFeatureWithItsDataAndFolders() throws Exception {
        Feature feature = read("<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Folder><name>A</name><Folder>"
                        + "<name>B &amp; C</name><Placemark id='p'><name><![CDATA[N <1>]]></name><ExtendedData>"
                        + "<Data name='height'><value> 7.5 </value></Data></ExtendedData>"
                        + "<Point><coordinates> 1.5,-2,3 </coordinates></Point></Placemark></Folder></Folder>"
                        + "</Document></kml>")
                .get(0);
        assertEquals("p", feature.id());
        assertEquals("N <1>", feature.properties().get("name"));
        assertEquals("7.5", feature.properties().get("height"));
        assertEquals(List.of("A", "B & C"), feature.properties().get("folders"));
        assertEquals(new Geometry.Point(Positions.of(new double[] {1.5, -2, 3}, 3)), feature.geometry());
    }

    @Test
    void spaceAroundCommasDoesNotSplitAPosition() throws Exception {
        Geometry expected = new Geometry.LineString(Positions.of(new double[] {1, 2, 3, 4, 5, 6}, 3));
        assertEquals(expected, line("1,2,3 4,5,6"));
        assertEquals(expected, line("1, 2, 3\n\t4 ,5 , 6"));
        assertEquals(expected, line("1,2,3,4,5,6"));
        assertEquals(expected, line("<![CDATA[1,2,3 4,5,6]]>"));
        assertEquals(expected, line("1,2,3<!-- , -->4,5,6"));
    }

    @Test
    void brokenFilesAreRefusedByRule() {
        assertEquals(Rule.TRUNCATED, refused("<kml><Placemark><name>a"));
        assertEquals(Rule.MISMATCHED_TAG, refused("<kml><Placemark></kml>"));
        assertEquals(Rule.NOT_KML, refused("<html></html>"));
        assertEquals(Rule.NOT_KML, refused("hello"));
        assertEquals(
                Rule.BAD_COORDINATES,
                refused("<kml><Placemark><Point><coordinates>a,b</coordinates></Point>" + "</Placemark></kml>"));
        assertEquals(
                Rule.COORDINATE_RANGE,
                refused("<kml><Placemark><Point><coordinates>1,91</coordinates></Point>" + "</Placemark></kml>"));
        assertEquals(Rule.DOCTYPE_REFUSED, refused("<!DOCTYPE kml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><kml/>"));
        assertEquals(Rule.UNKNOWN_ENTITY, refused("<kml><Placemark><name>&x;</name></Placemark></kml>"));
        assertEquals(Rule.LIMIT_EXCEEDED, refused("<Folder>".repeat(300) + "</Folder>".repeat(300)));
    }

    @Test
    void progressIsToldAndCanStop(@org.junit.jupiter.api.io.TempDir java.nio.file.Path dir) throws Exception {
        String one = "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>";
        java.nio.file.Path file = java.nio.file.Files.writeString(
                dir.resolve("many.kml"), "<kml><Document>" + one.repeat(20_000) + "</Document></kml>");
        long[] last = new long[3];
        KmlReader.read(file, KmlLimits.DEFAULT, feature -> {}, (bytes, total) -> {
            org.junit.jupiter.api.Assertions.assertTrue(bytes >= last[0] && bytes <= total);
            last[0] = bytes;
            last[1] = total;
            last[2]++;
        });
        assertEquals(java.nio.file.Files.size(file), last[0]);
        assertEquals(last[0], last[1]);
        org.junit.jupiter.api.Assertions.assertTrue(last[2] > 5, () -> "told " + last[2] + " times");
        var stopped = org.junit.jupiter.api.Assertions.assertThrows(
                java.io.IOException.class,
                () -> KmlReader.read(file, KmlLimits.DEFAULT, feature -> {}, (bytes, total) -> {
                    throw new java.io.IOException("enough");
                }));
        assertEquals("enough", stopped.getMessage());
    }

    private static final String STYLE = "<Style id='s'><LineStyle><color>ff0000ff</color></LineStyle></Style>";
    private static final String USE = "<Placemark><name>%s</name><styleUrl>#%s</styleUrl></Placemark>";

    private static List<String> strokes(String kml) throws IOException, KmlException {
        return read(kml).stream()
                .map(feature -> String.valueOf(feature.properties().get("stroke")))
                .toList();
    }

    @Test
    void aSharedStyleCountsWhereverItStands() throws Exception {
        String map = "<StyleMap id='m'><Pair><key>highlight</key><styleUrl>#x</styleUrl></Pair>"
                + "<Pair><key>normal</key><styleUrl>#s</styleUrl></Pair></StyleMap>";
        String own = "<StyleMap id='o'><Pair><key>normal</key>" + STYLE.replace("id='s'", "") + "</Pair></StyleMap>";
        String uses = USE.formatted("a", "s") + USE.formatted("b", "m") + USE.formatted("c", "o");
        List<String> red = List.of("#ff0000", "#ff0000", "#ff0000");
        for (String kml : List.of(
                STYLE + map + own + uses,
                uses + STYLE + map + own,
                uses + own + map + STYLE,
                map + uses + own + STYLE)) {
            assertEquals(red, strokes("<kml><Document>" + kml + "</Document></kml>"), kml);
        }
    }

    @Test
    void featuresKeepTheirOrderWhileOneWaitsForItsStyle() throws Exception {
        List<Feature> features = read("<kml><Document>" + USE.formatted("a", "s") + USE.formatted("b", "none")
                + "<Placemark><name>c</name></Placemark>" + STYLE + USE.formatted("d", "s") + "</Document></kml>");
        assertEquals(
                List.of("a", "b", "c", "d"),
                features.stream().map(each -> each.properties().get("name")).toList());
        assertEquals("#ff0000", features.get(0).properties().get("stroke"));
        assertEquals("#none", features.get(1).properties().get("styleUrl"));
    }

    @Test
    void aStyleTooFarAwayIsNotWaitedForTwice() throws Exception {
        String far = "<!--" + "x".repeat(1 << 20) + "-->";
        StringBuilder kml = new StringBuilder("<kml><Document>");
        List<Integer> handedOn = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            kml.append(USE.formatted(i, "s")).append(far);
        }
        kml.append(STYLE).append(USE.formatted("last", "s")).append("</Document></kml>");
        List<Feature> features = new ArrayList<>();
        KmlReport report = KmlReader.read(
                java.nio.file.Files.writeString(dir.resolve("far.kml"), kml),
                KmlLimits.DEFAULT,
                features::add,
                (bytes, total) -> handedOn.add(features.size()));
        assertEquals(13, features.size());
        assertEquals(null, features.get(0).properties().get("stroke"));
        assertEquals("#ff0000", features.get(12).properties().get("stroke"));
        assertEquals(12, report.losses().get("style not found in the file, its name kept"));
        // Waited for once over four of twelve stretches, then no more.
        assertEquals(0, handedOn.get(handedOn.size() / 5));
        org.junit.jupiter.api.Assertions.assertTrue(handedOn.get(handedOn.size() * 3 / 4) >= 7);
    }

    @Test
    void whatWaitsIsHandedOnBeforeARefusal() {
        List<Feature> features = new ArrayList<>();
        String kml = "<kml><Document>" + USE.formatted("a", "s") + "<Placemark>";
        assertThrows(
                KmlException.class,
                () -> KmlReader.readKml(
                        new ByteArrayInputStream(kml.getBytes(StandardCharsets.UTF_8)),
                        KmlLimits.DEFAULT,
                        features::add));
        assertEquals(1, features.size());
    }
}
