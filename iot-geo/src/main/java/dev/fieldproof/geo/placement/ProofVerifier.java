package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.coverage.Demand;
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
        if (lowerBound > chosen.size()) {
            return "the lower bound of " + lowerBound + " is above the choice of " + chosen.size();
        }
        return holds(problem, new Prices(problem), proof, (lowerBound - 1) * Proof.ONE)
                ? ""
                : "the proof does not show that " + (lowerBound - 1) + " are too few";
    }

    /** Whether every leaf is worth more than so much; the depth is that of the tree, at most one level a candidate. */
    private static boolean holds(CoverProblem problem, Prices state, Proof proof, long more) {
        if (proof instanceof Proof.Leaf leaf) {
            if (leaf.prices().length != problem.rows() || leaf.openPrice() < 0) {
                return false;
            }
            for (int price : leaf.prices()) {
                if (price < 0) {
                    return false;
                }
            }
            return state.bound(leaf.prices(), leaf.openPrice()) > more;
        }
        Proof.Branch branch = (Proof.Branch) proof;
        int column = branch.candidate();
        if (column < 0 || column >= problem.columns().length) {
            return false;
        }
        if (!state.isOpen(column)) {
            // Decided above, or its mount is taken: only leaving it is left.
            return !state.isTaken(column) && holds(problem, state, branch.left(), more);
        }
        state.decide(column, Prices.TAKEN);
        boolean holds = holds(problem, state, branch.taken(), more);
        state.undo(column);
        state.decide(column, Prices.LEFT);
        holds = holds && holds(problem, state, branch.left(), more);
        state.undo(column);
        return holds;
    }
}
