package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.coverage.Demand;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BudgetPlacerTest {
    /** What the best choice of so many columns meets, by every subset. */
    private static long best(CoverProblem problem, int most) {
        int n = problem.columns().length;
        long best = 0;
        for (int mask = 0; mask < 1 << n; mask++) {
            Set<Integer> mounts = new HashSet<>();
            List<Integer> chosen = new ArrayList<>();
            for (int j = 0; j < n; j++) {
                if ((mask >> j & 1) != 0) {
                    chosen.add(j);
                    mounts.add(problem.group()[j]);
                }
            }
            if (chosen.size() <= most && mounts.size() == chosen.size()) {
                best = Math.max(best, problem.open(List.of()) - problem.open(chosen));
            }
        }
        return best;
    }

    @Test
    void theChoiceIsNearTheBestAndTheBoundIsOne() {
        int[] outcomes = new int[3];
        SeededRuns.check(400, random -> {
            CoverProblem problem = ReductionTest.random(random);
            int most = random.nextInt(1, 6);
            BudgetPlacer placer = new BudgetPlacer(most);
            List<Integer> chosen = placer.choose(problem);
            Set<Integer> mounts = new HashSet<>();
            chosen.forEach(j -> assertTrue(mounts.add(problem.group()[j]), "one on each mount"));
            assertTrue(chosen.size() <= most);
            long met = problem.open(List.of()) - problem.open(chosen);
            long best = best(problem, most);
            assertTrue(met >= 0.5 * best, () -> met + " of " + best);
            assertTrue(placer.atMost(problem, chosen) >= best, "the bound is below the best");
            assertTrue(placer.atMost(problem, List.of()) >= best, "whatever columns it is taken from");
            outcomes[0]++;
            outcomes[1] += met == best ? 1 : 0;
            outcomes[2] += placer.atMost(problem, chosen) == best ? 1 : 0;
        });
        assertTrue(outcomes[1] > outcomes[0] * 9 / 10 && outcomes[2] > 50, () -> Arrays.toString(outcomes));
    }

    /** Greed takes the middle column first and never gets rid of it: exchanging does. */
    @Test
    void exchangingBettersGreed() {
        int[][] columns = {{0, 1, 2, 3}, {4, 5, 6, 7}, {1, 2, 3, 4, 5, 6}};
        int[] need = new int[8];
        long[] weight = new long[8];
        Arrays.fill(need, 1);
        Arrays.fill(weight, 1);
        CoverProblem problem = new CoverProblem(need, weight, columns, new int[] {0, 1, 2}, 3, 0);
        assertEquals(Set.of(0, 1), Set.copyOf(new BudgetPlacer(2).choose(problem)));
        assertEquals(List.of(2), new BudgetPlacer(1).choose(problem));
        assertEquals(8, new BudgetPlacer(2).atMost(problem, List.of(0, 1)));
    }

    @Test
    void candidatesAreCountedInCells() {
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, 9_999, 999), 1_000);
        List<Candidate> candidates = new ArrayList<>();
        CellSet all = new CellSet(grid);
        for (int c = 0; c < 3; c++) {
            CellSet sees = new CellSet(grid);
            for (int column = 3 * c; column < Math.min(10, 3 * c + 4); column++) {
                sees.add(column, 0);
                all.add(column, 0);
            }
            PlanePoint at = new PlanePoint(c, c);
            Sensor sensor = new Sensor("s" + c, at, 1_000, 0, 0, SensorModel.omnidirectional("o", 1_000));
            candidates.add(new Candidate(new Mount("m" + c, at, 1_000, false), sensor, sees));
        }
        Demand demand = new Demand(grid, List.of(all));
        BudgetPlacer.Choice two = new BudgetPlacer(2).place(candidates, demand);
        assertEquals(8, two.met());
        assertEquals(10, two.wanted());
        assertTrue(two.atMost() >= 8 && two.chosen().size() == 2);
        BudgetPlacer.Choice enough = new BudgetPlacer(9).place(candidates, demand);
        assertEquals(3, enough.chosen().size(), "no more than help");
        assertEquals(10, enough.met());
        assertEquals(10, enough.atMost());
        assertThrows(IllegalArgumentException.class, () -> new BudgetPlacer(0));
    }
}
