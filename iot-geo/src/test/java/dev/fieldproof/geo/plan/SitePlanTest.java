package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.diagram.SiteMap;
import dev.fieldproof.geo.geojson.GeoJsonWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class SitePlanTest {
    static Site yard() {
        return new Site(
                "Yard <1>",
                LocalProjection.centredOn(new GeoPosition(10, 50)),
                PlanePolygon.ofRing(0, 0, 100_000, 0, 100_000, 80_000, 0, 80_000),
                List.of(new Obstacle(
                        "Hall & shed",
                        PlanePolygon.ofRing(40_000, 30_000, 60_000, 30_000, 60_000, 50_000, 40_000, 50_000),
                        9_000)),
                List.of(
                        new Mount("SW", new PlanePoint(1_000, 1_000), 6_000, false),
                        new Mount("SE", new PlanePoint(99_000, 1_000), 6_000, false),
                        new Mount("NE", new PlanePoint(99_000, 79_000), 6_000, true),
                        new Mount("NW", new PlanePoint(1_000, 79_000), 6_000, false),
                        new Mount("inside", new PlanePoint(50_000, 40_000), 6_000, false)),
                List.of(new Mount("Gateway", new PlanePoint(50_000, 1_000), 6_000, true)),
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void aYardIsSeenFromItsCorners() {
        SitePlan plan = SitePlan.of(yard(), PlanOptions.DEFAULT);
        assertTrue(plan.nodes().size() >= 3 && plan.nodes().size() <= 4, plan.nodes()::toString);
        assertTrue(plan.coverage().coveredShare() > 0.9);
        assertTrue(plan.lowerBound() >= 1 && plan.lowerBound() <= plan.nodes().size());
        assertEquals(plan.nodes().size(), plan.topology().links().size());
        assertTrue(plan.remarks().get(0).contains("'Hall & shed'"), plan.remarks()::toString);
    }

    @Test
    void everyRequiredCellIsSeenOrInANumberedBlindSpot() {
        SitePlan plan = SitePlan.of(yard(), PlanOptions.DEFAULT);
        int blind = plan.coverage().blindSpots().stream()
                .mapToInt(spot -> spot.cells().size())
                .sum();
        assertEquals(
                plan.coverage().demand().required().size(),
                blind + plan.coverage().seenByAtLeast(1).size());
    }

    @Test
    void theBillCountsEveryNodeOnce() {
        SitePlan plan = SitePlan.of(yard(), PlanOptions.DEFAULT);
        int cameras = plan.bill().lines().stream()
                .filter(line -> line.part().contains("camera"))
                .mapToInt(BillOfMaterials.Line::quantity)
                .sum();
        assertEquals(plan.nodes().size(), cameras);
        assertTrue(plan.bill().toCsv().contains("\r\ntotal,,,"));
    }

    @Test
    void theTotalsOfZonesAddUpToTheBillAndCountEachNodeOnce() {
        Site yard = yard();
        Zone west =
                new Zone("west", PlanePolygon.ofRing(0, 0, 20_000, 0, 20_000, 80_000, 0, 80_000), Zone.Kind.WATCH, 1);
        Zone all = new Zone("all", yard.boundary(), Zone.Kind.WATCH, 1);
        for (List<Zone> zones : List.of(List.of(west), List.of(west, all), List.of(all, west), List.<Zone>of())) {
            SitePlan plan = SitePlan.of(
                    new Site(
                            yard.name(),
                            yard.projection(),
                            yard.boundary(),
                            yard.obstacles(),
                            yard.mounts(),
                            yard.gateways(),
                            List.of(),
                            zones,
                            List.of()),
                    PlanOptions.DEFAULT);
            List<BillOfMaterials.ZoneTotal> totals = BillOfMaterials.byZone(plan);
            assertEquals(zones.size() + 2, totals.size());
            assertEquals(
                    plan.nodes().size(),
                    totals.stream().mapToInt(BillOfMaterials.ZoneTotal::nodes).sum());
            assertEquals(
                    plan.bill().totalCents(),
                    totals.stream().mapToLong(BillOfMaterials.ZoneTotal::cents).sum());
            long inWest = plan.nodes().stream()
                    .filter(node -> node.mount().position().xMillimetres() <= 20_000)
                    .count();
            if (!zones.isEmpty() && zones.get(0).equals(west)) {
                assertEquals(inWest, totals.get(0).nodes());
                assertTrue(inWest > 0 && totals.get(0).cents() > inWest * 3_900);
            }
            // A gateway with its supply, and one spare board.
            assertEquals(18_500 + 1_200 + 1_450, totals.get(totals.size() - 1).cents());
        }
    }

    @Test
    void theMapIsWellFormedAndTheSameEachTime() throws Exception {
        SitePlan plan = SitePlan.of(yard(), PlanOptions.DEFAULT);
        String svg = SiteMap.render(plan);
        assertEquals(svg, SiteMap.render(SitePlan.of(yard(), PlanOptions.DEFAULT)));
        var document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertEquals("svg", document.getDocumentElement().getTagName());
        for (Node node : plan.nodes()) {
            assertTrue(svg.contains(">" + node.id() + "</text>"), node::id);
        }
        assertTrue(svg.contains(plan.digest().substring(0, 16)));
    }

    @Test
    void theGeoJsonCarriesTheDigest() throws Exception {
        SitePlan plan = SitePlan.of(yard(), PlanOptions.DEFAULT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlanFiles.writeGeoJson(plan, out);
        String json = out.toString(StandardCharsets.UTF_8);
        assertTrue(json.contains("\"modelDigest\":" + GeoJsonWriter.json(plan.digest())));
        assertTrue(json.contains("\"name\":\"Hall & shed\""));
    }
}
