package dev.fieldproof.geo.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Improves a choice by dropping a column and mending what opens: rows that stay open grow in weight, so that the search
 * does not go round in circles (after Gao, Weise and Li, "An efficient local search heuristic with row weighting for
 * the unicost set covering problem", 2015). Not thread-safe.
 */
final class RowWeights {
    private final CoverProblem problem;
    private final int[][] seers;
    private final int[] covered;
    private final double[] rowWeight;
    private final int[] inGroup;
    private final boolean[] chosen;
    private final long[] since;
    private final List<Integer> current = new ArrayList<>();
    private long open;
    private long work;

    RowWeights(CoverProblem problem) {
        this.problem = problem;
        covered = new int[problem.rows()];
        rowWeight = new double[problem.rows()];
        for (int i = 0; i < rowWeight.length; i++) {
            rowWeight[i] = problem.weight()[i];
            open += problem.need()[i] * problem.weight()[i];
        }
        inGroup = new int[problem.groups()];
        java.util.Arrays.fill(inGroup, -1);
        chosen = new boolean[problem.columns().length];
        since = new long[chosen.length];
        seers = problem.seers();
    }

    long work() {
        return work;
    }

    private void add(int column) {
        int before = inGroup[problem.group()[column]];
        if (before >= 0) {
            remove(before);
        }
        inGroup[problem.group()[column]] = column;
        chosen[column] = true;
        current.add(column);
        for (int i : problem.columns()[column]) {
            open -= covered[i]++ < problem.need()[i] ? problem.weight()[i] : 0;
        }
        work += problem.columns()[column].length;
    }

    private void remove(int column) {
        inGroup[problem.group()[column]] = -1;
        chosen[column] = false;
        current.remove((Integer) column);
        for (int i : problem.columns()[column]) {
            open += covered[i]-- <= problem.need()[i] ? problem.weight()[i] : 0;
        }
        work += problem.columns()[column].length;
    }

    /** What adding a column closes, or removing it opens, by row weight. */
    private double score(int column) {
        int limit = chosen[column] ? 0 : -1;
        double sum = 0;
        for (int i : problem.columns()[column]) {
            sum += covered[i] - problem.need()[i] <= limit ? rowWeight[i] : 0;
        }
        work += problem.columns()[column].length;
        return sum;
    }

    /**
     * Searches.
     *
     * @param start a choice that meets the problem
     * @param target stops when a choice is no larger
     * @param maxWork looks at rows, at most
     */
    List<Integer> improve(
            List<Integer> start, int target, long maxWork, RandomGenerator random, BooleanSupplier cancelled) {
        List.copyOf(current).forEach(this::remove);
        start.forEach(this::add);
        List<Integer> best = List.copyOf(start);
        long limit = work + maxWork;
        for (long step = 1; work < limit && best.size() > target && !cancelled.getAsBoolean(); step++) {
            if (open <= problem.slack()) {
                best = List.copyOf(current);
                remove(cheapest(-1));
                continue;
            }
            if (current.size() >= best.size() - 1) {
                if (current.isEmpty()) {
                    break;
                }
                remove(cheapest(step));
            }
            int row = openRow(random);
            int added = fittest(row);
            if (added < 0) {
                break;
            }
            add(added);
            since[added] = step;
            for (int i = 0; i < covered.length; i++) {
                rowWeight[i] += covered[i] < problem.need()[i] ? problem.weight()[i] : 0;
            }
            work += covered.length / 8;
        }
        return best;
    }

    private int cheapest(long step) {
        int cheapest = -1;
        double least = Double.MAX_VALUE;
        for (int column : current) {
            double score = score(column);
            // What came in the last step stays for one more.
            if (since[column] != step - 1 || current.size() == 1) {
                boolean better = score < least || (score == least && since[column] < since[cheapest]);
                cheapest = better ? column : cheapest;
                least = better ? score : least;
            }
        }
        return cheapest;
    }

    private int openRow(RandomGenerator random) {
        int row = random.nextInt(covered.length);
        while (covered[row] >= problem.need()[row]) {
            row = row + 1 == covered.length ? 0 : row + 1;
            work++;
        }
        return row;
    }

    private int fittest(int row) {
        int fittest = -1;
        double most = -1;
        for (int column : seers[row]) {
            if (!chosen[column]) {
                double score = score(column);
                if (score > most || (score == most && since[column] < since[fittest])) {
                    fittest = column;
                    most = score;
                }
            }
        }
        return fittest;
    }
}
