package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.placement.ExactPlacer.Progress;
import dev.fieldproof.geo.placement.ExactPlacer.Solution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Branch and bound by the linear relaxation, for problems where nothing may stay open: at each node what is implied is
 * left out, what would be too dear is decided, and what the relaxation is least sure of is tried both ways for a few
 * steps before one column is chosen to branch on. Used once; not thread-safe.
 */
final class LinearBranching {
    private static final int MAX_PIVOTS = 50_000;
    private static final int TRIAL_PIVOTS = 25;
    private static final int MAX_TRIALS = 10;
    private static final int MAX_DEPTH = 200;
    /** Local search looks at the problem so many times. */
    private static final long SEARCH = 300;

    /** Near the end the tree pauses for a search only when it has cost so many times what searching has. */
    private static final long SEARCH_SHARE = 5;

    private static final double SURE = 1e-6;

    /** What rounding to whole parts may cost a bound, in columns. */
    private static final double ROUNDING = 2e-4;

    private final CoverProblem problem;
    private final Prices state;
    private final int[][] seers;
    private final LinearBound linear;
    private final Gains gains;
    private final RowWeights search;
    private final long maxWork;
    private final Progress progress;
    private final BooleanSupplier cancelled;
    private final java.util.random.RandomGenerator random = ExactPlacer.random();
    private List<Integer> best;
    private int bound;

    /** What the tree is to show: that no choice is smaller. */
    private int target;

    /** Work of those who solved parts. */
    private long elsewhere;

    LinearBranching(
            CoverProblem problem, List<Integer> start, long maxWork, Progress progress, BooleanSupplier cancelled) {
        this.problem = problem;
        this.maxWork = maxWork;
        this.progress = progress;
        this.cancelled = cancelled;
        state = new Prices(problem);
        seers = problem.seers();
        linear = new LinearBound(problem, this::isSpent);
        gains = new Gains(problem.columns().length);
        search = new RowWeights(problem);
        best = start;
    }

    Solution solve() {
        linear.solve(state, Double.MAX_VALUE, MAX_PIVOTS);
        Proof.Leaf root = value(leaf()) > 0 ? leaf() : least();
        bound = (int) -Math.floorDiv(-value(root), Proof.ONE);
        progress.found(cost(), bound);
        if (bound < cost()) {
            adopt(Completion.of(problem, linear::share, best));
            // Where the relaxation is dear, so is diving, and searching pays sooner.
            improve(best, Math.min(maxWork / 4, Math.max(SEARCH * problem.size(), 3 * linear.work())));
        }
        target = cost();
        if (bound < cost()) {
            dive();
        }
        Proof proof = root;
        // Half of what is open at a time: a low aim closes its branches early, and costs little beside the next.
        LinearBound.Snapshot start = bound < cost() ? linear.save() : null;
        while (bound < cost() && start != null) {
            target = bound + Math.max(1, (cost() - bound) / 2);
            linear.restore(start);
            Proof tree = node(0);
            if (tree == null) {
                break;
            }
            proof = tree;
            bound = target;
            progress.found(cost(), bound);
        }
        return new Solution(best, 0, bound, proof);
    }

    /** Takes what the relaxation takes most of, again and again: seldom far from the best. */
    private void dive() {
        LinearBound.Snapshot here = linear.save();
        List<Integer> decided = new ArrayList<>();
        while (!isSpent() && state.taken() < cost()) {
            List<Integer> next = likeliest();
            if (next.isEmpty()) {
                break;
            }
            for (int j : next) {
                if (state.isOpen(j)) {
                    state.decide(j, Prices.TAKEN);
                    decided.add(j);
                }
            }
            solve(MAX_PIVOTS);
            if (linear.value() + state.taken() > cost() - 1 + ROUNDING || linear.isImpossible()) {
                break;
            }
        }
        adopt(completed());
        for (int k = decided.size() - 1; k >= 0; k--) {
            state.undo(decided.get(k));
        }
        linear.restore(here);
    }

    private List<Integer> completed() {
        return Completion.of(problem, j -> state.isTaken(j) ? 2 : linear.share(j), best);
    }

    /** All columns that are taken nearly whole, or the one of which most is. */
    private List<Integer> likeliest() {
        List<Integer> whole = new ArrayList<>();
        int most = -1;
        for (int j = 0; j < problem.columns().length; j++) {
            if (state.isOpen(j) && linear.share(j) > SURE) {
                most = most < 0 || linear.share(j) > linear.share(most) ? j : most;
                if (linear.share(j) > 1 - SURE) {
                    whole.add(j);
                }
            }
        }
        return !whole.isEmpty() || most < 0 ? whole : List.of(most);
    }

    /** What the best costs. */
    private int cost() {
        return problem.cost(best);
    }

    /** A bound above this shows what is to be shown. */
    private long enough() {
        return (target - 1) * Proof.ONE;
    }

    private Proof.Leaf leaf() {
        return linear.prices();
    }

    /** Whatever has a row that needs a column needs one: what is left to say if there was no work to spend. */
    private Proof.Leaf least() {
        return new Proof.Leaf(new int[] {0}, new long[] {Proof.ONE}, Proof.ONE);
    }

    private long value(Proof.Leaf leaf) {
        return state.bound(leaf);
    }

    long work() {
        return linear.work() + search.work() + elsewhere;
    }

    private boolean isSpent() {
        return work() > maxWork || cancelled.getAsBoolean();
    }

    private void improve(List<Integer> start, long work) {
        adopt(search.improve(start, Math.max(bound, 1), work, random, cancelled));
    }

    private void adopt(List<Integer> found) {
        if (problem.cost(found) < cost()) {
            best = found;
            progress.found(cost(), bound);
        }
    }

    /** The proof that under the present decisions nothing is smaller than the best; null if the work ran out. */
    private @Nullable Proof node(int depth) {
        if (isSpent() || depth > MAX_DEPTH) {
            return null;
        }
        if (search.work() * (cost() - bound > 1 ? 1 : SEARCH_SHARE) < linear.work()) {
            improve(best, Math.min(maxWork / 4, SEARCH * problem.size()));
        }
        Reduction reduction = new Reduction(problem, state, seers);
        reduction.reduce();
        Proof rest = bounded(depth);
        Proof proof = rest == null ? null : reduction.proof(rest);
        reduction.undo();
        return proof;
    }

    private void solve(int maxPivots) {
        linear.solve(state, target - 1 - state.taken() + ROUNDING, maxPivots);
    }

    private @Nullable Proof bounded(int depth) {
        solve(MAX_PIVOTS);
        Proof.Leaf leaf = leaf();
        long value = value(leaf);
        if (value <= enough() && linear.isImpossible()) {
            linear.restart();
            solve(MAX_PIVOTS);
            leaf = leaf();
            value = value(leaf);
        }
        if (value <= enough() && !linear.isImpossible()) {
            adopt(completed());
        }
        if (value > enough()) {
            return leaf;
        }
        if (isSpent() || linear.isImpossible()) {
            return null;
        }
        List<Integer> dear = dear(value);
        if (dear.isEmpty()) {
            List<Component> parts = Component.of(problem, state);
            // A part that the relaxation solves in whole columns costs nothing where it is.
            return parts.stream().filter(this::isUnsure).count() > 1 ? parted(parts) : branch(depth, leaf);
        }
        dear.forEach(j -> state.decide(j, Prices.LEFT));
        Proof proof = node(depth + 1);
        dear.forEach(state::undo);
        for (int k = dear.size() - 1; k >= 0 && proof != null; k--) {
            proof = new Proof.Branch(dear.get(k), leaf, proof);
        }
        return proof;
    }

    private boolean isUnsure(Component part) {
        for (int j : part.columns()) {
            if (linear.share(j) > SURE && linear.share(j) < 1 - SURE) {
                return true;
            }
        }
        return false;
    }

    /** Solves what hangs together by itself; null if that does not show enough. */
    private @Nullable Proof parted(List<Component> parts) {
        Parted found = Parted.solve(problem, parts, maxWork - work(), (size, lowerBound) -> {}, cancelled);
        if (found == null) {
            return null;
        }
        elsewhere += found.work();
        List<Integer> chosen = new ArrayList<>(found.chosen());
        for (int j = 0; j < problem.columns().length; j++) {
            if (state.isTaken(j)) {
                chosen.add(j);
            }
        }
        if (problem.isMetBy(chosen)) {
            adopt(chosen);
        }
        return state.taken() + found.fewest() >= target ? found.proof() : null;
    }

    /** The columns that are too dear at the present prices. */
    private List<Integer> dear(long value) {
        List<Integer> dear = new ArrayList<>();
        for (int j = 0; j < problem.columns().length; j++) {
            if (state.isOpen(j) && value + state.reduced(j) - state.least(j) > enough()) {
                dear.add(j);
            }
        }
        return dear;
    }

    /** What became of a column tried one way. */
    private record Trial(double value, Proof.@Nullable Leaf proof) {}

    private Trial trial(int column, byte to, LinearBound.Snapshot here) {
        state.decide(column, to);
        solve(TRIAL_PIVOTS);
        Proof.Leaf leaf = leaf();
        long value = value(leaf);
        Trial trial = new Trial((double) value / Proof.ONE, value > enough() ? leaf : null);
        state.undo(column);
        linear.restore(here);
        return trial;
    }

    private @Nullable Proof branch(int depth, Proof.Leaf leaf) {
        LinearBound.Snapshot here = linear.save();
        double value = (double) value(leaf) / Proof.ONE;
        int column = -1;
        double most = -1;
        int trials = 0;
        for (int j : unsure()) {
            if (!gains.isKnown(j) && trials++ < MAX_TRIALS) {
                double share = linear.share(j);
                Trial take = trial(j, Prices.TAKEN, here);
                Trial leave = trial(j, Prices.LEFT, here);
                Proof.Leaf takeProof = take.proof();
                Proof.Leaf leaveProof = leave.proof();
                if (takeProof != null && leaveProof != null) {
                    return new Proof.Branch(j, takeProof, leaveProof);
                }
                if (takeProof != null) {
                    Proof rest = decided(depth, j, Prices.LEFT);
                    return rest == null ? null : new Proof.Branch(j, takeProof, rest);
                }
                if (leaveProof != null) {
                    Proof rest = decided(depth, j, Prices.TAKEN);
                    return rest == null ? null : new Proof.Branch(j, rest, leaveProof);
                }
                gains.learn(j, share, take.value() - value, leave.value() - value);
            }
            double promise = gains.promise(j, linear.share(j));
            column = promise > most ? j : column;
            most = Math.max(most, promise);
        }
        return column < 0 ? null : branch(depth, column, here);
    }

    private @Nullable Proof branch(int depth, int column, LinearBound.Snapshot here) {
        Proof take = decided(depth, column, Prices.TAKEN);
        if (take == null) {
            return null;
        }
        linear.restore(here);
        Proof leave = decided(depth, column, Prices.LEFT);
        return leave == null ? null : new Proof.Branch(column, take, leave);
    }

    private @Nullable Proof decided(int depth, int column, byte to) {
        state.decide(column, to);
        Proof proof = node(depth + 1);
        state.undo(column);
        return proof;
    }

    /** The columns that the relaxation takes a part of, those first that promise most. */
    private List<Integer> unsure() {
        List<Integer> unsure = new ArrayList<>();
        for (int j = 0; j < problem.columns().length; j++) {
            if (state.isOpen(j) && linear.share(j) > SURE && linear.share(j) < 1 - SURE) {
                unsure.add(j);
            }
        }
        unsure.sort(Comparator.comparingDouble(j -> -gains.promise(j, linear.share(j))));
        return unsure;
    }
}
