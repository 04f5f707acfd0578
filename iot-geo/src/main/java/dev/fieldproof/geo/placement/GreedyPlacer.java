package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.coverage.Demand;
import dev.fieldproof.geo.grid.CellSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes the candidate that adds most, again and again, then drops what turned out needless. Ties go to the candidate
 * listed first, so the result depends on the input alone. Stateless and thread-safe.
 */
public final class GreedyPlacer implements Placer {
    private final double enoughShare;

    /** Stops only when no candidate adds anything. */
    public GreedyPlacer() {
        this(1);
    }

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
        long reachable = met(candidates, demand);
        long enough = (long) Math.ceil(enoughShare * reachable);
        List<Candidate> chosen = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        List<CellSet> open = open(chosen, demand);
        while (met(chosen, demand) < enough) {
            Candidate best = null;
            int most = 0;
            for (Candidate candidate : candidates) {
                if (!taken.contains(candidate.mount().id())) {
                    int gain = gain(candidate.sees(), open);
                    if (gain > most) {
                        most = gain;
                        best = candidate;
                    }
                }
            }
            if (best == null) {
                break;
            }
            chosen.add(best);
            taken.add(best.mount().id());
            open = open(chosen, demand);
        }
        prune(chosen, demand, Math.min(enough, met(chosen, demand)));
        int widest = candidates.stream()
                .mapToInt(candidate -> gain(candidate.sees(), demand.atLeast()))
                .max()
                .orElse(0);
        int bound = widest == 0 ? 0 : (int) ((met(chosen, demand) + widest - 1) / widest);
        return new Placement(chosen, bound);
    }

    /** Cells of each level that still lack a sensor: level k is open where fewer than k are there. */
    private static List<CellSet> open(List<Candidate> chosen, Demand demand) {
        List<CellSet> met = levels(chosen, demand);
        List<CellSet> open = new ArrayList<>();
        for (int k = 0; k < demand.atLeast().size(); k++) {
            open.add(demand.atLeast().get(k).copy().removeAll(met.get(k)));
        }
        return open;
    }

    private static List<CellSet> levels(List<Candidate> chosen, Demand demand) {
        List<CellSet> met = new ArrayList<>();
        for (int k = 0; k < demand.atLeast().size(); k++) {
            met.add(new CellSet(demand.grid()));
        }
        for (Candidate candidate : chosen) {
            for (int k = met.size() - 1; k > 0; k--) {
                met.get(k).addAll(met.get(k - 1).copy().retainAll(candidate.sees()));
            }
            met.get(0).addAll(candidate.sees());
        }
        return met;
    }

    private static long met(List<Candidate> chosen, Demand demand) {
        List<CellSet> met = levels(chosen, demand);
        long sum = 0;
        for (int k = 0; k < met.size(); k++) {
            sum += met.get(k).sizeShared(demand.atLeast().get(k));
        }
        return sum;
    }

    /** How many open demands one more sensor closes: at each cell the lowest open level only. */
    private static int gain(CellSet sees, List<CellSet> open) {
        int gain = sees.sizeShared(open.get(0));
        for (int k = 1; k < open.size(); k++) {
            gain += sees.copy().removeAll(open.get(k - 1)).sizeShared(open.get(k));
        }
        return gain;
    }

    private static void prune(List<Candidate> chosen, Demand demand, long enough) {
        for (int i = chosen.size() - 1; i >= 0; i--) {
            Candidate candidate = chosen.remove(i);
            if (met(chosen, demand) < enough) {
                chosen.add(i, candidate);
            }
        }
    }
}
