package dev.fieldproof.geo.placement;

import java.util.Arrays;

/**
 * Finds good prices by subgradient steps (Held, Wolfe and Crowder, 1974): what is covered too little gets dearer, what
 * is covered too often cheaper. Steps follow the fading mean of the subgradients rather than the last one, which swings
 * from side to side (after Barahona and Anbil, "The volume algorithm", 2000). Not thread-safe.
 */
final class PriceSearch {
    private static final int PATIENCE = 40;
    private static final double SHORTER = 0.7;
    private static final double MAX_PRICE = 1 << 20;
    private static final double LEAST_STEP = 0.0001;

    private final CoverProblem problem;
    private final double[] price;
    private double openPrice;
    private final double[] covered;

    /** The fading mean of the subgradients, row by row. */
    private final double[] direction;

    private final double[] gain;
    private final int[] pick;

    /** How often each column was picked, fading with time: near 1 what belongs into good choices. */
    private final double[] share;

    private Proof.Leaf best = new Proof.Leaf(new int[0], new long[0], 0);
    private long bestBound;
    private long work;

    PriceSearch(CoverProblem problem) {
        this.problem = problem;
        price = new double[problem.rows()];
        covered = new double[problem.rows()];
        direction = new double[problem.rows()];
        gain = new double[problem.groups()];
        pick = new int[problem.groups()];
        share = new double[problem.columns().length];
        // A row that many columns cover is cheap.
        double[] widest = new double[problem.rows()];
        for (int j = 0; j < problem.columns().length; j++) {
            int[] column = problem.columns()[j];
            for (int i : column) {
                widest[i] = Math.max(widest[i], (double) column.length / problem.cost()[j]);
            }
        }
        double perCell = 0;
        for (int i = 0; i < price.length; i++) {
            price[i] = widest[i] == 0 ? 0 : 1 / widest[i];
            perCell = Math.max(perCell, price[i] / problem.weight()[i]);
        }
        openPrice =
                problem.slack() == 0 ? 4.0 * Arrays.stream(problem.cost()).max().orElse(1) : perCell;
    }

    long work() {
        return work;
    }

    Proof.Leaf prices() {
        return best;
    }

    double share(int column) {
        return share[column];
    }

    /** Goes on from the prices of a leaf. */
    void startAt(Proof.Leaf leaf) {
        Arrays.fill(direction, 0);
        Arrays.fill(price, 0);
        for (int k = 0; k < leaf.rows().length; k++) {
            price[leaf.rows()[k]] = (double) leaf.prices()[k] / Proof.ONE;
        }
        openPrice = (double) leaf.openPrice() / Proof.ONE;
    }

    /**
     * The best bound found within some steps, in parts of {@link Proof#ONE}; stops when it exceeds a limit.
     *
     * @param memory the weight of the steps before in the direction of each, 0 to less than 1
     */
    long search(Prices state, int steps, double memory, int upper, long enough, long maxWork) {
        long limit = work + maxWork;
        bestBound = Long.MIN_VALUE;
        double step = 1;
        int idle = 0;
        long size = problem.size();
        for (int s = 0; s < steps && step > LEAST_STEP && (s == 0 || work < limit); s++) {
            work += 2 * size;
            double value = evaluate(state);
            if (value * Proof.ONE > bestBound + Proof.ONE / 1024.0) {
                keep(state);
                idle = 0;
                if (bestBound > enough) {
                    return bestBound;
                }
            } else if (++idle > PATIENCE) {
                step *= SHORTER;
                idle = 0;
            }
            if (!move(state, memory, step * Math.min(upper, Math.max(0.3, upper - value)))) {
                break;
            }
        }
        return bestBound;
    }

    private void keep(Prices state) {
        long[] whole = new long[price.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (long) (Math.min(price[i], MAX_PRICE) * Proof.ONE);
        }
        Proof.Leaf leaf = Proof.Leaf.of(whole, (long) (openPrice * Proof.ONE));
        long bound = state.bound(leaf);
        if (bound > bestBound) {
            best = leaf;
            bestBound = bound;
        }
    }

    private double evaluate(Prices state) {
        int[] need = state.need();
        double sum = state.taken() - openPrice * problem.slack();
        for (int i = 0; i < price.length; i++) {
            covered[i] = 0;
            if (need[i] > 0) {
                sum += need[i] * Math.min(price[i], openPrice * problem.weight()[i]);
            }
        }
        for (int g = 0; g < pick.length; g++) {
            gain[g] = 0;
            pick[g] = -1;
        }
        for (int j = 0; j < share.length; j++) {
            share[j] *= 0.9;
            if (state.isOpen(j)) {
                double cost = problem.cost()[j];
                for (int i : problem.columns()[j]) {
                    cost -= need[i] > 0 ? price[i] : 0;
                }
                int g = problem.group()[j];
                if (cost < gain[g]) {
                    gain[g] = cost;
                    pick[g] = j;
                }
            }
        }
        for (int g = 0; g < pick.length; g++) {
            sum += gain[g];
            if (pick[g] >= 0) {
                share[pick[g]] += 0.1;
                for (int i : problem.columns()[pick[g]]) {
                    covered[i]++;
                }
            }
        }
        return sum;
    }

    /** Steps along the subgradient; false if it is zero, so that the prices are the best there are. */
    private boolean move(Prices state, double memory, double gap) {
        int[] need = state.need();
        double norm = 0;
        double openLoad = -problem.slack();
        for (int i = 0; i < price.length; i++) {
            if (need[i] > 0) {
                boolean open = price[i] > openPrice * problem.weight()[i];
                double lack = (open ? 0 : need[i]) - covered[i];
                openLoad += open ? need[i] * problem.weight()[i] : 0;
                double slope = price[i] <= 0 && lack < 0 ? 0 : lack;
                norm += slope * slope;
                direction[i] = memory * direction[i] + (1 - memory) * slope;
            }
        }
        // One cell's price moves all open rows at once: it is scaled to the rows' average.
        double scale = problem.slack() == 0 ? 0 : 1.0 / Math.max(1, problem.slack());
        norm += openLoad * scale * openLoad * scale;
        if (norm == 0) {
            return false;
        }
        double length = gap / norm;
        for (int i = 0; i < price.length; i++) {
            if (need[i] > 0) {
                price[i] = Math.max(0, price[i] + length * direction[i]);
            }
        }
        openPrice = Math.max(0, openPrice + length * openLoad * scale * scale);
        return true;
    }
}
