package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.coverage.Demand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Meets as much of a demand as a given number of candidates can: greedily, then by exchanging one for another as long
 * as that helps. What is met is monotone and submodular, so greed alone reaches 63 % of the best (Nemhauser, Wolsey and
 * Fisher, 1978), and the gains still open show how much better any choice could be. Ties go to the candidate listed
 * first. Immutable and thread-safe.
 */
public final class BudgetPlacer {
    private static final int MAX_ROUNDS = 200;

    private final int most;

    /**
     * Sets the budget.
     *
     * @param most how many candidates may be built, 1 or more
     * @throws IllegalArgumentException if the number is not positive
     */
    public BudgetPlacer(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("budget of " + most + " candidates");
        }
        this.most = most;
    }

    /**
     * A choice within the budget.
     *
     * @param chosen what to build
     * @param met how much of the demand it meets: cells times sensors wanted
     * @param atMost no choice within the budget meets more; proven by the gains that {@code chosen} leaves open
     * @param wanted the whole demand as far as all candidates together could meet it
     */
    public record Choice(List<Candidate> chosen, long met, long atMost, long wanted) {
        /** Copies the list. */
        public Choice {
            chosen = List.copyOf(chosen);
        }
    }

    /**
     * Chooses, at most one candidate on each mount.
     *
     * @param candidates what could be built
     * @param demand what should be seen
     * @return the choice
     */
    public Choice place(List<Candidate> candidates, Demand demand) {
        CoverProblem problem = CoverProblem.of(candidates, demand, 1);
        List<Integer> chosen = choose(problem);
        long wanted = problem.open(List.of());
        return new Choice(
                chosen.stream().map(candidates::get).toList(),
                wanted - problem.open(chosen),
                atMost(problem, chosen),
                wanted);
    }

    List<Integer> choose(CoverProblem problem) {
        List<Integer> chosen = new ArrayList<>();
        while (chosen.size() < most && add(problem, chosen)) {
            // as long as something is gained
        }
        for (int round = 0; round < MAX_ROUNDS && exchange(problem, chosen); round++) {
            // as long as something is gained
        }
        return chosen;
    }

    /** What each column would add; nothing where its mount is taken. */
    private static long[] gains(CoverProblem problem, List<Integer> chosen) {
        int[] open = problem.need().clone();
        boolean[] used = new boolean[problem.groups()];
        for (int j : chosen) {
            used[problem.group()[j]] = true;
            for (int i : problem.columns()[j]) {
                open[i]--;
            }
        }
        long[] gains = new long[problem.columns().length];
        for (int j = 0; j < gains.length; j++) {
            if (!used[problem.group()[j]]) {
                for (int i : problem.columns()[j]) {
                    gains[j] += open[i] > 0 ? problem.weight()[i] : 0;
                }
            }
        }
        return gains;
    }

    private static boolean add(CoverProblem problem, List<Integer> chosen) {
        long[] gains = gains(problem, chosen);
        int best = -1;
        for (int j = 0; j < gains.length; j++) {
            best = gains[j] > (best < 0 ? 0 : gains[best]) ? j : best;
        }
        if (best >= 0) {
            chosen.add(best);
        }
        return best >= 0;
    }

    /** Puts another in the place of the first that has a better one; false if none has. */
    private static boolean exchange(CoverProblem problem, List<Integer> chosen) {
        long open = problem.open(chosen);
        for (int k = 0; k < chosen.size(); k++) {
            List<Integer> without = new ArrayList<>(chosen);
            without.remove(k);
            if (add(problem, without) && problem.open(without) < open) {
                chosen.clear();
                chosen.addAll(without);
                return true;
            }
        }
        return false;
    }

    /**
     * What any choice within the budget meets at most: what these columns meet and the greatest gains they leave open.
     * Holds for every list of columns, so it is checked by working it out again.
     */
    long atMost(CoverProblem problem, List<Integer> columns) {
        long wanted = problem.open(List.of());
        // Any choice adds to these no more than its columns do one by one, at most one a mount; also where a mount is
        // taken already, for the other choice may have another column there.
        int[] open = problem.need().clone();
        for (int j : columns) {
            for (int i : problem.columns()[j]) {
                open[i]--;
            }
        }
        long[] byMount = new long[problem.groups()];
        for (int j = 0; j < problem.columns().length; j++) {
            long gain = 0;
            for (int i : problem.columns()[j]) {
                gain += open[i] > 0 ? problem.weight()[i] : 0;
            }
            byMount[problem.group()[j]] = Math.max(byMount[problem.group()[j]], gain);
        }
        Arrays.sort(byMount);
        long sum = wanted - problem.open(columns);
        for (int n = 0; n < Math.min(most, byMount.length); n++) {
            sum += byMount[byMount.length - 1 - n];
        }
        return Math.min(sum, wanted);
    }
}
