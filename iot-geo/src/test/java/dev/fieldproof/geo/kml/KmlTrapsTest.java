package dev.fieldproof.geo.kml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.geojson.Antimeridian;
import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.GeoJsonReader;
import dev.fieldproof.geo.geojson.GeoJsonWriter;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where other converters drop, flip, split or read what they should not: each trap, from KML to GeoJSON and back. */
class KmlTrapsTest {
    @TempDir
    private Path dir;

    private KmlReport report = new KmlReport(0, 0, new TreeMap<>(), List.of());

    private static String document(String content) {
        return "<kml xmlns='http://www.opengis.net/kml/2.2' xmlns:gx='http://www.google.com/kml/ext/2.2'><Document>"
                + content + "</Document></kml>";
    }

    private static String placemark(String content) {
        return document("<Placemark>" + content + "</Placemark>");
    }

    /** As the command does it: read, cut, written, read again. */
    private List<Feature> converted(String kml) throws Exception {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (GeoJsonWriter writer = new GeoJsonWriter(json)) {
            report = KmlReader.readKml(
                    new ByteArrayInputStream(kml.getBytes(StandardCharsets.UTF_8)),
                    KmlLimits.DEFAULT,
                    feature -> writer.write(Antimeridian.cut(feature)));
        }
        List<Feature> features = new ArrayList<>();
        GeoJsonReader.read(new ByteArrayInputStream(json.toByteArray()), features::add);
        return features;
    }

    private static String ring(String coordinates) {
        return "<LinearRing><coordinates>" + coordinates + "</coordinates></LinearRing>";
    }

    @Test
    void aClockwiseOuterRingIsTurnedAndItsHoleTheOtherWay() throws Exception {
        String clockwise = "<Polygon><outerBoundaryIs>" + ring("0,0 0,9 9,9 9,0 0,0")
                + "</outerBoundaryIs><innerBoundaryIs>" + ring("1,1 2,1 2,2 1,1") + "</innerBoundaryIs></Polygon>";
        var polygon = (Geometry.Polygon) converted(placemark(clockwise)).get(0).geometry();
        assertTrue(polygon.rings().get(0).signedDoubleArea() > 0);
        assertTrue(polygon.rings().get(1).signedDoubleArea() < 0);
    }

    @Test
    void aLineOverTheAntimeridianIsCut() throws Exception {
        String line = "<LineString><coordinates>179,0 -179,2</coordinates></LineString>";
        assertEquals(
                new Geometry.MultiLineString(List.of(
                        Positions.of(new double[] {179, 0, 180, 1}, 2),
                        Positions.of(new double[] {-180, 1, -179, 2}, 2))),
                converted(placemark(line)).get(0).geometry());
    }

    @Test
    void aPolygonOverTheAntimeridianIsCutWhereOthersStop() throws Exception {
        String polygon = "<Polygon><outerBoundaryIs>" + ring("170,-10 -170,-10 -170,10 170,10 170,-10")
                + "</outerBoundaryIs></Polygon>";
        var cut = (Geometry.MultiPolygon) converted(placemark(polygon)).get(0).geometry();
        assertEquals(2, cut.polygons().size());
        cut.polygons().forEach(part -> assertEquals(400, part.rings().get(0).signedDoubleArea(), 1e-9));
    }

    @Test
    void aMixedMultiGeometryKeepsEveryMember() throws Exception {
        String mixed = "<MultiGeometry><Point><coordinates>1,2</coordinates></Point><LineString><coordinates>3,4 5,6"
                + "</coordinates></LineString></MultiGeometry>";
        var all =
                (Geometry.GeometryCollection) converted(placemark(mixed)).get(0).geometry();
        assertInstanceOf(Geometry.Point.class, all.geometries().get(0));
        assertInstanceOf(Geometry.LineString.class, all.geometries().get(1));
    }

    @Test
    void spacesAfterCommasMakeOnePosition() throws Exception {
        String point = "<Point><coordinates>1, 2, 3</coordinates></Point>";
        assertEquals(
                new Geometry.Point(Positions.of(new double[] {1, 2, 3}, 3)),
                converted(placemark(point)).get(0).geometry());
    }

    private static String track(String day, int longitude) {
        return "<gx:Track><when>2026-01-" + day + "T00:00:00Z</when><when>2026-01-" + day
                + "T00:00:05Z</when><gx:coord>" + longitude + " 2 3</gx:coord><gx:coord>" + (longitude + 1)
                + " 3 4</gx:coord></gx:Track>";
    }

    @Test
    void tracksKeepTheTimeOfEachPosition() throws Exception {
        Feature single = converted(placemark(track("01", 7))).get(0);
        assertEquals(new Geometry.LineString(Positions.of(new double[] {7, 2, 3, 8, 3, 4}, 3)), single.geometry());
        List<String> times = List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z");
        assertEquals(Map.of("times", times), single.properties().get("coordinateProperties"));

        Feature several = converted(
                        placemark("<gx:MultiTrack>" + track("01", 7) + track("02", 70) + "</gx:MultiTrack>"))
                .get(0);
        assertEquals(2, ((Geometry.MultiLineString) several.geometry()).lines().size());
        var perTrack = (Map<?, ?>) several.properties().get("coordinateProperties");
        assertEquals(List.of(times, List.of("2026-01-02T00:00:00Z", "2026-01-02T00:00:05Z")), perTrack.get("times"));
    }

    @Test
    void altitudeModeExtrudeAndTessellateStayAsProperties() throws Exception {
        String line = "<LineString><extrude>1</extrude><tessellate>0</tessellate><altitudeMode>relativeToGround"
                + "</altitudeMode><coordinates>1,2,3 4,5,6</coordinates></LineString>";
        Map<String, ?> properties = converted(placemark(line)).get(0).properties();
        assertEquals("relativeToGround", properties.get("altitudeMode"));
        assertEquals(true, properties.get("extrude"));
        assertEquals(false, properties.get("tessellate"));
    }

    @Test
    void aBareLinearRingIsAClosedLine() throws Exception {
        assertEquals(
                new Geometry.LineString(Positions.of(new double[] {0, 0, 1, 0, 1, 1, 0, 0}, 2)),
                converted(placemark(ring("0,0 1,0 1,1"))).get(0).geometry());
    }

    @Test
    void aNetworkLinkIsReportedAndNeitherFileNorSocketIsOpened() throws Exception {
        Path secret = Files.writeString(dir.resolve("secret"), "s3cret");
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(1);
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/x";
            String kml =
                    document("<NetworkLink><Link><href>" + url + "</href></Link></NetworkLink><Placemark><styleUrl>"
                            + url + "#s</styleUrl><Style><IconStyle><Icon><href>" + secret.toUri()
                            + "</href></Icon></IconStyle></Style><ExtendedData><SchemaData schemaUrl='" + url
                            + "#t'><SimpleData name='n'>1</SimpleData></SchemaData></ExtendedData></Placemark>");
            List<Feature> features = converted(kml);
            assertEquals(1, features.size());
            assertEquals(1, report.losses().get("NetworkLink not followed"));
            assertEquals(List.of(url), report.networkLinks());
            for (String entity : List.of(secret.toUri().toString(), url)) {
                assertThrows(
                        KmlException.class,
                        () -> converted("<!DOCTYPE kml [<!ENTITY e SYSTEM '" + entity + "'>]>"
                                + placemark("<name>&e;</name>")));
            }
            assertTrue(!features.toString().contains("s3cret"));
            assertThrows(SocketTimeoutException.class, server::accept, "nobody called");
        }
    }

    @Test
    void typedDataComeBackInTheirTypes() throws Exception {
        String kml = document("<Schema id='s'><SimpleField name='n' type='int'/><SimpleField name='d' type='double'/>"
                + "<SimpleField name='b' type='bool'/></Schema><Placemark><ExtendedData><SchemaData schemaUrl='#s'>"
                + "<SimpleData name='n'>7</SimpleData><SimpleData name='d'>2.5</SimpleData><SimpleData name='b'>true"
                + "</SimpleData></SchemaData></ExtendedData></Placemark>");
        Map<String, ?> properties = converted(kml).get(0).properties();
        assertEquals(List.of(7L, 2.5, true), List.of(properties.get("n"), properties.get("d"), properties.get("b")));
    }

    @Test
    void whatGeoJsonCannotHoldIsListed() throws Exception {
        converted(document("<description>d</description><LookAt><range>1</range></LookAt><GroundOverlay/><Style id='s'>"
                + "<BalloonStyle><text>t</text></BalloonStyle></Style><Placemark><Model/><Region/><Point>"
                + "<gx:drawOrder>1</gx:drawOrder><coordinates>1,2</coordinates></Point></Placemark>"));
        assertEquals(
                Map.of(
                        "description left out", 1,
                        "LookAt left out", 1,
                        "GroundOverlay left out", 1,
                        "BalloonStyle of a style left out", 1,
                        "Model left out", 1,
                        "Region left out", 1,
                        "drawOrder left out", 1),
                report.losses());
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            many.append("<x").append(i).append("/>");
        }
        converted(document(many.toString()));
        assertEquals(201, report.losses().size());
        assertEquals(800, report.losses().get("other elements left out"));
    }

    @Test
    void anArchiveIsReadWhereverItsDocumentStandsAndWhateverItsRoot() throws Exception {
        Path file = dir.resolve("a.kmz");
        String bare = "<kml xmlns='http://earth.google.com/kml/2.1'><Placemark><name>bare</name></Placemark></kml>";
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (String name : List.of("models/other.kml", "images/x.png", "survey.kml", "doc.kml")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write((name.equals("survey.kml") ? bare : "x").getBytes(StandardCharsets.UTF_8));
            }
        }
        List<Feature> features = new ArrayList<>();
        KmlReader.read(file, KmlLimits.DEFAULT, features::add);
        assertEquals("bare", features.get(0).properties().get("name"));
    }
}
