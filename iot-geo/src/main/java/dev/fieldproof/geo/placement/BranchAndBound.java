package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.placement.ExactPlacer.Progress;
import dev.fieldproof.geo.placement.ExactPlacer.Solution;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Decides columns one by one until prices show that nothing smaller is left. Used once; not thread-safe. */
final class BranchAndBound {
    private static final int ROOT_STEPS = 6_000;
    private static final double ROOT_MEMORY = 0.98;
    private static final int NODE_STEPS = 60;
    private static final double NODE_MEMORY = 0.7;
    private static final int MAX_DEPTH = 400;

    private final CoverProblem problem;
    private final Prices state;
    private final PriceSearch prices;
    private final RowWeights search;
    private final long maxWork;
    private final Progress progress;
    private final BooleanSupplier cancelled;
    private final java.util.random.RandomGenerator random = ExactPlacer.random();
    private List<Integer> best;
    private int bound;

    BranchAndBound(
            CoverProblem problem, List<Integer> start, long maxWork, Progress progress, BooleanSupplier cancelled) {
        this.problem = problem;
        this.maxWork = maxWork;
        this.progress = progress;
        this.cancelled = cancelled;
        state = new Prices(problem);
        prices = new PriceSearch(problem);
        search = new RowWeights(problem);
        best = start;
    }

    Solution solve() {
        improve(best, maxWork / 10);
        prices.search(state, ROOT_STEPS, ROOT_MEMORY, cost(), enough(), maxWork / 3);
        Proof.Leaf root = leaf();
        long value = state.bound(root);
        bound = Math.max(1, (int) -Math.floorDiv(-value, Proof.ONE));
        progress.found(cost(), bound);
        if (bound < cost()) {
            improve(completed(), maxWork / 5);
        }
        if (bound < cost()) {
            Proof tree = node(0, root);
            if (tree != null) {
                return new Solution(best, problem.slack(), cost(), tree);
            }
        }
        return new Solution(best, problem.slack(), bound, root);
    }

    /** What the best costs. */
    private int cost() {
        return problem.cost(best);
    }

    /** A bound above this shows that nothing smaller than the best is left. */
    private long enough() {
        return (cost() - 1) * Proof.ONE;
    }

    private Proof.Leaf leaf() {
        return prices.prices();
    }

    private boolean isSpent() {
        return prices.work() + search.work() > maxWork || cancelled.getAsBoolean();
    }

    private void improve(List<Integer> start, long work) {
        List<Integer> found = search.improve(start, Math.max(bound, 1), work, random, cancelled);
        if (problem.cost(found) < cost()) {
            best = found;
            progress.found(cost(), bound);
        }
    }

    private List<Integer> completed() {
        return Completion.of(problem, prices::share, best);
    }

    /** The proof that under the present decisions nothing is smaller than the best; null if the work ran out. */
    private @Nullable Proof node(int depth, Proof.Leaf parent) {
        if (isSpent() || depth > MAX_DEPTH) {
            return null;
        }
        prices.startAt(parent);
        prices.search(state, NODE_STEPS, NODE_MEMORY, cost(), enough(), maxWork);
        Proof.Leaf leaf = leaf();
        long value = state.bound(leaf);
        if (value <= enough()) {
            adopt();
        }
        if (value > enough()) {
            return leaf;
        }
        List<int[]> fixed = fix(value);
        Proof proof = fixed.isEmpty() ? branch(depth, leaf) : node(depth + 1, leaf);
        for (int k = fixed.size() - 1; k >= 0; k--) {
            int column = fixed.get(k)[0];
            state.undo(column);
            if (proof != null) {
                proof = fixed.get(k)[1] == Prices.TAKEN
                        ? new Proof.Branch(column, proof, leaf)
                        : new Proof.Branch(column, leaf, proof);
            }
        }
        return proof;
    }

    /** Takes the columns taken here, or what the prices suggest, for the best if they are. */
    private void adopt() {
        List<Integer> taken = new ArrayList<>();
        for (int j = 0; j < problem.columns().length; j++) {
            if (state.isTaken(j)) {
                taken.add(j);
            }
        }
        List<Integer> found = problem.cost(taken) < cost() && problem.isMetBy(taken) ? taken : completed();
        if (problem.cost(found) < cost()) {
            best = found;
            progress.found(cost(), bound);
        }
        improve(best, problem.size() / 4);
    }

    /** Decides the columns whose other decision is too dear at the present prices. */
    private List<int[]> fix(long value) {
        List<int[]> fixed = new ArrayList<>();
        for (int j = 0; j < problem.columns().length; j++) {
            if (state.isOpen(j) && value + state.reduced(j) - state.least(j) > enough()) {
                fixed.add(new int[] {j, Prices.LEFT});
            }
        }
        fixed.forEach(each -> state.decide(each[0], Prices.LEFT));
        return fixed;
    }

    private @Nullable Proof branch(int depth, Proof.Leaf leaf) {
        int column = undecided();
        if (column < 0) {
            // Nothing is open and the needs cannot be met, but the prices have not risen enough yet to show it.
            return node(depth + 1, leaf);
        }
        state.decide(column, Prices.TAKEN);
        Proof taken = node(depth + 1, leaf);
        state.undo(column);
        if (taken == null) {
            return null;
        }
        state.decide(column, Prices.LEFT);
        Proof left = node(depth + 1, leaf);
        state.undo(column);
        return left == null ? null : new Proof.Branch(column, taken, left);
    }

    /** The column about which the prices are least sure, or any open one. */
    private int undecided() {
        int column = -1;
        double most = -1;
        for (int j = 0; j < problem.columns().length; j++) {
            if (state.isOpen(j)) {
                double doubt = 1 - Math.abs(0.6 - prices.share(j));
                column = doubt > most ? j : column;
                most = Math.max(most, doubt);
            }
        }
        return column;
    }
}
