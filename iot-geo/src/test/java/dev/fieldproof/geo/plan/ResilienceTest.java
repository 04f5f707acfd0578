package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.coverage.Coverage;
import dev.fieldproof.geo.coverage.Occlusion;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ResilienceTest {
    private static SitePlan plan(RandomGenerator random) {
        Site yard = SitePlanTest.yard();
        List<Mount> mounts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            PlanePoint at = new PlanePoint(random.nextInt(100_000), random.nextInt(20_000));
            mounts.add(new Mount("m" + i, at, 5_000, false));
        }
        Site site = new Site(
                yard.name(),
                yard.projection(),
                yard.boundary(),
                yard.obstacles(),
                mounts,
                yard.gateways(),
                List.of(),
                List.of(),
                List.of());
        return SitePlan.of(site, PlanOptions.DEFAULT);
    }

    private static int seen(SitePlan plan, int... failed) {
        List<Sensor> left = new ArrayList<>(plan.coverage().sensors());
        for (int i = failed.length - 1; i >= 0; i--) {
            left.remove(failed[i]);
        }
        var demand = plan.coverage().demand();
        Occlusion occlusion = new Occlusion(
                demand.grid(), plan.site().obstacles(), plan.options().targetMillimetres());
        return Coverage.of(occlusion, demand, left).seenByAtLeast(1).size();
    }

    @Test
    void lossesAreThoseOfComputingAnew() {
        SeededRuns.check(15, random -> {
            SitePlan plan = plan(random);
            Resilience resilience = Resilience.of(plan);
            int all = plan.coverage().seenByAtLeast(1).size();
            for (int i = 0; i < plan.nodes().size(); i++) {
                assertEquals(all - seen(plan, i), resilience.cellsLost(i));
                for (int j = i + 1; j < plan.nodes().size(); j++) {
                    assertEquals(all - seen(plan, i, j), resilience.cellsLost(i, j));
                    assertEquals(resilience.cellsLost(j, i), resilience.cellsLost(i, j));
                }
            }
            List<Integer> worst = resilience.worstPair();
            if (!worst.isEmpty()) {
                int most = resilience.cellsLost(worst.get(0), worst.get(1));
                for (int i = 0; i < plan.nodes().size(); i++) {
                    for (int j = 0; j < i; j++) {
                        assertTrue(resilience.cellsLost(i, j) <= most);
                    }
                }
            }
        });
    }

    @Test
    void aRelayThatFailsCutsOffWhatItCarries() {
        Site yard = SitePlanTest.yard();
        // Along a line 100 m apart: each hears its neighbours only.
        List<Node> nodes = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Mount mount = new Mount("m" + i, new PlanePoint(90_000, i * 100_000 - 9_000), 6_000, false);
            Sensor sensor = new Sensor(
                    "N" + i,
                    mount.position(),
                    6_000,
                    0,
                    0,
                    PlanOptions.DEFAULT.models().get(0));
            nodes.add(new Node("N" + i, mount, sensor));
        }
        SitePlan base = SitePlan.of(yard, PlanOptions.DEFAULT);
        SitePlan line = new SitePlan(
                yard,
                base.options(),
                nodes,
                0,
                base.coverage(),
                Topology.spanning(yard, nodes, base.options().radio()),
                base.bill(),
                List.of());
        double reach = base.options().radio().reachMetres();
        assertTrue(reach > 100 && reach < 200, () -> "reach " + reach);
        assertEquals(
                List.of(1, 2, 3),
                line.topology().links().stream().map(Link::hops).toList());
        Resilience resilience = Resilience.of(line);
        assertEquals(List.of(), resilience.cutOff());
        assertEquals(List.of("N2", "N3"), resilience.cutOff(0));
        assertEquals(List.of("N3"), resilience.cutOff(1));
        assertEquals(List.of("N3"), resilience.cutOff(0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> resilience.cutOff(3));
        assertThrows(IllegalArgumentException.class, () -> resilience.cellsLost(1, 1));
    }

    @Test
    void aCriticalZoneIsPlannedSoThatAnyOneNodeMayFail() {
        Site yard = SitePlanTest.yard();
        Zone vault = new Zone(
                "vault",
                PlanePolygon.ofRing(10_000, 60_000, 30_000, 60_000, 30_000, 75_000, 10_000, 75_000),
                Zone.Kind.CRITICAL,
                1);
        Site site = new Site(
                yard.name(),
                yard.projection(),
                yard.boundary(),
                yard.obstacles(),
                yard.mounts(),
                yard.gateways(),
                List.of(),
                List.of(vault),
                List.of());
        PlanOptions all = new PlanOptions(
                2_000,
                1_200,
                PlanOptions.DEFAULT.models(),
                16,
                1,
                PlanOptions.DEFAULT.radio(),
                PlanOptions.DEFAULT.catalogue(),
                PlanOptions.DEFAULT.power());
        SitePlan plan = SitePlan.of(site, all);
        var critical = plan.coverage().demand().grid().inside(vault.area());
        assertEquals(critical, plan.coverage().demand().atLeast().get(1));
        int without = SitePlan.of(yard, all).coverage().seenByAtLeast(2).sizeShared(critical);
        int with = plan.coverage().seenByAtLeast(2).sizeShared(critical);
        assertTrue(with > 40 && with >= without, () -> with + " of " + critical.size() + ", before " + without);
    }
}
