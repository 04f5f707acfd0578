package dev.fieldproof.geo.kml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteReaderTest {
    private static final String SQUARE = "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
            + "%1$s,%1$s %2$s,%1$s %2$s,%2$s %1$s,%2$s %1$s,%1$s</coordinates>"
            + "</LinearRing></outerBoundaryIs></Polygon>";

    @TempDir
    private Path dir;

    private Site site(String placemarks) throws Exception {
        return SiteReader.read(Files.writeString(dir.resolve("x.kml"), "<kml>" + placemarks + "</kml>"));
    }

    private static String square(String name, String from, String to) {
        return "<Placemark><name>" + name + "</name>" + SQUARE.formatted(from, to) + "</Placemark>";
    }

    @Test
    void theTemplateShowsEveryRole() throws Exception {
        Path template = dir.resolve("site-template.kml");
        try (var in = SiteReader.class.getResourceAsStream("site-template.kml")) {
            Files.copy(in, template);
        }
        Site site = SiteReader.read(template);
        assertEquals("My site", site.name());
        assertEquals(8_000, site.obstacles().get(0).heightMillimetres());
        assertEquals(2, site.mounts().size());
        assertTrue(site.mounts().get(0).powered());
        assertEquals(90, site.sensors().get(0).model().horizontalFieldDegrees());
        assertEquals(Zone.Kind.CRITICAL, site.zones().get(0).kind());
        assertEquals(Zone.Kind.KEEP_OUT, site.zones().get(1).kind());
        assertEquals(2, site.assumptions().size() + site.gateways().size(), site.assumptions()::toString);
    }

    @Test
    void aForeignFileIsReadWithStatedAssumptions() throws Exception {
        Site site = site(square("small", "0.0001", "0.0002") + square("large", "0", "0.001")
                + "<Placemark><name>p</name><Point><coordinates>0.0005,0.0005</coordinates></Point></Placemark>");
        assertEquals("small", site.obstacles().get(0).id());
        assertEquals("p", site.mounts().get(0).id());
        assertEquals(2, site.assumptions().size());
        assertTrue(site.assumptions().get(0).contains("'large'"));
    }

    @Test
    void errorsNameThePlacemark() {
        var e = assertThrows(
                KmlException.class,
                () -> site(square("boundary: Yard", "0", "0.001")
                        + "<Placemark><name>obstacle: Silo</name><ExtendedData><Data name='height'><value>tall</value>"
                        + "</Data></ExtendedData>" + SQUARE.formatted("0.0001", "0.0002") + "</Placemark>"));
        assertTrue(e.getMessage().contains("Silo") && e.getMessage().contains("tall"), e::getMessage);
    }

    @Test
    void theDigestChangesWithTheModelAndNotWithTheFile() throws Exception {
        String yard = square("boundary: Yard", "0", "0.001");
        assertEquals(site(yard).digest(), site(yard + "<!-- a remark -->").digest());
        assertTrue(!site(yard)
                .digest()
                .equals(site(square("boundary: Yard", "0", "0.0011")).digest()));
    }

    @Test
    void aForeignFileWithoutPointsGetsStatedMountsOffObstacles() throws Exception {
        Site site = site(square("hall", "0.0002", "0.0006") + square("yard", "0", "0.001"));
        assertTrue(site.mounts().size() > 20 && site.mounts().size() <= 60, () -> "mounts: " + site.mounts());
        assertEquals("assumed-1", site.mounts().get(0).id());
        for (var mount : site.mounts()) {
            int x = mount.position().xMillimetres();
            int y = mount.position().yMillimetres();
            assertTrue(site.boundary().contains(x, y)
                    && !site.obstacles().get(0).footprint().contains(x, y));
        }
        assertTrue(
                site.assumptions().stream().anyMatch(each -> each.startsWith("no points: assumed ")),
                site.assumptions()::toString);
        Site far = site(square("yard", "0", "0.001")
                + "<Placemark><Point><coordinates>0.02,0.02</coordinates></Point></Placemark>");
        assertTrue(far.assumptions().stream().anyMatch(each -> each.startsWith("all points lie outside")));
        assertTrue(
                site(square("boundary: Yard", "0", "0.001")).mounts().isEmpty(), "conventions are taken at their word");
    }

    @Test
    void whatIsTooLargeForASiteIsRefusedWithItsSize() {
        var e = assertThrows(KmlException.class, () -> site(square("Continent", "0", "30")));
        assertEquals(KmlException.Rule.NO_SITE, e.rule());
        assertTrue(e.getMessage().contains("'Continent'") && e.getMessage().contains("at most 2000"), e::getMessage);
        var away = assertThrows(
                KmlException.class,
                () -> site(square("Yard", "0", "0.001")
                        + "<Placemark><name>Moon</name><Point><coordinates>90,0</coordinates></Point></Placemark>"));
        assertTrue(away.getMessage().contains("Moon"), away::getMessage);
    }

    @Test
    void anAreaBesideItsLabelPointIsAnArea() throws Exception {
        Site site = site("<Placemark><name>yard</name><MultiGeometry>" + SQUARE.formatted("0", "0.001")
                + "<Point><coordinates>0.0005,0.0005</coordinates></Point></MultiGeometry></Placemark>");
        assertTrue(site.boundary().areaSquareMetres() > 10_000);
    }

    private static String point(String name, String data) {
        return "<Placemark><name>" + name + "</name><ExtendedData>" + data
                + "</ExtendedData><Point><coordinates>0.0005,0.0005</coordinates></Point></Placemark>";
    }

    private static String data(String key, Object value) {
        return "<Data name='" + key + "'><value>" + value + "</value></Data>";
    }

    @Test
    void everythingAssumedOrLeftOutIsListed() throws Exception {
        String yard = square("boundary: Yard", "0", "0.001");
        List<String> told = site(yard + square("boundary: Small", "0", "0.0005")
                        + point("sensor: Eye", "") + point("pole: P", data("height", "5"))
                        + point("thing", data("role", "fance")) + point("what", "")
                        + "<Placemark><name>mount: nowhere</name></Placemark>"
                        + square("obstacle: Hall", "0.0001", "0.0002"))
                .assumptions();
        for (String each : List.of(
                "left out: 'boundary: Small', a smaller boundary: a site has one",
                "left out: 'thing', whose role 'fance' is not known",
                "left out: 'what', which has no role",
                "left out: 'mount: nowhere', which has no place",
                "assumed a height of 6 m for 2 obstacles, mounts and sensors without one",
                "assumed a range of 50 m for 1 sensors without one",
                "assumed that 1 sensors without a field of view see all around")) {
            assertTrue(told.contains(each), () -> each + " is not among " + told);
        }
        assertEquals(7, told.size(), told::toString);
        StringBuilder many = new StringBuilder(yard);
        for (int i = 0; i < 150; i++) {
            many.append(point("thing " + i, ""));
        }
        List<String> some = site(many.toString()).assumptions();
        assertEquals(101, some.size());
        assertTrue(some.contains("left out: 50 more placemarks for such reasons"), some::toString);
    }

    @Test
    void rolesComeFromDataThenFolderThenName() throws Exception {
        String yard = square("boundary: Yard", "0", "0.001");
        String folders = "<Folder><name>Sensors</name><Folder><name>Gateways</name>%s</Folder></Folder>";
        assertEquals(
                1, site(yard + folders.formatted(point("x", ""))).gateways().size());
        assertEquals(
                1,
                site(yard + folders.formatted(point("x", data("role", "mount"))))
                        .mounts()
                        .size());
        assertEquals(
                1,
                site(yard + folders.formatted(point("mount: x", ""))).gateways().size());
        assertEquals(1, site(yard + point("Mount : x", "")).mounts().size());
    }

    @Test
    void everyMeasureOfASensorIsReadAndHalfACountIsRefused() throws Exception {
        String yard = square("boundary: Yard", "0", "0.001");
        String all = data("height", "4.5 m")
                + data("azimuth", 30)
                + data("tilt", 10)
                + data("field", 80)
                + data("vertical-field", 50)
                + data("near", 1)
                + data("range", "30m")
                + data("pixels", 1920);
        var sensor = site(yard + point("camera: C", all)).sensors().get(0);
        assertEquals(new dev.fieldproof.geo.SensorModel("C", 80, 50, 1_000, 30_000, 1_920), sensor.model());
        assertEquals(4_500, sensor.heightMillimetres());
        assertEquals(40, sensor.azimuthDegrees() + sensor.tiltDegrees());
        String half = yard
                + square("zone: Z", "0.0001", "0.0002")
                        .replace("<Polygon>", "<ExtendedData>" + data("sensors", 1.5) + "</ExtendedData><Polygon>");
        var e = assertThrows(KmlException.class, () -> site(half));
        assertTrue(e.getMessage().contains("'zone: Z': sensors is '1.5', not a whole number"), e::getMessage);
        for (String wrong : List.of(data("field", 400), data("range", -1), data("height", "NaN"), data("tilt", 91))) {
            assertTrue(assertThrows(KmlException.class, () -> site(yard + point("sensor: S", wrong)))
                    .getMessage()
                    .contains("sensor: S"));
        }
    }

    @Test
    void aRadioAmongTheSensorsIsReadWithItsDefaultsListed() throws Exception {
        String yard = square("boundary: Yard", "0", "0.001");
        String whole = data("radio", 868)
                + data("power", 0)
                + data("sensitivity", -90)
                + data("exponent", 3)
                + data("obstacle-loss", 6)
                + data("margin", 12);
        Site site = site(yard + point("sensor: R", whole + data("height", 4)));
        var model = site.sensors().get(0).model();
        assertEquals(new dev.fieldproof.geo.RadioModel(868, 0, -90, 3, 6, 12), model.radio());
        assertTrue(model.farMillimetres() > 10_000 && model.farMillimetres() < 100_000, model::toString);
        assertTrue(site.assumptions().isEmpty(), site.assumptions()::toString);
        List<String> told = site(yard + point("sensor: R", data("radio", 2442))).assumptions();
        assertTrue(
                told.contains("assumed 18 dBm and -88 dBm for 1 radios without a power or sensitivity"),
                told::toString);
        for (String wrong :
                List.of(data("radio", 0), data("radio", "loud"), data("radio", 868) + data("margin", "x"))) {
            assertTrue(assertThrows(KmlException.class, () -> site(yard + point("sensor: R", wrong)))
                    .getMessage()
                    .contains("sensor: R"));
        }
    }

    @Test
    void theDigestTellsEveryPartApart() throws Exception {
        String yard = square("boundary: Yard", "0", "0.001");
        String sensor = point("sensor: S", data("azimuth", 10));
        Set<String> digests = new HashSet<>();
        for (String rest : List.of(
                "",
                sensor,
                sensor.replace("10<", "11<"),
                point("sensor: S", data("radio", 868)),
                point("sensor: S", data("radio", 869)),
                point("mount: M", ""),
                point("mount: M", data("powered", "yes")),
                point("gateway: M", ""),
                square("zone: Z", "0.0001", "0.0002"),
                square("keep-out: Z", "0.0001", "0.0002"),
                square("obstacle: Z", "0.0001", "0.0002"),
                square("obstacle: Z", "0.0001", "0.00020001"))) {
            assertTrue(digests.add(site(yard + rest).digest()), rest);
        }
    }
}
