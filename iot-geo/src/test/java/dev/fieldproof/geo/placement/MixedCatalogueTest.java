package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.coverage.Demand;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cameras that see far for much, sensors that see little for less: what counts is the sum. */
class MixedCatalogueTest {
    private static final ZoneGrid GRID = ZoneGrid.square(new PlaneBox(0, 0, 11_999, 999), 1_000);

    private static Candidate candidate(String mount, String id, int from, int to, int cost) {
        CellSet sees = new CellSet(GRID);
        for (int column = from; column < to; column++) {
            sees.add(column, 0);
        }
        PlanePoint at = new PlanePoint(from, to);
        Sensor sensor = new Sensor(id, at, 1_000, 0, 0, SensorModel.omnidirectional("o", 1_000));
        return new Candidate(new Mount(mount, at, 1_000, false), sensor, sees, cost);
    }

    /** Twelve cells: one camera for all, two for half each, or four sensors for a quarter each. */
    private static List<Candidate> catalogue(int camera, int half, int sensor) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(candidate("mast", "camera", 0, 12, camera));
        candidates.add(candidate("west", "half-1", 0, 6, half));
        candidates.add(candidate("east", "half-2", 6, 12, half));
        for (int n = 0; n < 4; n++) {
            candidates.add(candidate(n == 0 ? "west" : "pole" + n, "sensor-" + n, 3 * n, 3 * n + 3, sensor));
        }
        return candidates;
    }

    private static Demand all() {
        CellSet all = new CellSet(GRID);
        for (int column = 0; column < 12; column++) {
            all.add(column, 0);
        }
        return new Demand(GRID, List.of(all));
    }

    private static Placement place(List<Candidate> candidates, double share) {
        Placement placement = new ExactPlacer(share).place(candidates, all());
        assertEquals("", ProofVerifier.check(candidates, all(), share, placement));
        return placement;
    }

    @Test
    void theCheapestIsBuiltNotTheFewest() {
        assertEquals(100, place(catalogue(100, 60, 40), 1).cost());
        assertEquals(1, place(catalogue(100, 60, 40), 1).chosen().size());
        assertEquals(98, place(catalogue(100, 49, 40), 1).cost());
        assertEquals(96, place(catalogue(100, 49, 24), 1).cost());
        assertEquals(4, place(catalogue(100, 49, 24), 1).chosen().size());
        Placement mixed = place(catalogue(100, 39, 20), 1);
        assertEquals(78, mixed.cost());
        assertTrue(mixed.isOptimal() && mixed.lowerBound() == 78);
    }

    /** With a share left open, cost counts as well: three sensors do where one half may stay open. */
    @Test
    void aShareLeftOpenIsLeftWhereItIsDear() {
        Placement half = place(catalogue(100, 49, 20), 0.5);
        assertEquals(40, half.cost());
        assertTrue(half.isOptimal());
    }

    @Test
    void theProofIsAboutTheCostsItWasMadeFor() {
        Placement placement = place(catalogue(100, 49, 24), 1);
        assertNotEquals("", ProofVerifier.check(catalogue(90, 49, 24), all(), 1, placement), "the camera got cheaper");
        assertNotEquals("", ProofVerifier.check(catalogue(100, 47, 24), all(), 1, placement), "halves got cheaper");
        Placement more = new Placement(placement.chosen(), placement.open(), 97, placement.proof());
        assertNotEquals("", ProofVerifier.check(catalogue(100, 49, 24), all(), 1, more));
    }

    @Test
    void greedTakesWhatClosesMostForItsCost() {
        Placement greedy = new GreedyPlacer(1).place(catalogue(100, 60, 24), all());
        assertEquals(96, greedy.cost());
        assertEquals("", ProofVerifier.check(catalogue(100, 60, 24), all(), 1, greedy));
    }

    @Test
    void costsAreWholeAndNotTooGreat() {
        assertThrows(IllegalArgumentException.class, () -> catalogue(0, 1, 1));
        List<Candidate> dear = catalogue(1 << 26, 1, 1);
        ExactPlacer placer = new ExactPlacer(1);
        Demand all = all();
        assertThrows(IllegalArgumentException.class, () -> placer.place(dear, all));
        assertEquals(
                1,
                new Candidate(
                                dear.get(0).mount(),
                                dear.get(0).sensor(),
                                dear.get(0).sees())
                        .cost());
        assertEquals(
                4_000_000, place(catalogue(9_000_000, 2_500_000, 1_000_000), 1).cost());
    }
}
