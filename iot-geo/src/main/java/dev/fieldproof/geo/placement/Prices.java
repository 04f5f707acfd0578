package dev.fieldproof.geo.placement;

import java.util.Arrays;

/**
 * The value of a set of prices in whole numbers: a lower bound on what any choice costs, whatever the prices are. Not
 * thread-safe.
 */
final class Prices {
    static final byte FREE = 0;
    static final byte TAKEN = 1;
    static final byte LEFT = 2;

    /** More than any row needs. */
    private static final int IGNORED = 1 << 20;

    private final CoverProblem problem;
    private final byte[] state;
    private final int[] need;
    private final boolean[] closed;
    private int taken;

    /** What each candidate costs less what it covers at the last prices. */
    private final long[] reduced;

    private final long[] least;
    private final long[] price;

    Prices(CoverProblem problem) {
        this.problem = problem;
        state = new byte[problem.columns().length];
        need = problem.need().clone();
        closed = new boolean[problem.groups()];
        reduced = new long[state.length];
        least = new long[problem.groups()];
        price = new long[problem.rows()];
    }

    /** Decides a column; what was decided last is undone first. */
    void decide(int column, byte to) {
        if (to == TAKEN) {
            change(column, -1);
        }
        state[column] = to;
    }

    void undo(int column) {
        if (state[column] == TAKEN) {
            change(column, 1);
        }
        state[column] = FREE;
    }

    /** Takes a row out of the sum, or back in. */
    void ignore(int row, boolean out) {
        need[row] += out ? -IGNORED : IGNORED;
    }

    private void change(int column, int by) {
        taken -= by * problem.cost()[column];
        closed[problem.group()[column]] = by < 0;
        for (int i : problem.columns()[column]) {
            need[i] += by;
        }
    }

    /** Whether a column may still be chosen. */
    boolean isOpen(int column) {
        return state[column] == FREE && !closed[problem.group()[column]];
    }

    /** How many open rows the open columns hold together. */
    long size() {
        long sum = 0;
        for (int j = 0; j < state.length; j++) {
            if (isOpen(j)) {
                for (int i : problem.columns()[j]) {
                    sum += need[i] > 0 ? 1 : 0;
                }
            }
        }
        return sum;
    }

    int[] need() {
        return need;
    }

    /** What is taken costs. */
    int taken() {
        return taken;
    }

    boolean isTaken(int column) {
        return state[column] == TAKEN;
    }

    long reduced(int column) {
        return reduced[column];
    }

    /** What the best open column of a group gains, 0 or less. */
    long least(int column) {
        return least[problem.group()[column]];
    }

    /** A row may as well stay open: it never counts for more than that. */
    private long paid(Proof.Leaf leaf, int row) {
        boolean leave = leaf.openPrice() <= price[row] / problem.weight()[row];
        return leave ? leaf.openPrice() * problem.weight()[row] : price[row];
    }

    /** The bound, in parts of {@link Proof#ONE}. */
    long bound(Proof.Leaf leaf) {
        Arrays.fill(price, 0);
        long sum = taken * Proof.ONE - leaf.openPrice() * problem.slack();
        for (int k = 0; k < leaf.rows().length; k++) {
            int i = leaf.rows()[k];
            // What is covered already is worth nothing more.
            if (need[i] > 0) {
                price[i] = leaf.prices()[k];
                sum += need[i] * paid(leaf, i);
            }
        }
        Arrays.fill(least, 0);
        for (int j = 0; j < state.length; j++) {
            long cost = problem.cost()[j] * Proof.ONE;
            for (int i : problem.columns()[j]) {
                cost -= price[i];
            }
            reduced[j] = cost;
            if (isOpen(j)) {
                int group = problem.group()[j];
                least[group] = Math.min(least[group], cost);
            }
        }
        for (long gain : least) {
            sum += gain;
        }
        return sum;
    }
}
