package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ReductionTest {
    /** Row 0 is seen by columns 0 and 1, row 1 by 0, 1 and 2, row 2 by 2 alone; column 1 sees what column 0 sees. */
    private static CoverProblem problem(int needOfTheSecond, long slack, int... group) {
        int[][] columns = {{0, 1}, {0, 1}, {1, 2}};
        return new CoverProblem(new int[] {1, needOfTheSecond, 1}, new long[] {5, 6, 7}, columns, group, 3, slack);
    }

    private static boolean mayLeaveOut(CoverProblem problem, int what, int by) {
        Prices state = new Prices(problem);
        Reduction reduction = new Reduction(problem, state, problem.seers());
        Proof.Leaf rest = new Proof.Leaf(new int[0], new long[0], 0);
        return reduction.replay(new Proof.Reduced(new int[] {what}, new int[] {by}, rest));
    }

    @Test
    void whatIsImpliedOrOutdoneIsLeftOutAndComesBack() {
        CoverProblem problem = problem(1, 0, 0, 1, 2);
        Prices state = new Prices(problem);
        Reduction reduction = new Reduction(problem, state, problem.seers());
        reduction.reduce();
        assertTrue(state.need()[0] == 1 && state.need()[1] < 0 && state.need()[2] == 1);
        assertTrue(state.isOpen(0) != state.isOpen(1) && state.isOpen(2));
        Proof.Reduced proof = (Proof.Reduced) reduction.proof(new Proof.Leaf(new int[0], new long[0], 0));
        assertEquals(2, proof.what().length);
        reduction.undo();
        assertArrayEquals(problem.need(), state.need());
        assertTrue(state.isOpen(0) && state.isOpen(1) && state.isOpen(2));
        assertTrue(new Reduction(problem, state, problem.seers()).replay(proof));
    }

    @Test
    void nothingIsLeftOutForSomethingDearer() {
        int[][] columns = {{0, 1}, {0, 1}, {1}};
        int[] one = {1, 1};
        long[] weight = {1, 1};
        int[] group = {0, 1, 2};
        CoverProblem dearer = new CoverProblem(one, weight, columns, new int[] {3, 2, 1}, group, 3, 0);
        assertTrue(mayLeaveOut(dearer, -1, 1), "the same for less");
        assertFalse(mayLeaveOut(dearer, -2, 0), "the same for more");
        assertFalse(mayLeaveOut(dearer, -3, 1), "more for more");
        assertTrue(mayLeaveOut(new CoverProblem(one, weight, columns, group, 3, 0), -3, 1), "more for as much");
    }

    @Test
    void nothingElseMayBeLeftOut() {
        CoverProblem plain = problem(1, 0, 0, 1, 2);
        assertTrue(mayLeaveOut(plain, 1, 0) && mayLeaveOut(plain, 1, 2) && mayLeaveOut(plain, -1, 1));
        assertFalse(mayLeaveOut(plain, 0, 1), "column 2 covers the other only");
        assertFalse(mayLeaveOut(plain, 0, 2));
        assertFalse(mayLeaveOut(plain, 1, 1), "by itself");
        assertFalse(mayLeaveOut(plain, -1, 0), "by itself");
        assertFalse(mayLeaveOut(plain, -1, 2), "row 0 is not covered by it");
        assertFalse(mayLeaveOut(problem(2, 0, 0, 1, 2), 1, 0), "needs more");
        assertFalse(mayLeaveOut(problem(2, 0, 0, 1, 2), -1, 1), "both are needed");
        assertFalse(mayLeaveOut(problem(1, 3, 0, 1, 2), 1, 0), "with slack every row counts");
        assertFalse(mayLeaveOut(problem(1, 0, 0, 1, 1), -1, 1), "its mount may carry another");
        assertTrue(mayLeaveOut(problem(1, 0, 0, 0, 2), -1, 1), "on the same mount");
        assertFalse(mayLeaveOut(plain, 9, 0) || mayLeaveOut(plain, 0, 9) || mayLeaveOut(plain, -9, 0));
        assertFalse(mayLeaveOut(plain, 0, -1) || mayLeaveOut(plain, -1, -1) || mayLeaveOut(plain, -1, 9));
    }

    static CoverProblem random(RandomGenerator random) {
        int columns = random.nextInt(2, 9);
        int rows = random.nextInt(2, 14);
        int groups = random.nextBoolean() ? columns : random.nextInt(1, columns + 1);
        int[][] lists = new int[columns][];
        int[] group = new int[columns];
        for (int j = 0; j < columns; j++) {
            group[j] = groups == columns ? j : random.nextInt(groups);
            lists[j] = random.ints(0, rows)
                    .limit(random.nextInt(1, rows))
                    .distinct()
                    .sorted()
                    .toArray();
        }
        int[] need = random.ints(rows, 1, random.nextBoolean() ? 2 : 3).toArray();
        int[] cost = costs(random, columns);
        return new CoverProblem(need, random.longs(rows, 1, 5).toArray(), lists, cost, group, groups, 0);
    }

    /** All alike, a few units, or sums of money. */
    static int[] costs(RandomGenerator random, int columns) {
        int most = new int[] {1, 4, 50_000}[random.nextInt(3)];
        return random.ints(columns, 1, most + 1).toArray();
    }

    /** The least cost of open columns for the rows that count, by every subset; a great one if none does. */
    private static int fewest(CoverProblem problem, Prices state) {
        int n = problem.columns().length;
        int fewest = Integer.MAX_VALUE;
        for (int mask = 0; mask < 1 << n; mask++) {
            int[] open = state.need().clone();
            boolean[] used = new boolean[problem.groups()];
            boolean may = true;
            int cost = 0;
            for (int j = 0; j < n; j++) {
                if ((mask >> j & 1) != 0) {
                    may &= state.isOpen(j) && !used[problem.group()[j]];
                    used[problem.group()[j]] = true;
                    cost += problem.cost()[j];
                    for (int i : problem.columns()[j]) {
                        open[i]--;
                    }
                }
            }
            if (may && Arrays.stream(open).allMatch(each -> each <= 0)) {
                fewest = Math.min(fewest, cost);
            }
        }
        return fewest;
    }

    @Test
    void theFewestStayTheFewestAndTheProofIsAccepted() {
        int[] left = new int[2];
        SeededRuns.check(400, random -> {
            CoverProblem problem = random(random);
            Prices state = new Prices(problem);
            int before = fewest(problem, state);
            Reduction reduction = new Reduction(problem, state, problem.seers());
            reduction.reduce();
            assertEquals(before, fewest(problem, state));
            Proof proof = reduction.proof(new Proof.Leaf(new int[0], new long[0], 0));
            reduction.undo();
            if (proof instanceof Proof.Reduced reduced) {
                assertTrue(reduction.replay(reduced));
                for (int what : reduced.what()) {
                    left[what >= 0 ? 0 : 1]++;
                }
            }
        });
        assertTrue(left[0] > 300 && left[1] > 200, () -> Arrays.toString(left));
    }

    /** Any single step that the verifier lets pass keeps the fewest: it is not only its own steps that it believes. */
    @Test
    void noStepThatPassesChangesTheFewest() {
        int[] outcomes = new int[2];
        SeededRuns.check(150, random -> {
            CoverProblem problem = random(random);
            Prices state = new Prices(problem);
            int before = fewest(problem, state);
            List<int[]> steps = new ArrayList<>();
            for (int what = -problem.columns().length; what < problem.rows(); what++) {
                int others = what >= 0 ? problem.rows() : problem.columns().length;
                steps.add(new int[] {what, random.nextInt(others)});
            }
            for (int[] step : steps) {
                Reduction reduction = new Reduction(problem, state, problem.seers());
                Proof.Leaf rest = new Proof.Leaf(new int[0], new long[0], 0);
                boolean passes = reduction.replay(new Proof.Reduced(new int[] {step[0]}, new int[] {step[1]}, rest));
                if (passes) {
                    assertEquals(before, fewest(problem, state), () -> Arrays.toString(step));
                }
                outcomes[passes ? 0 : 1]++;
                reduction.undo();
            }
        });
        assertTrue(outcomes[0] > 100 && outcomes[1] > 500, () -> Arrays.toString(outcomes));
    }
}
