package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.coverage.Demand;
import java.util.List;

/**
 * Takes the candidate that adds most for its cost, again and again, then drops what turned out needless. Ties go to the
 * candidate listed first, so the result depends on the input alone. Quick, and often a fifth above the fewest.
 * Stateless and thread-safe.
 */
public final class GreedyPlacer implements Placer {
    private final double enoughShare;

    /**
     * Stops when enough of the demand is met.
     *
     * @param enoughShare above 0 to 1: the share of what all candidates together could see
     * @throws IllegalArgumentException if the share is out of range
     */
    public GreedyPlacer(double enoughShare) {
        if (!(enoughShare > 0 && enoughShare <= 1)) {
            throw new IllegalArgumentException("enough share: " + enoughShare);
        }
        this.enoughShare = enoughShare;
    }

    @Override
    public Placement place(List<Candidate> candidates, Demand demand) {
        CoverProblem given = CoverProblem.of(candidates, demand, enoughShare);
        List<Integer> chosen = ExactPlacer.greedy(given);
        CoverProblem problem = given.withSlack(Math.max(given.slack(), given.open(chosen)));
        PriceSearch prices = new PriceSearch(problem);
        Prices state = new Prices(problem);
        long value = prices.search(state, 1, 0, problem.cost(chosen), Long.MAX_VALUE, Long.MAX_VALUE);
        int bound = chosen.isEmpty() ? 0 : Math.max(0, (int) -Math.floorDiv(-value, Proof.ONE));
        return new Placement(chosen.stream().map(candidates::get).toList(), problem.slack(), bound, prices.prices());
    }
}
