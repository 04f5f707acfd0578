package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.coverage.Demand;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks a placement and its proof without the solver that found them, in whole numbers. Stateless and thread-safe.
 */
public final class ProofVerifier {
    private ProofVerifier() {}

    /**
     * Checks that a placement meets the demand, takes each mount once, and that its proof shows its lower bound.
     *
     * @param candidates what could be built
     * @param demand what should be seen
     * @param enoughShare as it was given to the placer
     * @param placement the choice and its proof
     * @return what is wrong, empty if all holds
     */
    public static String check(List<Candidate> candidates, Demand demand, double enoughShare, Placement placement) {
        Map<String, Integer> indices = new HashMap<>();
        for (int j = 0; j < candidates.size(); j++) {
            indices.put(candidates.get(j).sensor().id(), j);
        }
        for (Candidate candidate : placement.chosen()) {
            if (!indices.containsKey(candidate.sensor().id())) {
                return "'" + candidate.sensor().id() + "' is no candidate";
            }
        }
        CoverProblem given = CoverProblem.of(candidates, demand, enoughShare);
        CoverProblem problem = given.withSlack(Math.max(given.slack(), placement.open()));
        List<Integer> chosen = placement.chosen().stream()
                .map(candidate -> indices.get(candidate.sensor().id()))
                .toList();
        return check(problem, chosen, placement.lowerBound(), placement.proof());
    }

    static String check(CoverProblem problem, List<Integer> chosen, int lowerBound, Proof proof) {
        if (!problem.isMetBy(chosen)) {
            return "the choice leaves too much open or takes a mount twice";
        }
        if (lowerBound > problem.cost(chosen)) {
            return "the lower bound of " + lowerBound + " is above the choice's cost of " + problem.cost(chosen);
        }
        return holds(problem, problem.seers(), new Prices(problem), proof, (lowerBound - 1) * Proof.ONE)
                ? ""
                : "the proof does not show that " + (lowerBound - 1) + " is too little";
    }

    /** Whether every leaf is worth more than so much; the depth is that of the tree, at most one level a candidate. */
    private static boolean holds(CoverProblem problem, int[][] seers, Prices state, Proof proof, long more) {
        if (proof instanceof Proof.Leaf leaf) {
            return isSound(problem, leaf) && state.bound(leaf) > more;
        }
        if (proof instanceof Proof.Reduced reduced) {
            Reduction reduction = new Reduction(problem, state, seers);
            boolean holds = reduction.replay(reduced) && holds(problem, seers, state, reduced.rest(), more);
            reduction.undo();
            return holds;
        }
        if (proof instanceof Proof.Parts parts) {
            return holds(problem, seers, state, parts, more);
        }
        Proof.Branch branch = (Proof.Branch) proof;
        int column = branch.candidate();
        if (column < 0 || column >= problem.columns().length) {
            return false;
        }
        if (!state.isOpen(column)) {
            // Decided above, or its mount is taken: only leaving it is left.
            return !state.isTaken(column) && holds(problem, seers, state, branch.left(), more);
        }
        state.decide(column, Prices.TAKEN);
        boolean holds = holds(problem, seers, state, branch.taken(), more);
        state.undo(column);
        state.decide(column, Prices.LEFT);
        holds = holds && holds(problem, seers, state, branch.left(), more);
        state.undo(column);
        return holds;
    }

    /** Whether rows are there and ascend, and prices are neither below 0 nor so high that sums would run over. */
    private static boolean isSound(CoverProblem problem, Proof.Leaf leaf) {
        int[] rows = leaf.rows();
        boolean sound = rows.length == leaf.prices().length && leaf.openPrice() >= 0;
        BigInteger most = BigInteger.valueOf(leaf.openPrice()).multiply(BigInteger.valueOf(problem.slack()));
        for (int k = 0; k < rows.length && sound; k++) {
            sound = rows[k] > (k == 0 ? -1 : rows[k - 1]) && rows[k] < problem.rows() && leaf.prices()[k] >= 0;
            if (sound) {
                long perMount = (long) problem.need()[rows[k]] + problem.groups();
                most = most.add(BigInteger.valueOf(leaf.prices()[k]).multiply(BigInteger.valueOf(perMount)));
            }
        }
        return sound && most.bitLength() < 62;
    }

    /** Whether parts are apart, each needs what it says, and the sum is more than so much. */
    private static boolean holds(CoverProblem problem, int[][] seers, Prices state, Proof.Parts parts, long more) {
        int[] part = new int[problem.rows()];
        long fewest = state.taken();
        for (int p = 0; p < parts.parts().size(); p++) {
            fewest += parts.parts().get(p).fewest();
            for (int row : parts.parts().get(p).rows()) {
                if (row < 0 || row >= part.length || part[row] != 0) {
                    return false;
                }
                part[row] = p + 1;
            }
        }
        if (problem.slack() != 0 || fewest * Proof.ONE <= more || !areApart(problem, state, part)) {
            return false;
        }
        for (int p = 0; p < parts.parts().size(); p++) {
            List<Integer> others = new ArrayList<>();
            for (int i = 0; i < part.length; i++) {
                if (state.need()[i] > 0 && part[i] != p + 1) {
                    others.add(i);
                }
            }
            others.forEach(i -> state.ignore(i, true));
            Proof.Part own = parts.parts().get(p);
            boolean holds = own.fewest() <= 0
                    || holds(problem, seers, state, own.proof(), (state.taken() + own.fewest() - 1) * Proof.ONE);
            others.forEach(i -> state.ignore(i, false));
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static boolean areApart(CoverProblem problem, Prices state, int[] part) {
        for (int j = 0; j < problem.columns().length; j++) {
            int own = 0;
            for (int i : problem.columns()[j]) {
                if (state.isOpen(j) && state.need()[i] > 0 && part[i] != 0) {
                    if (own != 0 && part[i] != own) {
                        return false;
                    }
                    own = part[i];
                }
            }
        }
        return true;
    }
}
