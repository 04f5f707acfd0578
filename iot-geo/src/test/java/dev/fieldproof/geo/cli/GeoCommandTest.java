package dev.fieldproof.geo.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeoCommandTest {
    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... arguments) {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        return GeoCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    private Path template() throws Exception {
        Path file = dir.resolve("site.kml");
        try (var in = dev.fieldproof.geo.kml.SiteReader.class.getResourceAsStream("site-template.kml")) {
            Files.copy(in, file);
        }
        return file;
    }

    @Test
    void convertWritesGeoJson() throws Exception {
        Path target = dir.resolve("out.geojson");
        assertEquals(0, run("convert", template(), target), err::toString);
        assertTrue(Files.readString(target).startsWith("{\"type\":\"FeatureCollection\""));
        assertTrue(out.toString().startsWith("8 features"), out::toString);
    }

    @Test
    void aBrokenFileIsOneLineAndExitCode1AndLeavesNothing() throws Exception {
        Path broken = Files.writeString(dir.resolve("broken.kml"), "<kml><Placemark>");
        Path target = dir.resolve("out.geojson");
        assertEquals(1, run("convert", broken, target));
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().startsWith("error: " + broken + ": ")
                && err.toString().contains("TRUNCATED"));
        assertTrue(Files.notExists(target) && Files.notExists(dir.resolve("out.geojson.part")));
    }

    @Test
    void coverageAndPlanWriteTheirFolders() throws Exception {
        Path site = template();
        assertEquals(0, run("coverage", site, "--out", dir.resolve("c")), err::toString);
        assertEquals(0, run("plan", site, "--out", dir.resolve("p"), "--json"), err::toString);
        for (String name : new String[] {
            "coverage.geojson",
            "site.svg",
            "bill-of-materials.csv",
            "power-budget.csv",
            "nodes.csv",
            "links.csv",
            "plan.json",
            "index.html"
        }) {
            assertTrue(Files.size(dir.resolve("p").resolve(name)) > 0, name);
        }
        assertTrue(out.toString().contains("\"modelDigest\":"));
        assertTrue(Files.readString(dir.resolve("c/cells.csv")).lines().count() > 100);
        Path prices = Files.writeString(
                dir.resolve("prices.csv"), "part,unit_price,currency\nGateway with antenna,99.00,EUR\n");
        assertEquals(0, run("plan", site, "--out", dir.resolve("q"), "--catalogue", prices), err::toString);
        assertTrue(Files.readString(dir.resolve("q/bill-of-materials.csv")).contains("99.00"));
        Files.writeString(prices, "part,unit_price,currency\nGateway with antenna,cheap,EUR\n");
        assertEquals(1, run("plan", site, "--out", dir.resolve("r"), "--catalogue", prices));
        assertTrue(err.toString().contains("catalogue line 2"), err::toString);
        assertEquals(0, run("convert", site, dir.resolve("b.geojson"), "--bbox", "--decimals", 5), err::toString);
        assertTrue(Files.readString(dir.resolve("b.geojson")).contains("\"bbox\":["));
    }

    @Test
    void thePowerOfANodeIsChosenByOptions() throws Exception {
        Path site = template();
        assertEquals(0, run("plan", site, "--out", dir.resolve("a")), err::toString);
        assertTrue(out.toString().contains("what matters most: clearness of the sky"), out::toString);
        assertTrue(!out.toString().contains("brownout"), out::toString);
        assertEquals(0, run("plan", site, "--out", dir.resolve("b"), "--battery", "li-socl2", "--batteries", 2));
        assertTrue(out.toString().contains("note: brownout: a peak of 1233 mW"), out::toString);
        assertTrue(out.toString().contains("no panel feeds them"), out::toString);
        String bill = Files.readString(dir.resolve("b/bill-of-materials.csv"));
        assertTrue(bill.contains("Li-SOCl2 battery 7.2 V 19 Ah,2,") && !bill.contains("Solar panel"), bill);
        StringBuilder months = new StringBuilder("month,kwh_per_m2_day\n");
        for (int month = 1; month <= 12; month++) {
            months.append(month).append(month == 1 ? ",0.01\n" : ",0.3\n");
        }
        Path weather = Files.writeString(dir.resolve("weather.csv"), months);
        Path currents = Files.writeString(
                dir.resolve("currents.csv"),
                "part,state,milliamps,volts,basis,source\nESP32-S3 camera node,look,300,3.3,measured,on the desk\n");
        out.getBuffer().setLength(0);
        assertEquals(
                0,
                run(
                        "plan",
                        site,
                        "--out",
                        dir.resolve("c"),
                        "--battery",
                        "LI-ION",
                        "--regulator",
                        "buck-boost",
                        "--weather",
                        weather,
                        "--currents",
                        currents,
                        "--inference",
                        "image-classification",
                        "--inferences",
                        20_000,
                        "--reports",
                        240,
                        "--dark-days",
                        60,
                        "--json"),
                err::toString);
        assertTrue(out.toString().contains("solar nodes lack"), out::toString);
        assertTrue(out.toString().contains("in January"), out::toString);
        String budget = Files.readString(dir.resolve("c/power-budget.csv"));
        assertTrue(budget.contains("look,300.0000,") && budget.contains("measured,on the desk"), budget);
        assertTrue(budget.contains("image classification, Cortex-M33"), budget);
        assertTrue(Files.readString(dir.resolve("c/power-forecast.csv")).contains("regulator,buck-boost,"));
        assertTrue(Files.readString(dir.resolve("c/plan.json")).contains("\"worstMonth\":1,"));
    }

    /** A gateway in the west, a pole with mains in the east, and too far between them for one link. */
    private Path longSite() throws Exception {
        StringBuilder mounts = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            mounts.append("<Placemark><name>mount: P").append(i);
            mounts.append("</name><ExtendedData><Data name='powered'><value>").append(i == 3 ? "yes" : "no");
            mounts.append("</value></Data></ExtendedData><Point><coordinates>").append(10.0001 + i * 0.0013);
            mounts.append(",50.0003</coordinates></Point></Placemark>");
        }
        return Files.writeString(
                dir.resolve("long.kml"),
                "<kml><Document><Placemark><name>boundary: Long</name><Polygon><outerBoundaryIs><LinearRing>"
                        + "<coordinates>10,50 10.0042,50 10.0042,50.0005 10,50.0005 10,50</coordinates></LinearRing>"
                        + "</outerBoundaryIs></Polygon></Placemark><Placemark><name>gateway: West</name><Point>"
                        + "<coordinates>10.0001,50.0002</coordinates></Point></Placemark>" + mounts
                        + "</Document></kml>");
    }

    @Test
    void gatewaysAreAddedWhereTheyAreMissingUnlessTheSurveysAreKept() throws Exception {
        Path site = longSite();
        assertEquals(0, run("plan", site, "--out", dir.resolve("a"), "--hops", 1, "--json"), err::toString);
        assertTrue(out.toString().contains("\"gateways\":[\"West\",\"G1\"]"), out::toString);
        assertTrue(out.toString().contains("gateway G1 is chosen for mount 'P3'"), out::toString);
        out.getBuffer().setLength(0);
        assertEquals(0, run("plan", site, "--out", dir.resolve("b"), "--hops", 1, "--given-gateways", "--json"));
        assertTrue(out.toString().contains("\"gateways\":[\"West\"]"), out::toString);
        assertTrue(out.toString().contains("partition A ("), out::toString);
        out.getBuffer().setLength(0);
        assertEquals(0, run("plan", site, "--out", dir.resolve("c"), "--resilient", "--given-gateways"));
        assertTrue(out.toString().contains("note: not resilient: if gateway West fails"), out::toString);
        refused("a station serves 0 nodes", "plan", site, "--out", dir.resolve("d"), "--children", 0);
    }

    @Test
    void wrongChoicesOfPowerAreNamed() throws Exception {
        Path site = template();
        Path wrong = Files.writeString(dir.resolve("wrong.csv"), "month,clearness\n1,0.95\n");
        Path target = dir.resolve("p");
        refused(wrong + ": weather line 2", "plan", site, "--out", target, "--weather", wrong);
        refused(wrong + ": currents begin with", "plan", site, "--out", target, "--currents", wrong);
        refused("no current for 'toaster', look", "plan", site, "--out", target, "--board", "toaster");
        refused("cannot be charged", "plan", site, "--out", target, "--battery", "li-socl2", "--panels", 1);
        refused("a day of 100000.0 looks", "plan", site, "--out", target, "--looks", 100_000);
        refused("nofile", "plan", site, "--out", target, "--weather", dir.resolve("nofile"));
        refused("temperatures from 20.0", "plan", site, "--out", target, "--coldest", 20);
        assertEquals(2, run("plan", site, "--out", target, "--battery", "potato"));
        assertTrue(err.toString().contains("li-socl2"), err::toString);
        assertTrue(Files.notExists(target));
    }

    private void refused(String wanted, Object... arguments) {
        err.getBuffer().setLength(0);
        assertEquals(1, run(arguments), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().contains(wanted), err::toString);
    }

    @Test
    void whatCannotBeReadOrWrittenIsNamedAndTheSurveyIsNeverOverwritten() throws Exception {
        Path site = template();
        byte[] survey = Files.readAllBytes(site);
        refused("is the survey itself", "convert", site, site);
        refused(
                "is the survey itself",
                "convert",
                site,
                dir.resolve("nowhere/../site.kml").normalize());
        assertArrayEquals(survey, Files.readAllBytes(site));
        refused("nofile.kml", "convert", dir.resolve("nofile.kml"), dir.resolve("o"));
        refused(dir + ": is a folder, not a file to read", "convert", dir, dir.resolve("o"));
        refused(dir + ": is a folder, not a file to write", "convert", site, dir);
        refused("no such file or folder: " + dir.resolve("nowhere"), "convert", site, dir.resolve("nowhere/o"));
        refused("not a folder: " + site, "coverage", site, "--out", site);
        refused("nofile", "coverage", dir.resolve("nofile"), "--out", dir.resolve("c"));
        refused(dir + ": is a folder", "plan", dir, "--out", dir.resolve("c"));
        assertTrue(Files.notExists(dir.resolve("c")) && Files.notExists(dir.resolve("o")));
    }

    @Test
    void coverageCountsTheSensorsOfTheSurvey() throws Exception {
        assertEquals(0, run("coverage", template(), "--out", dir.resolve("c")));
        assertTrue(out.toString().startsWith("My site: 1 sensors see "), out::toString);
    }

    /** A ridge between the old camera in the south-west and the rest, as heights in metres at posts of some 30 m. */
    private static String ridge() {
        StringBuilder grid = new StringBuilder("""
                ncols 20
                nrows 20
                xllcorner 9.980
                yllcorner 54.510
                cellsize 0.00035
                NODATA_value -9999
                """);
        for (int row = 0; row < 20; row++) {
            for (int column = 0; column < 20; column++) {
                grid.append(column == 7 ? "30 " : "2.5 ");
            }
            grid.append('\n');
        }
        return grid.toString();
    }

    @Test
    void coverageTakesTheGroundFromAFile() throws Exception {
        Path site = template();
        Path ground = Files.writeString(dir.resolve("ground.asc"), ridge());
        assertEquals(0, run("coverage", site, "--out", dir.resolve("flat"), "--json"), err::toString);
        assertEquals(0, run("coverage", site, "--out", dir.resolve("hill"), "--terrain", ground, "--json"));
        double[] shares = out.toString()
                .lines()
                .mapToDouble(line -> Double.parseDouble(line.replaceAll(".*\"coveredShare\":([^,]*),.*", "$1")))
                .toArray();
        assertTrue(shares[1] < 0.9 * shares[0] && shares[1] > 0, () -> shares[0] + " and " + shares[1]);
        assertTrue(out.toString().contains("level ground"), out::toString);
        Files.writeString(ground, ridge().replace("9.980", "8.980"));
        refused("no height is known at", "coverage", site, "--out", dir.resolve("no"), "--terrain", ground);
        refused("nofile", "coverage", site, "--out", dir.resolve("no"), "--terrain", dir.resolve("nofile"));
        assertTrue(err.toString().contains("nofile") && Files.notExists(dir.resolve("no")));
    }

    @Test
    void theAddressOfANetworkLinkIsTold() throws Exception {
        Path kml = Files.writeString(
                dir.resolve("link.kml"),
                "<kml><NetworkLink><Link><href>http://example.org/more.kml</href></Link></NetworkLink></kml>");
        assertEquals(0, run("convert", kml, dir.resolve("o")), err::toString);
        assertTrue(out.toString().contains("note: not followed: http://example.org/more.kml"), out::toString);
        assertEquals(0, run("convert", kml, dir.resolve("o"), "--json"));
        assertTrue(out.toString().contains("\"networkLinks\":[\"http://example.org/more.kml\"]"), out::toString);
    }

    @Test
    void wrongUsageIsExitCode2() throws Exception {
        assertEquals(2, run("convert"));
        assertEquals(2, run("convert", template(), dir.resolve("o"), "--decimals", 99));
        assertTrue(err.toString().contains("--decimals: 99; 0 to 15"), err::toString);
        assertEquals(2, run("fly"));
    }

    @Test
    void theToolIsFoundByName() {
        assertTrue(ToolProvider.findFirst("iot-geo").isPresent());
    }
}
