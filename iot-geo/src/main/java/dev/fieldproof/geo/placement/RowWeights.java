package dev.fieldproof.geo.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Improves a choice by dropping a column and mending what opens: rows that stay open grow in weight, so that the search
 * does not go round in circles, and a column comes back only after something about its rows has changed (after Gao,
 * Weise and Li, "An efficient local search heuristic with row weighting for the unicost set covering problem", 2015).
 * What each column would close or open is kept up to date rather than added up. Weights outlive a call, so the next one
 * goes on elsewhere. Not thread-safe.
 */
final class RowWeights {
    private static final int CHECK_STEPS = 64;

    private final CoverProblem problem;
    private final int[][] columns;
    private final int[][] seers;
    private final int cheapestColumn;
    private final int[] need;
    private final int[] covered;
    private final long[] rowWeight;
    private final int[] inGroup;
    private final boolean[] chosen;

    /** By row weight: what a column outside the choice would close, and what one inside would open. */
    private final long[] score;

    /** Whether a column's rows have changed since it was dropped. */
    private final boolean[] fresh;

    private final long[] since;
    private final List<Integer> current = new ArrayList<>();

    /** The rows that need more, in no order, and the place of each among them. */
    private final int[] openRows;

    private final int[] openPlace;
    private int openCount;

    /** What the present choice costs. */
    private long spent;

    /** How much is open, as the problem counts it. */
    private long open;

    private long steps;
    private long work;

    RowWeights(CoverProblem problem) {
        this.problem = problem;
        columns = problem.columns();
        seers = problem.seers();
        cheapestColumn = java.util.Arrays.stream(problem.cost()).min().orElse(1);
        need = problem.need();
        int rows = problem.rows();
        covered = new int[rows];
        openRows = new int[rows];
        openPlace = new int[rows];
        rowWeight = problem.weight().clone();
        score = new long[columns.length];
        for (int i = 0; i < rows; i++) {
            openPlace[i] = -1;
            open += need[i] * problem.weight()[i];
            if (need[i] > 0) {
                opened(i);
                for (int j : seers[i]) {
                    score[j] += rowWeight[i];
                }
            }
        }
        inGroup = new int[problem.groups()];
        java.util.Arrays.fill(inGroup, -1);
        chosen = new boolean[columns.length];
        fresh = new boolean[columns.length];
        java.util.Arrays.fill(fresh, true);
        since = new long[columns.length];
    }

    long work() {
        return work;
    }

    private void opened(int row) {
        openPlace[row] = openCount;
        openRows[openCount++] = row;
    }

    private void closed(int row) {
        int last = openRows[--openCount];
        openRows[openPlace[row]] = last;
        openPlace[last] = openPlace[row];
        openPlace[row] = -1;
    }

    private void add(int column) {
        int before = inGroup[problem.group()[column]];
        if (before >= 0) {
            remove(before);
        }
        inGroup[problem.group()[column]] = column;
        current.add(column);
        spent += problem.cost()[column];
        work += columns[column].length;
        for (int i : columns[column]) {
            int count = ++covered[i];
            open -= count <= need[i] ? problem.weight()[i] : 0;
            if (count == need[i]) {
                closed(i);
            }
            if (count == need[i] || count == need[i] + 1) {
                // The last that was missing: nobody else would close it. One more than enough: nobody opens it.
                change(i, count > need[i], -rowWeight[i]);
            }
        }
        chosen[column] = true;
        score[column] = counted(column);
    }

    private void remove(int column) {
        inGroup[problem.group()[column]] = -1;
        current.remove((Integer) column);
        spent -= problem.cost()[column];
        chosen[column] = false;
        work += columns[column].length;
        for (int i : columns[column]) {
            int count = --covered[i];
            open += count < need[i] ? problem.weight()[i] : 0;
            if (count == need[i] - 1) {
                opened(i);
            }
            if (count == need[i] - 1 || count == need[i]) {
                change(i, count == need[i], rowWeight[i]);
            }
        }
        score[column] = counted(column);
        fresh[column] = false;
    }

    /** Changes the scores of a row's columns inside or outside the choice; for both, something has changed. */
    private void change(int row, boolean inside, long by) {
        for (int j : seers[row]) {
            fresh[j] = true;
            if (chosen[j] == inside) {
                score[j] += by;
            }
        }
        work += seers[row].length;
    }

    private long counted(int column) {
        int limit = chosen[column] ? 0 : -1;
        long sum = 0;
        for (int i : columns[column]) {
            sum += covered[i] - need[i] <= limit ? rowWeight[i] : 0;
        }
        return sum;
    }

    /**
     * Searches.
     *
     * @param start a choice that meets the problem
     * @param target stops when a choice is no dearer
     * @param maxWork looks at rows, at most
     */
    List<Integer> improve(
            List<Integer> start, int target, long maxWork, RandomGenerator random, BooleanSupplier cancelled) {
        List.copyOf(current).forEach(this::remove);
        start.forEach(this::add);
        List<Integer> best = List.copyOf(start);
        long least = problem.cost(best);
        long limit = work + maxWork;
        int added = -1;
        while (work < limit && least > target) {
            if (++steps % CHECK_STEPS == 0 && cancelled.getAsBoolean()) {
                break;
            }
            if (open <= problem.slack() && spent < least) {
                best = List.copyOf(current);
                least = spent;
            }
            if (open <= problem.slack() || spent >= least) {
                if (current.isEmpty()) {
                    break;
                }
                remove(cheapest(open <= problem.slack() ? -1 : added));
                continue;
            }
            if (spent >= least - cheapestColumn && !current.isEmpty()) {
                remove(cheapest(added));
            }
            added = fittest(openRows[random.nextInt(openCount)]);
            if (added < 0) {
                break;
            }
            add(added);
            since[added] = steps;
            raise();
        }
        return best;
    }

    /** Rows that are open now count for more. */
    private void raise() {
        for (int k = 0; k < openCount; k++) {
            int row = openRows[k];
            long by = problem.weight()[row];
            rowWeight[row] += by;
            for (int j : seers[row]) {
                score[j] += by;
            }
            work += seers[row].length;
        }
    }

    /** Compares two scores by what their columns cost. */
    private int compare(int a, int b) {
        return Long.compare(score[a] * problem.cost()[b], score[b] * problem.cost()[a]);
    }

    /** The column inside whose loss opens least, the oldest of such; what came in last stays. */
    private int cheapest(int last) {
        int cheapest = -1;
        for (int j : current) {
            if (j != last || current.size() == 1) {
                long each = cheapest < 0 ? -1 : compare(j, cheapest);
                boolean better = each < 0 || (each == 0 && since[j] < since[cheapest]);
                cheapest = better ? j : cheapest;
            }
        }
        work += current.size();
        return cheapest;
    }

    /** The column for a row that closes most, the oldest of such; those whose rows have changed go first. */
    private int fittest(int row) {
        int fittest = -1;
        for (int j : seers[row]) {
            if (!chosen[j]) {
                boolean better = fittest < 0
                        || (fresh[j] && !fresh[fittest])
                        || (fresh[j] == fresh[fittest]
                                && (compare(j, fittest) > 0
                                        || (compare(j, fittest) == 0 && since[j] < since[fittest])));
                fittest = better ? j : fittest;
            }
        }
        work += seers[row].length;
        return fittest;
    }
}
