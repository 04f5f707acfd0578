package dev.fieldproof.geo.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.plan.NodePower;
import dev.fieldproof.geo.plan.PlanOptions;
import dev.fieldproof.geo.plan.SitePlan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFolderTest {
    private static final SitePlan PLAN = SitePlan.of(yard(), PlanOptions.DEFAULT);

    private static Site yard() {
        return new Site(
                "Yard <1>",
                LocalProjection.centredOn(new GeoPosition(10, 50)),
                PlanePolygon.ofRing(0, 0, 100_000, 0, 100_000, 80_000, 0, 80_000),
                List.of(new Obstacle(
                        "Hall, \"old\" & shed",
                        PlanePolygon.ofRing(40_000, 30_000, 60_000, 30_000, 60_000, 50_000, 40_000, 50_000),
                        9_000)),
                List.of(
                        new Mount("SW", new PlanePoint(1_000, 1_000), 6_000, false),
                        new Mount("SE", new PlanePoint(99_000, 1_000), 6_000, false),
                        new Mount("NE", new PlanePoint(99_000, 79_000), 6_000, true),
                        new Mount("NW", new PlanePoint(1_000, 79_000), 6_000, false)),
                List.of(new Mount("Gateway", new PlanePoint(50_000, 1_000), 6_000, true)),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void whatIsWrittenAgreesWithTheModelAndWithItself(@TempDir Path dir) throws Exception {
        PlanFolder.write(PLAN, dir.resolve("a/b"));
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : PlanFolder.files(PLAN).keySet()) {
            files.put(name, Files.readAllBytes(dir.resolve("a/b").resolve(name)));
        }
        assertEquals(17, files.size());
        assertEquals(List.of(), PlanChecker.check(PLAN, files));
        Map<String, byte[]> again = PlanFolder.files(SitePlan.of(yard(), PlanOptions.DEFAULT));
        files.forEach((name, bytes) -> assertArrayEquals(bytes, again.get(name), name));
    }

    /** The same bytes on every Java platform and at every start of it: the orders of some collections are not. */
    @Test
    void theBytesAreAlwaysThese() throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        PlanFolder.files(PLAN).values().forEach(sha256::update);
        assertEquals(
                "977e5ae472e20ef1575e65b5b8e8a079719e6a1e23d725925a007a5cf2525cc4",
                HexFormat.of().formatHex(sha256.digest()));
    }

    @Test
    void anyChangedDigitOrLetterIsNoticed() {
        Map<String, byte[]> files = PlanFolder.files(PLAN);
        SplittableRandom random = new SplittableRandom(1);
        for (String name : files.keySet()) {
            for (int i = 0; i < 4; i++) {
                Map<String, byte[]> changed = new LinkedHashMap<>(files);
                byte[] bytes = files.get(name).clone();
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (bytes[at] == '7' ? '8' : '7');
                changed.put(name, bytes);
                assertFalse(PlanChecker.check(PLAN, changed).isEmpty(), name + " at " + at);
            }
            Map<String, byte[]> missing = new LinkedHashMap<>(files);
            missing.remove(name);
            assertTrue(PlanChecker.check(PLAN, missing).contains(name + " is missing"));
        }
    }

    /** Mutants of meaning: each is caught by what the file says, not only by its bytes. */
    @Test
    void aWriterThatMisstatesTheModelIsNamed() {
        String[][] mutants = {
            {"nodes.csv", "\nN1,", "\nN9,", "nodes.csv puts N9 elsewhere"},
            {"nodes.csv", ",6.000,", ",7.000,", "nodes.csv puts N1 elsewhere"},
            {"nodes.csv", ",mains,", ",mains,9", "nodes.csv has nodes cost"},
            {"gateways.csv", "\nGateway,10.0", "\nGateway,10.1", "gateways.csv misstates Gateway"},
            {"gateways.csv", "6.000,4,4", "6.000,3,4", "gateways.csv misstates Gateway"},
            {"gateways.csv", "6.000,4,4", "6.000,4,5", "gateways.csv has gateways serve 5 nodes"},
            {"links.csv", ",1,", ",1,9", "links.csv misstates"},
            {"links.csv", ",,1,", ",,2,", "links.csv counts wrongly what N1 carries"},
            {"bill-by-zone.csv", "\r\ntotal,", "\r\ntotal,9", "bill-by-zone.csv counts"},
            {"bill-by-zone.csv", "\r\nelsewhere on the site,", "\r\nelsewhere on the site,1", "bill-by-zone.csv counts"
            },
            {"bill-of-materials.csv", "\ntotal,,,", "\ntotal,,,9", "bill-of-materials.csv adds up"},
            {"bill-of-materials.csv", "camera 110°,", "camera 110°,1", "multiplies wrongly"},
            {"power-budget.csv", ",1728.000,", ",1729.000,", "power-budget.csv multiplies wrongly: look"},
            {"power-budget.csv", ",1728.000,", ",1729.000,", "power-budget.csv has a day of"},
            {"power-budget.csv", ",209.0000,", ",229.0000,", "power-budget.csv takes look through another regulator"},
            {"power-budget.csv", "\ntotal,,,,", "\ntotal,,,,9", "power-budget.csv adds up"},
            {"power-forecast.csv", "\nbrownout,no", "\nbrownout,yes", "misstates the voltage at the peak"},
            {"power-forecast.csv", "\ninner resistance,0.0", "\ninner resistance,5.0", "the voltage at the peak"},
            {"power-forecast.csv", "\nautonomy when new,", "\nautonomy when new,1", "the autonomy when new"},
            {"power-forecast.csv", "as assumed\",", "as assumed\",1", "misstates the life"},
            {"power-forecast.csv", "\npanels needed,", "\npanels needed,1", "misstates what is needed"},
            {"power-forecast.csv", "rated, needed\",", "rated, needed\",1", "misstates what is needed"},
            {"power-forecast.csv", "\nload,", "\nload,1", "power-forecast.csv subtracts wrongly"},
            {"power-forecast.csv", "clearness", "weather", "names another month or assumption"},
            {"power-forecast.csv", "December", "January", "names another month or assumption"},
            {"power-forecast.csv", "in the worst month,", "in the best month,", "has no row"},
            {"power-assumptions.csv", "clearness of the sky,", "clearness of the sky,1", "misstates clearness"},
            {"energy-year.csv", "\r\n1,", "\r\n1,9", "energy-year.csv misstates month 1"},
            {"topology.svg", "<title>N1 to", "<title>N1 at", "topology.svg lacks the link of N1"},
            {"site.svg", "<title>N1, azimuth", "<title>N0, azimuth", "site.svg lacks N1"},
            {"site.svg", " dB in hand", " dB", "site.svg draws"},
            {"coverage.geojson", "\"kind\":\"node\"", "\"kind\":\"knot\"", "coverage.geojson has"},
            {"coverage.geojson", "\"areaSquareMetres\":", "\"areaSquareMetres\":1", "coverage.geojson shows"},
            {"plan.json", PLAN.digest().substring(0, 9), "000000000", "does not carry the model's digest"},
        };
        Map<String, byte[]> files = PlanFolder.files(PLAN);
        for (String[] mutant : mutants) {
            String text = new String(files.get(mutant[0]), StandardCharsets.UTF_8);
            assertTrue(text.contains(mutant[1]), () -> mutant[0] + " has no " + mutant[1]);
            String changed = text.replace(mutant[1], mutant[2]);
            Map<String, byte[]> all = new LinkedHashMap<>(files);
            all.put(mutant[0], changed.getBytes(StandardCharsets.UTF_8));
            List<String> wrong = PlanChecker.check(PLAN, all);
            assertTrue(wrong.stream().anyMatch(each -> each.contains(mutant[3])), () -> mutant[3] + " not in " + wrong);
        }
    }

    /** The reference node with a battery of another inner resistance. */
    private static NodePower weaker(double ohms) {
        NodePower camera = NodePower.CAMERA;
        return new NodePower(
                camera.board(),
                camera.currents(),
                camera.duty(),
                camera.regulator(),
                camera.pack().withOhms(ohms),
                camera.packs(),
                camera.panel(),
                camera.panels(),
                camera.weather(),
                camera.coldestCelsius(),
                camera.meanCelsius(),
                camera.demandedDays());
    }

    /** Where nothing can be stated, a word stands for the number, and the checker reads it. */
    @Test
    void aBatteryThatCollapsesIsToldEverywhereAndChecked() {
        SitePlan plan = SitePlan.of(yard(), PlanOptions.DEFAULT.with(weaker(20)));
        Map<String, byte[]> files = PlanFolder.files(plan);
        assertEquals(List.of(), PlanChecker.check(plan, files));
        assertTrue(text(files, "power-forecast.csv").contains("nearly empty\",none,V"));
        assertTrue(text(files, "power-forecast.csv").contains("\nbrownout,yes"));
        assertTrue(text(files, "plan.json").contains("\"brownout\":true"));
        assertTrue(text(files, "index.html").contains("They would reset when they send"));
        assertTrue(text(files, "index.html").contains("<li>brownout: a peak of 1233 mW"));
        files.put(
                "power-forecast.csv",
                text(files, "power-forecast.csv")
                        .replace("brownout,yes", "brownout,no")
                        .getBytes(StandardCharsets.UTF_8));
        assertTrue(PlanChecker.check(plan, files).get(0).contains("the voltage at the peak"));
    }

    private static String text(Map<String, byte[]> files, String name) {
        return new String(files.get(name), StandardCharsets.UTF_8);
    }

    @Test
    void oneDigestBindsNodesLinksBillAndPower() {
        PlanOptions other = new PlanOptions(
                2_000,
                1_200,
                PlanOptions.DEFAULT.models(),
                16,
                0.97,
                PlanOptions.DEFAULT.radio(),
                PlanOptions.DEFAULT.catalogue(),
                weaker(0.2));
        assertFalse(PLAN.digest().equals(SitePlan.of(yard(), other).digest()), "power");
        var dearer = dev.fieldproof.geo.plan.PartCatalogue.parse(
                "part,unit_price,currency\r\nGateway with antenna,186.00,EUR\r\n");
        SitePlan priced = SitePlan.of(yard(), PlanOptions.DEFAULT.with(dearer));
        assertFalse(PLAN.digest().equals(priced.digest()), "bill");
        assertEquals(PLAN.bill().totalCents() + 100, priced.bill().totalCents());
        SitePlan fewer = new SitePlan(
                PLAN.site(),
                PLAN.options(),
                PLAN.nodes().subList(1, PLAN.nodes().size()),
                PLAN.lowerBound(),
                PLAN.coverage(),
                PLAN.topology(),
                PLAN.bill(),
                PLAN.remarks());
        assertFalse(PLAN.digest().equals(fewer.digest()), "nodes");
        assertFalse(PlanChecker.check(fewer, PlanFolder.files(PLAN)).isEmpty());
    }
}
