package dev.fieldproof.geo.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.grid.CellSet;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReinforcementTest {
    private static final Zone STORE = new Zone(
            "store",
            PlanePolygon.ofRing(40_000, 30_000, 60_000, 30_000, 60_000, 50_000, 40_000, 50_000),
            Zone.Kind.CRITICAL,
            1);

    private static Site site(List<Mount> mounts, Zone zone) {
        return new Site(
                "Yard",
                LocalProjection.centredOn(new GeoPosition(10, 50)),
                PlanePolygon.ofRing(0, 0, 100_000, 0, 100_000, 80_000, 0, 80_000),
                List.of(),
                mounts,
                List.of(),
                List.of(),
                List.of(zone),
                List.of());
    }

    /** Cells of the zone that fewer sensors than required see when one has failed, by trying each. */
    private static int opened(SitePlan plan, Zone zone) {
        CellSet inside = plan.coverage().demand().grid().inside(zone.area());
        inside.retainAll(plan.coverage().demand().required());
        int worst = 0;
        for (int failed = 0; failed < plan.nodes().size(); failed++) {
            int[] open = new int[1];
            int gone = failed;
            inside.forEach((column, row) -> {
                int seers = 0;
                for (int i = 0; i < plan.coverage().sensors().size(); i++) {
                    seers += i != gone && plan.coverage().seenBy(i).contains(column, row) ? 1 : 0;
                }
                open[0] += seers < zone.requiredSensors() ? 1 : 0;
            });
            worst = Math.max(worst, open[0]);
        }
        return worst;
    }

    /** The share that a plan may leave open is never taken from a critical zone, where mounts allow it. */
    @Test
    void noSingleFailureOpensACriticalZoneUnlessTheRemarksSaySo() {
        int[] kinds = new int[2];
        SeededRuns.check(20, random -> {
            List<Mount> mounts = new ArrayList<>();
            for (int i = 0; i < random.nextInt(1, 6); i++) {
                mounts.add(new Mount(
                        "P" + i, new PlanePoint(random.nextInt(100_000), random.nextInt(80_000)), 6_000, false));
            }
            SitePlan plan = SitePlan.of(site(mounts, STORE), coarse());
            boolean told = plan.remarks().stream().anyMatch(each -> each.startsWith("critical zone 'store'"));
            assertEquals(opened(plan, STORE) > 0, told, plan.remarks()::toString);
            kinds[told ? 1 : 0]++;
        });
        assertTrue(kinds[0] > 0 && kinds[1] > 0, () -> kinds[0] + " and " + kinds[1]);
    }

    private static PlanOptions coarse() {
        PlanOptions usual = PlanOptions.DEFAULT;
        return new PlanOptions(
                4_000,
                usual.targetMillimetres(),
                usual.models(),
                8,
                0.9,
                usual.radio(),
                usual.catalogue(),
                usual.power());
    }

    /** What is said to help does. */
    @Test
    void thePoleThatIsProposedClosesWhatIsSaid() {
        Mount one = new Mount("P", new PlanePoint(50_000, 5_000), 6_000, true);
        SitePlan plan = SitePlan.of(site(List.of(one), STORE), coarse());
        String told = plan.remarks().stream()
                .filter(each -> each.startsWith("critical zone 'store': one failure leaves 480 m²"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(plan.remarks()));
        Matcher place = Pattern.compile("pole of 6 m at ([-0-9.]+), ([-0-9.]+) .* would close (\\d+) m²")
                .matcher(told);
        assertTrue(place.find(), told);
        PlanePoint at = plan.site()
                .projection()
                .toPlane(Double.parseDouble(place.group(1)), Double.parseDouble(place.group(2)));
        int before = opened(plan, STORE);
        List<Mount> mounts = List.of(one, new Mount("new", at, 6_000, false));
        SitePlan better = SitePlan.of(site(mounts, STORE), coarse());
        assertTrue(opened(better, STORE) < before, better.remarks()::toString);
    }

    @Test
    void aZoneThatIsOnlyWatchedAsksForNoMore() {
        Mount one = new Mount("P", new PlanePoint(50_000, 5_000), 6_000, true);
        Zone watched = new Zone("store", STORE.area(), Zone.Kind.WATCH, 1);
        SitePlan plan = SitePlan.of(site(List.of(one), watched), coarse());
        assertTrue(plan.remarks().stream().noneMatch(each -> each.contains("one failure")), plan.remarks()::toString);
    }
}
