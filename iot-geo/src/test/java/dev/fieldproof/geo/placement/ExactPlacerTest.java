package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ExactPlacerTest {
    private static final long WORK = 5_000_000;

    private static CoverProblem random(RandomGenerator random, int columns, int rows) {
        int groups = random.nextBoolean() ? columns : Math.max(1, columns / 2);
        int[] group = new int[columns];
        int[][] lists = new int[columns][];
        for (int j = 0; j < columns; j++) {
            group[j] = groups == columns ? j : random.nextInt(groups);
            lists[j] = random.ints(0, rows)
                    .limit(random.nextInt(1, rows / 2 + 2))
                    .distinct()
                    .sorted()
                    .toArray();
        }
        int[] need = new int[rows];
        long[] weight = new long[rows];
        long total = 0;
        for (int i = 0; i < rows; i++) {
            int row = i;
            long seers = java.util.stream.IntStream.range(0, columns)
                    .filter(j -> Arrays.binarySearch(lists[j], row) >= 0)
                    .map(j -> group[j])
                    .distinct()
                    .count();
            need[i] = (int) Math.min(random.nextInt(1, 3), seers);
            weight[i] = random.nextInt(1, 5);
            total += need[i] * weight[i];
        }
        // With groups, not all needs can always be met at once: some slack keeps the problem soluble.
        long slack = groups == columns ? (random.nextBoolean() ? 0 : total / 10) : total / 2;
        int[] cost = ReductionTest.costs(random, columns);
        return new CoverProblem(need, weight, lists, cost, group, groups, slack);
    }

    /** What the cheapest of all subsets costs: their number where each costs 1. */
    private static int fewest(CoverProblem problem) {
        int n = problem.columns().length;
        int fewest = Integer.MAX_VALUE;
        for (int mask = 0; mask < 1 << n; mask++) {
            List<Integer> chosen = new ArrayList<>();
            for (int j = 0; j < n; j++) {
                if ((mask >> j & 1) != 0) {
                    chosen.add(j);
                }
            }
            if (problem.cost(chosen) < fewest && problem.isMetBy(chosen)) {
                fewest = problem.cost(chosen);
            }
        }
        return fewest;
    }

    private static ExactPlacer.Solution solve(CoverProblem problem) {
        return new ExactPlacer(1, WORK, (size, bound) -> {}, () -> false).solve(problem);
    }

    @Test
    void theFewestAreFoundAndProven() {
        int[] proven = new int[2];
        SeededRuns.check(300, random -> {
            CoverProblem problem = random(random, random.nextInt(3, 12), random.nextInt(4, 25));
            int fewest = fewest(problem);
            if (fewest == Integer.MAX_VALUE) {
                return;
            }
            ExactPlacer.Solution solution = solve(problem);
            if (solution.open() > problem.slack()) {
                // Groups can leave greed without a way on; it says so.
                return;
            }
            assertTrue(problem.isMetBy(solution.chosen()));
            assertTrue(solution.lowerBound() <= fewest, "bound above the fewest");
            assertEquals("", ProofVerifier.check(problem, solution.chosen(), solution.lowerBound(), solution.proof()));
            assertTrue(problem.cost(solution.chosen()) <= problem.cost(ExactPlacer.greedy(problem)));
            proven[0]++;
            if (problem.cost(solution.chosen()) == solution.lowerBound()) {
                proven[1]++;
                assertEquals(fewest, solution.lowerBound());
            }
        });
        assertTrue(proven[0] > 200 && proven[1] >= proven[0] * 95 / 100, Arrays.toString(proven));
    }

    @Test
    void aTamperedProofIsRejected() {
        int[] rejected = new int[1];
        SeededRuns.check(60, random -> {
            CoverProblem problem = random(random, 10, 20);
            ExactPlacer.Solution solution = solve(problem);
            if (solution.open() > problem.slack()) {
                return;
            }
            List<Integer> chosen = solution.chosen();
            int bound = solution.lowerBound();
            if (bound < 2 || bound != problem.cost(chosen)) {
                return;
            }
            assertNotEquals("", ProofVerifier.check(problem, chosen, bound + 1, solution.proof()));
            assertNotEquals("", ProofVerifier.check(problem, chosen.subList(1, chosen.size()), 1, solution.proof()));
            assertNotEquals("", ProofVerifier.check(problem, chosen, bound, leaf(new int[0])));
            assertNotEquals("", ProofVerifier.check(problem, chosen, 1, leaf(new int[] {0, 1}, Proof.ONE)));
            assertNotEquals("", ProofVerifier.check(problem, chosen, 1, leaf(new int[] {0}, -1)));
            assertNotEquals("", ProofVerifier.check(problem, chosen, 1, leaf(new int[] {problem.rows()}, 1)));
            assertNotEquals("", ProofVerifier.check(problem, chosen, 1, leaf(new int[] {-1}, Proof.ONE)));
            assertNotEquals("", ProofVerifier.check(problem, chosen, 1, leaf(new int[] {0}, Long.MAX_VALUE)));
            assertNotEquals(
                    "",
                    ProofVerifier.check(
                            problem, chosen, bound, new Proof.Branch(99, solution.proof(), solution.proof())));
            rejected[0]++;
        });
        assertTrue(rejected[0] > 15, () -> "rejected " + rejected[0]);
    }

    private static Proof leaf(int[] rows, long... prices) {
        return new Proof.Leaf(rows, prices, Proof.ONE);
    }

    /** Where the same row could be paid twice, a ring of five would seem to need five. */
    @Test
    void noRowCountsTwice() {
        CoverProblem ring = LinearBoundTest.ring(5);
        List<Integer> all = List.of(0, 1, 2, 3, 4);
        long half = Proof.ONE / 2;
        Proof five = leaf(new int[] {0, 1, 2, 3, 4}, half, half, half, half, half);
        assertEquals("", ProofVerifier.check(ring, all, 3, five));
        assertNotEquals("", ProofVerifier.check(ring, all, 4, five));
        Proof twice = leaf(new int[] {0, 0, 1, 2, 3, 4}, half, half, half, half, half, half);
        assertNotEquals("", ProofVerifier.check(ring, all, 3, twice));
        assertNotEquals("", ProofVerifier.check(ring, all, 3, leaf(new int[] {1, 0}, half, half)));
    }

    /** What may stay open is never paid more than leaving it open costs, to the last part. */
    @Test
    void anOpenRowCountsForWhatLeavingItCosts() {
        CoverProblem one = new CoverProblem(new int[] {1}, new long[] {3}, new int[][] {{0}}, new int[] {0}, 1, 0);
        Prices state = new Prices(one);
        for (long price = 0; price < 20; price++) {
            for (long open = 0; open < 8; open++) {
                long bound = state.bound(new Proof.Leaf(new int[] {0}, new long[] {price}, open));
                assertEquals(Math.min(price, 3 * open), bound);
            }
        }
    }

    /** Rows covered by pairs of five columns in a ring: prices alone show 2.5, deciding shows 3. */
    @Test
    void whatPricesCannotShowDecidingDoes() {
        int[][] columns = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {0, 4}};
        CoverProblem ring = new CoverProblem(
                new int[] {1, 1, 1, 1, 1}, new long[] {1, 1, 1, 1, 1}, columns, new int[] {0, 1, 2, 3, 4}, 5, 0);
        ExactPlacer.Solution solution = solve(ring);
        assertEquals(3, solution.chosen().size());
        assertEquals(3, solution.lowerBound());
        assertEquals("", ProofVerifier.check(ring, solution.chosen(), 3, solution.proof()));
    }

    @Test
    void cancellingGivesTheBestSoFar() {
        CoverProblem problem = random(new java.util.SplittableRandom(4), 40, 60);
        List<Integer> sizes = new ArrayList<>();
        ExactPlacer placer = new ExactPlacer(1, WORK, (size, bound) -> sizes.add(size), () -> true);
        ExactPlacer.Solution solution = placer.solve(problem);
        assertTrue(problem.isMetBy(solution.chosen()));
        assertEquals("", ProofVerifier.check(problem, solution.chosen(), solution.lowerBound(), solution.proof()));
        assertTrue(!sizes.isEmpty());
        assertThrows(IllegalArgumentException.class, () -> new ExactPlacer(1.5));
    }

    @Test
    void theSameInputGivesTheSameChoice() {
        CoverProblem problem = random(new java.util.SplittableRandom(9), 60, 120);
        assertEquals(solve(problem).chosen(), solve(problem).chosen());
    }
}
