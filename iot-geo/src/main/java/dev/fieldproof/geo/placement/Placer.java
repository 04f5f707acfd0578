package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.coverage.Demand;
import java.util.List;

/** Chooses candidates that meet a demand. Implementations are thread-safe. */
public interface Placer {
    /**
     * Chooses so that as much of the demand is met as all candidates together could, at most one on each mount.
     *
     * @param candidates what could be built
     * @param demand what should be seen
     * @return the choice
     */
    Placement place(List<Candidate> candidates, Demand demand);
}
