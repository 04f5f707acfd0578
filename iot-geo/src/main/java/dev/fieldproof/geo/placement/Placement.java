package dev.fieldproof.geo.placement;

import java.util.List;

/**
 * A choice of candidates.
 *
 * @param chosen what to build, in the order of choice
 * @param lowerBound no choice that meets as much of the demand has fewer
 */
public record Placement(List<Candidate> chosen, int lowerBound) {
    /** Copies the list. */
    public Placement {
        chosen = List.copyOf(chosen);
    }
}
