package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import org.junit.jupiter.api.Test;

class LinearBoundTest {
    /** Rows covered by pairs of columns in a ring. */
    static CoverProblem ring(int size) {
        int[][] columns = new int[size][];
        int[] need = new int[size];
        long[] weight = new long[size];
        int[] group = new int[size];
        for (int j = 0; j < size; j++) {
            int next = (j + 1) % size;
            columns[j] = new int[] {Math.min(j, next), Math.max(j, next)};
            need[j] = 1;
            weight[j] = 1;
            group[j] = j;
        }
        return new CoverProblem(need, weight, columns, group, size, 0);
    }

    private static double solved(LinearBound linear, Prices state) {
        linear.solve(state, Double.MAX_VALUE, 10_000);
        return linear.value();
    }

    @Test
    void aRingOfFiveTakesHalfOfEach() {
        CoverProblem ring = ring(5);
        Prices state = new Prices(ring);
        LinearBound linear = new LinearBound(ring, () -> false);
        assertEquals(2.5, solved(linear, state), 1e-3);
        for (int j = 0; j < 5; j++) {
            assertEquals(0.5, linear.share(j), 1e-6);
        }
        assertEquals(2.5, (double) state.bound(linear.prices()) / Proof.ONE, 1e-3);
    }

    @Test
    void decidingGoesOnFromWhereItWasAndComesBack() {
        CoverProblem ring = ring(5);
        Prices state = new Prices(ring);
        LinearBound linear = new LinearBound(ring, () -> false);
        solved(linear, state);
        LinearBound.Snapshot here = linear.save();
        state.decide(0, Prices.TAKEN);
        assertEquals(2, solved(linear, state), 1e-3, "two more for the three rows left");
        state.undo(0);
        linear.restore(here);
        state.decide(0, Prices.LEFT);
        assertEquals(3, solved(linear, state), 1e-3, "both neighbours and one more");
        state.decide(1, Prices.LEFT);
        solved(linear, state);
        assertTrue(linear.isImpossible(), "row 1 has no column left");
        assertTrue(state.bound(linear.prices()) > 5 * Proof.ONE, "and its price says so");
        state.undo(1);
        state.undo(0);
        linear.restore(here);
        assertEquals(2.5, solved(linear, state), 1e-3);
    }

    @Test
    void itStopsWhenTheValueIsEnoughOrSomebodySaysSo() {
        CoverProblem ring = ring(9);
        LinearBound linear = new LinearBound(ring, () -> false);
        linear.solve(new Prices(ring), 1.5, 10_000);
        assertTrue(linear.value() > 1.5 && linear.value() < 4);
        LinearBound stopped = new LinearBound(ring, () -> true);
        stopped.solve(new Prices(ring), 9, 10_000);
        assertEquals(0, stopped.value());
    }

    /** Decisions made, undone and made otherwise: whatever came before, the value is that of a fresh start. */
    @Test
    void whatCameBeforeDoesNotMatter() {
        int[] compared = {0};
        SeededRuns.check(150, random -> {
            CoverProblem problem = ReductionTest.random(random);
            if (!problem.isMetBy(ExactPlacer.greedy(problem))) {
                return;
            }
            Prices state = new Prices(problem);
            LinearBound linear = new LinearBound(problem, () -> false);
            solved(linear, state);
            LinearBound.Snapshot start = linear.save();
            for (int round = 0; round < 6; round++) {
                java.util.List<Integer> decided = new java.util.ArrayList<>();
                for (int k = 0; k < 3; k++) {
                    int column = random.nextInt(problem.columns().length);
                    if (state.isOpen(column)) {
                        state.decide(column, random.nextBoolean() ? Prices.TAKEN : Prices.LEFT);
                        decided.add(column);
                        double value = solved(linear, state);
                        LinearBound fresh = new LinearBound(problem, () -> false);
                        double expected = solved(fresh, state);
                        assertEquals(fresh.isImpossible(), linear.isImpossible());
                        if (linear.isImpossible()) {
                            assertTrue(state.bound(linear.prices())
                                    > state.bound(new Proof.Leaf(new int[0], new long[0], 0)));
                            break;
                        }
                        assertEquals(expected, value, 1e-3 * problem.cost(ExactPlacer.greedy(problem)));
                        compared[0]++;
                    }
                }
                for (int k = decided.size() - 1; k >= 0; k--) {
                    state.undo(decided.get(k));
                }
                if (round % 2 == 0) {
                    linear.restore(start);
                } else {
                    linear = new LinearBound(problem, () -> false);
                }
            }
        });
        assertTrue(compared[0] > 300, () -> "compared " + compared[0]);
    }

    @Test
    void aRestartComesToTheSameValue() {
        CoverProblem ring = ring(7);
        Prices state = new Prices(ring);
        LinearBound linear = new LinearBound(ring, () -> false);
        state.decide(2, Prices.LEFT);
        double value = solved(linear, state);
        linear.restart();
        assertEquals(value, solved(linear, state), 1e-3);
        assertEquals(4, value, 1e-3);
    }

    /** Whatever the needs and mounts: the bound is one, and no worse than what subgradient steps find. */
    @Test
    void theBoundHoldsAndIsTheBestOfPrices() {
        int[] compared = {0};
        SeededRuns.check(300, random -> {
            CoverProblem given = ReductionTest.random(random);
            java.util.List<Integer> start = ExactPlacer.greedy(given);
            if (!given.isMetBy(start)) {
                return;
            }
            Prices state = new Prices(given);
            LinearBound linear = new LinearBound(given, () -> false);
            solved(linear, state);
            double own = (double) state.bound(linear.prices()) / Proof.ONE;
            PriceSearch steps = new PriceSearch(given);
            steps.search(state, 500, 0.9, given.cost(start), Long.MAX_VALUE, Long.MAX_VALUE);
            double theirs = (double) state.bound(steps.prices()) / Proof.ONE;
            int cost = given.cost(start);
            assertTrue(own <= cost + 1e-9, () -> own + " above a choice of " + cost);
            assertTrue(own >= theirs - 1e-3 * cost, () -> own + " against " + theirs);
            compared[0]++;
        });
        assertTrue(compared[0] > 80, () -> "compared " + compared[0]);
    }
}
