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
}
