package dev.fieldproof.geo.placement;

import java.util.Arrays;

/**
 * Leaves out rows that another row implies and columns that another column outdoes, again and again, and remembers how
 * to undo and to prove it; and checks such proofs, by the plain definition. Only where nothing may stay open. Not
 * thread-safe.
 */
final class Reduction {
    private static final int MAX_ROUNDS = 20;

    private final CoverProblem problem;
    private final Prices state;
    private final int[][] seers;
    private int[] what = new int[64];
    private int[] by = new int[64];
    private int count;

    Reduction(CoverProblem problem, Prices state, int[][] seers) {
        this.problem = problem;
        this.state = state;
        this.seers = seers;
    }

    int count() {
        return count;
    }

    /** Wraps what is proven without what was left out. */
    Proof proof(Proof rest) {
        return count == 0 ? rest : new Proof.Reduced(Arrays.copyOf(what, count), Arrays.copyOf(by, count), rest);
    }

    /** Leaves out all that it finds. */
    void reduce() {
        for (int round = 0, before = -1; round < MAX_ROUNDS && count > before; round++) {
            before = count;
            rows();
            if (round == 0 || count > before) {
                columns();
            }
        }
    }

    /** Puts back what was left out, the last first. */
    void undo() {
        while (count > 0) {
            count--;
            if (what[count] >= 0) {
                state.ignore(what[count], false);
            } else {
                state.undo(-1 - what[count]);
            }
        }
    }

    private void leaveOut(int each, int because) {
        if (count == what.length) {
            what = Arrays.copyOf(what, 2 * count);
            by = Arrays.copyOf(by, 2 * count);
        }
        what[count] = each;
        by[count++] = because;
        if (each >= 0) {
            state.ignore(each, true);
        } else {
            state.decide(-1 - each, Prices.LEFT);
        }
    }

    private void rows() {
        int[] need = state.need();
        int words = (problem.columns().length + 63) / 64;
        long[][] open = new long[need.length][];
        int[] rarest = new int[need.length];
        int[] length = new int[problem.columns().length];
        for (int j = 0; j < length.length; j++) {
            if (state.isOpen(j)) {
                for (int i : problem.columns()[j]) {
                    length[j] += need[i] > 0 ? 1 : 0;
                }
            }
        }
        for (int i = 0; i < need.length; i++) {
            rarest[i] = -1;
            if (need[i] > 0) {
                open[i] = new long[words];
                for (int j : seers[i]) {
                    if (state.isOpen(j)) {
                        open[i][j >> 6] |= 1L << j;
                        rarest[i] = rarest[i] < 0 || length[j] < length[rarest[i]] ? j : rarest[i];
                    }
                }
            }
        }
        for (int i = 0; i < need.length; i++) {
            // Whatever the row implies is in each of its columns: the shortest has the fewest to ask.
            if (need[i] > 0 && rarest[i] >= 0) {
                for (int other : problem.columns()[rarest[i]]) {
                    if (other != i && need[other] > 0 && need[i] >= need[other] && isPart(open[i], open[other])) {
                        leaveOut(other, i);
                    }
                }
            }
        }
    }

    private static boolean isPart(long[] part, long[] whole) {
        for (int w = 0; w < part.length; w++) {
            if ((part[w] & ~whole[w]) != 0) {
                return false;
            }
        }
        return true;
    }

    private void columns() {
        int[] need = state.need();
        int[] alone = openInGroups();
        for (int j = 0; j < problem.columns().length; j++) {
            if (!state.isOpen(j)) {
                continue;
            }
            int rarest = -1;
            boolean once = true;
            for (int i : problem.columns()[j]) {
                if (need[i] > 0) {
                    rarest = rarest < 0 || seers[i].length < seers[rarest].length ? i : rarest;
                    once &= need[i] == 1;
                }
            }
            if (rarest < 0 || !once) {
                continue;
            }
            for (int k : seers[rarest]) {
                boolean may = k != j
                        && state.isOpen(k)
                        && (problem.group()[k] == problem.group()[j] || alone[problem.group()[k]] == 1);
                if (may && problem.cost()[k] <= problem.cost()[j] && outdoes(k, j)) {
                    leaveOut(-1 - j, k);
                    alone[problem.group()[j]]--;
                    break;
                }
            }
        }
    }

    private int[] openInGroups() {
        int[] open = new int[problem.groups()];
        for (int j = 0; j < problem.columns().length; j++) {
            open[problem.group()[j]] += state.isOpen(j) ? 1 : 0;
        }
        return open;
    }

    /** Whether every row that j covers and that needs more is covered by k; both lists ascend. */
    private boolean outdoes(int k, int j) {
        int[] need = state.need();
        int[] mine = problem.columns()[k];
        int at = 0;
        for (int i : problem.columns()[j]) {
            if (need[i] > 0) {
                while (at < mine.length && mine[at] < i) {
                    at++;
                }
                if (at == mine.length || mine[at] != i) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Leaves out what a proof says, if it may; false at the first thing that may not be left out. */
    boolean replay(Proof.Reduced reduced) {
        if (problem.slack() != 0 || reduced.what().length != reduced.by().length) {
            return false;
        }
        for (int n = 0; n < reduced.what().length; n++) {
            int each = reduced.what()[n];
            int because = reduced.by()[n];
            if (!(each >= 0 ? isImplied(each, because) : isOutdone(-1 - each, because))) {
                return false;
            }
            leaveOut(each, because);
        }
        return true;
    }

    private boolean isImplied(int row, int other) {
        int[] need = state.need();
        if (row >= need.length || other < 0 || other >= need.length || row == other) {
            return false;
        }
        if (need[row] <= 0 || need[other] < need[row]) {
            return false;
        }
        for (int j : seers[other]) {
            if (state.isOpen(j) && Arrays.binarySearch(seers[row], j) < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isOutdone(int column, int other) {
        int n = problem.columns().length;
        if (column >= n
                || other < 0
                || other >= n
                || column == other
                || !state.isOpen(column)
                || !state.isOpen(other)) {
            return false;
        }
        int group = problem.group()[other];
        for (int j = 0; j < n && group != problem.group()[column]; j++) {
            if (j != other && problem.group()[j] == group && state.isOpen(j)) {
                return false;
            }
        }
        for (int i : problem.columns()[column]) {
            if (state.need()[i] > 1) {
                return false;
            }
        }
        return problem.cost()[other] <= problem.cost()[column] && outdoes(other, column);
    }
}
