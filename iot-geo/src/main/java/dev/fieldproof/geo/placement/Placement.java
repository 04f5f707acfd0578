package dev.fieldproof.geo.placement;

import java.util.List;

/**
 * A choice of candidates.
 *
 * @param chosen what to build, in the order of choice
 * @param open needs that may stay open, in cells: what the placer was allowed, or more where the mounts do not suffice
 * @param lowerBound no choice that leaves no more open costs less, or has fewer where each costs 1; proven
 * @param proof shows the lower bound to {@link ProofVerifier}
 */
public record Placement(List<Candidate> chosen, long open, int lowerBound, Proof proof) {
    /** Copies the list. */
    public Placement {
        chosen = List.copyOf(chosen);
    }

    /**
     * What the choice costs.
     *
     * @return the sum, which is the size where each candidate costs 1
     */
    public int cost() {
        return chosen.stream().mapToInt(Candidate::cost).sum();
    }

    /**
     * Whether no choice that meets as much costs less.
     *
     * @return true if the lower bound is reached
     */
    public boolean isOptimal() {
        return cost() == lowerBound;
    }
}
