package dev.fieldproof.geo.kml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertEquals(3, site.assumptions().size());
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
}
