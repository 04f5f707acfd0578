package dev.fieldproof.geo.placement;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The best prices there are: the linear relaxation of what is left to cover, by the primal simplex method on its dual.
 * A price for each row and one for each group are sought so that no open column gains; deciding a column only takes
 * its limit away, so the prices at hand stay allowed and the search goes on from them. Of the basis only the {@link
 * Kernel} is kept: prices in use and the columns they make tight; what all other columns lack follows. Rounding does
 * no harm, for {@link Prices} values whatever comes out in whole numbers. Not thread-safe.
 */
final class LinearBound {
    private static final int NONE = Integer.MIN_VALUE;
    private static final double EPSILON = 1e-9;
    private static final double LEAST_PIVOT = 1e-7;

    /** A released column gains no less for certain: with less, either way will do. */
    private static final double NOTHING = 1e-6;

    /** How far a price or a slack may fall below 0 for a better pivot. */
    private static final double TOLERANCE = 1e-10;

    /** A basis that is farther off than this is inverted anew. */
    private static final double MOST_DRIFT = 1e-7;

    /** Limits are lowered by random parts up to this, or ties would stall the search. */
    private static final double PERTURBATION = 2e-5;

    /** As many steps choose among the variables listed by the last look at all of them. */
    private static final int LIST_STEPS = 12;

    private static final int LIST = 60;
    private static final double LIST_SHARE = 0.2;

    /** The dearest that fits. */
    static final int MAX_PRICE = 1 << 26;

    private final BooleanSupplier stop;
    private final CoverProblem problem;
    private final int rows;
    private final int columns;

    /** The columns of each row, then of each group. */
    private final int[][] lists;

    /** What each row needs now; of use only above 0. */
    private final int[] need;

    /** The dearest column's cost: limits are parts of it, so that what is small is small whatever the currency. */
    private final double unit;

    private final double[] limit;
    private final Kernel kernel;
    private final boolean[] free;

    /** The prices in use, by place, and what each column lacks of its limit. */
    private final double[] price;

    private final double[] slack;

    /** How much of each column the relaxation takes. */
    private final double[] share;

    /** How fast prices in use and slacks fall as a variable enters. */
    private final double[] priceFall;

    private final double[] slackFall;
    private final double[] row;
    private final int[] listed = new int[LIST];
    private int listedCount;
    private int listedSteps;
    private double value;
    private boolean impossible;

    /** The row whose price rises without end, if that is why. */
    private int riser;

    private double risen;
    private long work;

    LinearBound(CoverProblem problem, BooleanSupplier stop) {
        this.stop = stop;
        this.problem = problem;
        rows = problem.rows();
        columns = problem.columns().length;
        lists = Arrays.copyOf(problem.seers(), rows + problem.groups());
        int[][] members = members(problem);
        System.arraycopy(members, 0, lists, rows, members.length);
        need = problem.need().clone();
        kernel = new Kernel(lists.length, columns);
        free = new boolean[columns];
        price = new double[columns];
        slack = new double[columns];
        share = new double[columns];
        priceFall = new double[columns];
        slackFall = new double[columns];
        row = new double[columns];
        limit = new double[columns];
        unit = Arrays.stream(problem.cost()).max().orElse(1);
        SplittableRandom random = ExactPlacer.random();
        for (int j = 0; j < columns; j++) {
            limit[j] = problem.cost()[j] / unit * (1 - random.nextDouble(PERTURBATION));
            slack[j] = limit[j];
        }
    }

    private static int[][] members(CoverProblem problem) {
        int[][] members = new int[problem.groups()][];
        int[] count = new int[members.length];
        for (int g : problem.group()) {
            count[g]++;
        }
        Arrays.setAll(members, g -> new int[count[g]]);
        for (int j = problem.group().length - 1; j >= 0; j--) {
            members[problem.group()[j]][--count[problem.group()[j]]] = j;
        }
        return members;
    }

    long work() {
        return work;
    }

    /** The value of the prices, without what is decided already. */
    double value() {
        return value * unit;
    }

    /** Whether what is left cannot be covered at all. */
    boolean isImpossible() {
        return impossible;
    }

    double share(int column) {
        return share[column];
    }

    /** The prices in parts of {@link Proof#ONE}. */
    Proof.Leaf prices() {
        int[] which = new int[kernel.size + 1];
        long[] much = new long[kernel.size + 1];
        int count = 0;
        for (int i = 0; i < rows; i++) {
            int at = kernel.pricePlace[i];
            double each = impossible && i == riser ? risen : at >= 0 ? price[at] : 0;
            if (each > 0) {
                which[count] = i;
                much[count++] = whole(each * unit);
            }
        }
        return new Proof.Leaf(Arrays.copyOf(which, count), Arrays.copyOf(much, count), MAX_PRICE * Proof.ONE);
    }

    private static long whole(double price) {
        return (long) (Math.max(0, Math.min(price, MAX_PRICE)) * Proof.ONE);
    }

    private double cost(int variable) {
        return variable < rows ? Math.max(0, need[variable]) : -1;
    }

    private double sign(int variable) {
        return variable < rows ? 1 : -1;
    }

    /** Everything needed to come back. */
    @SuppressWarnings("ArrayRecordComponent") // a private copy
    record Snapshot(
            Kernel.Snapshot kernel, int[] need, double[] price, double[] slack, boolean[] free, double[] share) {}

    Snapshot save() {
        work += (long) kernel.size * kernel.size / 8;
        return new Snapshot(kernel.save(), need.clone(), price.clone(), slack.clone(), free.clone(), share.clone());
    }

    void restore(Snapshot from) {
        kernel.restore(from.kernel);
        System.arraycopy(from.need, 0, need, 0, rows);
        System.arraycopy(from.price, 0, price, 0, columns);
        System.arraycopy(from.slack, 0, slack, 0, columns);
        System.arraycopy(from.free, 0, free, 0, columns);
        System.arraycopy(from.share, 0, share, 0, columns);
        listedCount = 0;
        work += (long) kernel.size * kernel.size / 8;
    }

    /**
     * Goes on to the best prices for the present decisions.
     *
     * @param enough stops when the value is above, without what is decided
     * @param maxPivots stops after so many steps
     */
    void solve(Prices state, double enough, int maxPivots) {
        solveScaled(state, enough / unit, maxPivots);
    }

    private void solveScaled(Prices state, double enough, int maxPivots) {
        impossible = false;
        System.arraycopy(state.need(), 0, need, 0, rows);
        listedCount = 0;
        shares();
        for (int j = 0; j < columns && !impossible; j++) {
            if (!free[j] && !state.isOpen(j)) {
                free[j] = true;
                if (kernel.tightPlace[j] >= 0) {
                    enter(-1 - j, -share[j], enough);
                }
            }
        }
        for (int step = 0; step < maxPivots && !impossible; step++) {
            if (value > enough || (step % 16 == 0 && stop.getAsBoolean())) {
                break;
            }
            int variable = best();
            if (variable == NONE) {
                break;
            }
            enter(variable, profit(variable), enough);
        }
        if (!impossible && drift() > MOST_DRIFT) {
            invert();
        }
    }

    /** Forgets all prices, and with them what rounding may have done to them. */
    void restart() {
        kernel.clear();
        System.arraycopy(limit, 0, slack, 0, columns);
    }

    /** What is taken of each column, and the value. */
    private void shares() {
        Arrays.fill(share, 0);
        Arrays.fill(row, 0, kernel.size, 0);
        value = 0;
        for (int q = 0; q < kernel.size; q++) {
            double cost = cost(kernel.prices[q]);
            value += cost * price[q];
            if (cost != 0) {
                double[] from = kernel.inverse[q];
                for (int p = 0; p < kernel.size; p++) {
                    row[p] += cost * from[p];
                }
            }
        }
        for (int p = 0; p < kernel.size; p++) {
            share[kernel.tight[p]] = row[p];
        }
        work += (long) kernel.size * kernel.size / 4;
    }

    /** How far tight columns are from their limits. */
    private double drift() {
        double most = 0;
        for (int p = 0; p < kernel.size; p++) {
            most = Math.max(most, Math.abs(limit[kernel.tight[p]] - load(kernel.tight[p])));
        }
        return most;
    }

    /** What the prices of a column's rows come to. */
    private double load(int column) {
        double sum = 0;
        for (int i : problem.columns()[column]) {
            sum += kernel.pricePlace[i] >= 0 ? price[kernel.pricePlace[i]] : 0;
        }
        int group = kernel.pricePlace[rows + problem.group()[column]];
        work += problem.columns()[column].length / 4;
        return group >= 0 ? sum - price[group] : sum;
    }

    /** Works out everything anew from what is basic; starts from nothing where that fails. */
    private void invert() {
        double[][] matrix = new double[kernel.size][kernel.size];
        for (int q = 0; q < kernel.size; q++) {
            for (int j : lists[kernel.prices[q]]) {
                if (kernel.tightPlace[j] >= 0) {
                    matrix[kernel.tightPlace[j]][q] += sign(kernel.prices[q]);
                }
            }
        }
        work += (long) kernel.size * kernel.size * kernel.size / 4;
        if (!kernel.invert(matrix)) {
            kernel.clear();
        }
        for (int q = 0; q < kernel.size; q++) {
            price[q] = 0;
            for (int p = 0; p < kernel.size; p++) {
                price[q] += kernel.inverse[q][p] * limit[kernel.tight[p]];
            }
        }
        for (int j = 0; j < columns; j++) {
            slack[j] = kernel.tightPlace[j] >= 0 ? 0 : limit[j] - load(j);
        }
        shares();
    }

    /** What a variable gains: a row's or group's price, or, below 0, what column {@code -1 - variable} lacks. */
    private double profit(int variable) {
        if (variable < 0) {
            return -share[-1 - variable];
        }
        double sum = 0;
        for (int j : lists[variable]) {
            sum += share[j];
        }
        work += lists[variable].length / 4;
        return variable < rows ? need[variable] - sum : sum - 1;
    }

    /** The variable outside the basis that promises most for the length of its column. */
    private int best() {
        if (listedCount == 0 || ++listedSteps > LIST_STEPS) {
            list();
        }
        int best = bestListed();
        if (best == NONE && listedSteps > 0) {
            list();
            best = bestListed();
        }
        return best;
    }

    private int bestListed() {
        int best = NONE;
        double most = 0;
        for (int k = 0; k < listedCount; k++) {
            double promise = promise(listed[k]);
            if (promise > most) {
                most = promise;
                best = listed[k];
            }
        }
        for (int p = 0; p < kernel.size; p++) {
            double lack = -share[kernel.tight[p]];
            if (lack > EPSILON && lack * lack / 2 > most) {
                most = lack * lack / 2;
                best = -1 - kernel.tight[p];
            }
        }
        return best;
    }

    private double promise(int variable) {
        if (kernel.pricePlace[variable] >= 0) {
            return 0;
        }
        double profit = profit(variable);
        return profit > EPSILON ? profit * profit / (lists[variable].length + 1) : 0;
    }

    /** Looks at all and lists those that promise about as much as the best. */
    private void list() {
        double[] promises = new double[lists.length];
        double most = 0;
        for (int v = 0; v < lists.length; v++) {
            if (v >= rows ? true : need[v] > 0) {
                promises[v] = promise(v);
                most = Math.max(most, promises[v]);
            }
        }
        listedCount = 0;
        listedSteps = 0;
        for (int pass = 0; pass < 2; pass++) {
            double least = pass == 0 ? most * 0.6 : most * LIST_SHARE;
            double below = pass == 0 ? Double.MAX_VALUE : most * 0.6;
            for (int v = 0; v < lists.length && listedCount < LIST && most > 0; v++) {
                if (promises[v] >= least && promises[v] < below) {
                    listed[listedCount++] = v;
                }
            }
        }
    }

    /** Brings a variable into the basis, upwards if that is a profit, else downwards. */
    private void enter(int variable, double profit, double enough) {
        fall(variable);
        double sign = profit >= 0 ? 1 : -1;
        int leaving = leaving(sign);
        if (leaving == NONE && Math.abs(profit) <= NOTHING) {
            sign = -sign;
            leaving = leaving(sign);
        }
        if (leaving == NONE) {
            // Prices may rise without end: what is left cannot be covered.
            impossible = true;
            rise(variable, sign, Math.abs(profit), enough);
            return;
        }
        double step = leaving >= 0
                ? Math.max(0, price[leaving]) / priceFall[leaving]
                : Math.max(0, slack[-1 - leaving]) / slackFall[-1 - leaving];
        pivot(variable, leaving, profit, step);
    }

    private void fall(int variable) {
        Arrays.fill(slackFall, 0);
        if (variable < 0) {
            int p = kernel.tightPlace[-1 - variable];
            for (int q = 0; q < kernel.size; q++) {
                priceFall[q] = kernel.inverse[q][p];
            }
        } else {
            int[] list = new int[lists[variable].length];
            int count = 0;
            for (int j : lists[variable]) {
                slackFall[j] += sign(variable);
                if (kernel.tightPlace[j] >= 0) {
                    list[count++] = kernel.tightPlace[j];
                }
            }
            for (int q = 0; q < kernel.size; q++) {
                double[] from = kernel.inverse[q];
                double sum = 0;
                for (int k = 0; k < count; k++) {
                    sum += from[list[k]];
                }
                priceFall[q] = sign(variable) * sum;
            }
            work += (long) count * kernel.size / 4;
        }
        for (int q = 0; q < kernel.size; q++) {
            double times = sign(kernel.prices[q]) * priceFall[q];
            if (Math.abs(times) > 1e-13) {
                for (int j : lists[kernel.prices[q]]) {
                    slackFall[j] -= times;
                }
                work += lists[kernel.prices[q]].length / 4;
            } else {
                priceFall[q] = 0;
            }
        }
    }

    /** What reaches 0 first: the place of a price, or {@code -1 - column} of a slack. */
    private int leaving(double sign) {
        double least = Double.MAX_VALUE;
        for (int q = 0; q < kernel.size; q++) {
            double down = sign * priceFall[q];
            if (down > LEAST_PIVOT) {
                least = Math.min(least, (Math.max(0, price[q]) + TOLERANCE) / down);
            }
        }
        for (int j = 0; j < columns; j++) {
            double down = sign * slackFall[j];
            if (down > LEAST_PIVOT && !free[j] && kernel.tightPlace[j] < 0) {
                least = Math.min(least, (Math.max(0, slack[j]) + TOLERANCE) / down);
            }
        }
        int leaving = NONE;
        double most = 0;
        for (int q = 0; q < kernel.size; q++) {
            double down = sign * priceFall[q];
            if (down > Math.max(most, LEAST_PIVOT) && Math.max(0, price[q]) <= least * down) {
                most = down;
                leaving = q;
            }
        }
        for (int j = 0; j < columns; j++) {
            double down = sign * slackFall[j];
            if (down > Math.max(most, LEAST_PIVOT)
                    && !free[j]
                    && kernel.tightPlace[j] < 0
                    && Math.max(0, slack[j]) <= least * down) {
                most = down;
                leaving = -1 - j;
            }
        }
        return leaving;
    }

    /** Goes along a way without end until the value is enough. */
    private void rise(int variable, double sign, double profit, double enough) {
        double step = profit <= EPSILON ? 0 : Math.min(MAX_PRICE / unit, Math.max(0, enough + 2 - value) / profit);
        for (int q = 0; q < kernel.size; q++) {
            price[q] -= sign * step * priceFall[q];
        }
        riser = variable >= 0 && variable < rows ? variable : -1;
        risen = step;
    }

    private void pivot(int variable, int leaving, double profit, double step) {
        int size = kernel.size;
        double pivot = leaving >= 0 ? priceFall[leaving] : slackFall[-1 - leaving];
        leavingRow(leaving, pivot);
        for (int q = 0; q < size; q++) {
            price[q] -= priceFall[q] * step;
        }
        for (int j = 0; j < columns; j++) {
            slack[j] -= slackFall[j] * step;
        }
        for (int p = 0; p < size; p++) {
            share[kernel.tight[p]] += profit * row[p];
        }
        value += profit * step;
        kernel.subtract(priceFall, row);
        work += (long) size * size / 4 + columns / 4;
        if (variable >= 0 && leaving >= 0) {
            kernel.replacePrice(leaving, variable, row);
            price[leaving] = step;
        } else if (variable >= 0) {
            kernel.grow(variable, -1 - leaving, priceFall, row, pivot);
            price[size] = step;
            slack[-1 - leaving] = 0;
            share[-1 - leaving] = profit / pivot;
        } else {
            int column = -1 - variable;
            int at = kernel.tightPlace[column];
            slack[column] = step;
            share[column] = 0;
            if (leaving >= 0) {
                kernel.shrink(leaving, at);
                price[leaving] = price[kernel.size];
            } else {
                kernel.replaceTight(at, -1 - leaving, priceFall, pivot);
                slack[-1 - leaving] = 0;
                share[-1 - leaving] = profit / pivot;
            }
        }
    }

    /** The row of the inverse that belongs to what leaves, over the pivot. */
    private void leavingRow(int leaving, double pivot) {
        int size = kernel.size;
        if (leaving >= 0) {
            double[] from = kernel.inverse[leaving];
            for (int p = 0; p < size; p++) {
                row[p] = from[p] / pivot;
            }
            return;
        }
        Arrays.fill(row, 0, size, 0);
        int column = -1 - leaving;
        for (int i : problem.columns()[column]) {
            add(kernel.pricePlace[i], -1 / pivot);
        }
        add(kernel.pricePlace[rows + problem.group()[column]], 1 / pivot);
    }

    private void add(int place, double times) {
        if (place >= 0) {
            double[] from = kernel.inverse[place];
            for (int p = 0; p < kernel.size; p++) {
                row[p] += times * from[p];
            }
            work += kernel.size / 4;
        }
    }
}
