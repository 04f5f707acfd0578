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
}
