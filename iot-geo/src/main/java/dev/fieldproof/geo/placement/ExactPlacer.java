package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.coverage.Demand;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Finds the cheapest candidates, which are the fewest where all cost the same, and proves it where the work allowed
 * suffices: greedy start, row-weighting search, bounds by prices, and branch and bound with columns fixed by what they
 * would cost. The result depends on the input and the work allowed alone, not on the clock. Thread-safe if what it was
 * given is.
 */
public final class ExactPlacer implements Placer {
    /** About a second of one core. */
    public static final long DEFAULT_WORK = 300_000_000L;

    /** Told about each better choice and bound; called on the placing thread. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Takes the state.
         *
         * @param cost of the best choice so far: its size, where each candidate costs 1
         * @param lowerBound proven so far
         */
        void found(int cost, int lowerBound);
    }

    private final double enoughShare;
    private final long maxWork;
    private final Progress progress;
    private final BooleanSupplier cancelled;

    /**
     * Meets enough of the demand with the default work and without progress.
     *
     * @param enoughShare above 0 to 1: the share of what all candidates together could see
     * @throws IllegalArgumentException if the share is out of range
     */
    public ExactPlacer(double enoughShare) {
        this(enoughShare, DEFAULT_WORK, (size, bound) -> {}, () -> false);
    }

    /**
     * Meets enough of the demand.
     *
     * @param enoughShare above 0 to 1: the share of what all candidates together could see
     * @param maxWork how many times a cell of a candidate may be looked at, about; the best found so far is given then
     * @param progress told about each better choice and bound
     * @param cancelled asked often; once true, the best found so far is given
     * @throws IllegalArgumentException if a number is out of range
     */
    public ExactPlacer(double enoughShare, long maxWork, Progress progress, BooleanSupplier cancelled) {
        if (!(enoughShare > 0 && enoughShare <= 1) || maxWork < 1) {
            throw new IllegalArgumentException("enough share " + enoughShare + ", work " + maxWork);
        }
        this.enoughShare = enoughShare;
        this.maxWork = maxWork;
        this.progress = progress;
        this.cancelled = cancelled;
    }

    @Override
    public Placement place(List<Candidate> candidates, Demand demand) {
        CoverProblem problem = CoverProblem.of(candidates, demand, enoughShare);
        Solution solution = solve(problem);
        List<Candidate> chosen = solution.chosen().stream().map(candidates::get).toList();
        return new Placement(chosen, solution.open(), solution.lowerBound(), solution.proof());
    }

    record Solution(List<Integer> chosen, long open, int lowerBound, Proof proof) {}

    Solution solve(CoverProblem given) {
        List<Integer> start = greedy(given);
        CoverProblem problem = given.withSlack(Math.max(given.slack(), given.open(start)));
        if (start.isEmpty()) {
            return new Solution(List.of(), problem.slack(), 0, Proof.Leaf.of(new long[0], 0));
        }
        progress.found(problem.cost(start), 1);
        Parted parted = problem.slack() == 0 ? Parted.solve(problem, maxWork, progress, cancelled) : null;
        if (parted == null) {
            return new BranchAndBound(problem, start, maxWork, progress, cancelled).solve();
        }
        List<Integer> best = problem.cost(parted.chosen()) < problem.cost(start) ? parted.chosen() : start;
        return new Solution(best, 0, parted.fewest(), parted.proof());
    }

    /** Takes what closes most for its cost, again and again; then drops what turned out needless, the latest first. */
    static List<Integer> greedy(CoverProblem problem) {
        int[] open = problem.need().clone();
        long unmet = 0;
        for (int i = 0; i < open.length; i++) {
            unmet += open[i] * problem.weight()[i];
        }
        boolean[] used = new boolean[problem.groups()];
        List<Integer> chosen = new ArrayList<>();
        while (unmet > problem.slack()) {
            int best = -1;
            long most = 0;
            for (int j = 0; j < problem.columns().length; j++) {
                if (!used[problem.group()[j]]) {
                    long gain = 0;
                    for (int i : problem.columns()[j]) {
                        gain += open[i] > 0 ? problem.weight()[i] : 0;
                    }
                    if (gain > 0 && (best < 0 || gain * problem.cost()[best] > most * problem.cost()[j])) {
                        best = j;
                        most = gain;
                    }
                }
            }
            if (best < 0) {
                // Each mount takes one candidate, so that not every need that some candidate covers can be met.
                break;
            }
            used[problem.group()[best]] = true;
            chosen.add(best);
            for (int i : problem.columns()[best]) {
                open[i]--;
            }
            unmet -= most;
        }
        long allowed = Math.max(problem.slack(), unmet);
        for (int k = chosen.size() - 1; k >= 0; k--) {
            Integer dropped = chosen.remove(k);
            if (problem.open(chosen) > allowed) {
                chosen.add(k, dropped);
            }
        }
        return chosen;
    }

    /** The seed of the search: results depend on the input alone. */
    static SplittableRandom random() {
        return new SplittableRandom(20_260_101);
    }
}
