package dev.fieldproof.geo.placement;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The best prices there are: the linear relaxation of what is left to cover, by the primal simplex method on its dual.
 * A price for each row and one for each group are sought so that no open column gains; deciding a column only takes
 * its limit away, so the prices at hand stay allowed and the search goes on from them. Rounding does no harm, for
 * {@link Prices} values whatever comes out in whole numbers. Not thread-safe.
 */
final class LinearBound {
    private static final double EPSILON = 1e-9;
    private static final double LEAST_PIVOT = 1e-7;

    /** Limits are lowered by random amounts up to this, or ties would stall the search. */
    private static final double PERTURBATION = 2e-5;

    /** The dearest that fits. */
    static final int MAX_PRICE = 127;

    private static final int FREE = 0;
    private static final int LIMITED = 1;

    private final BooleanSupplier stop;
    private final int rows;
    private final int groups;
    private final int columns;
    private final int[][] seers;
    private final int[][] members;

    /** What each row needs now; of use only above 0. */
    private final int[] need;

    private final int[] basis;
    private final int[] place;
    private final double[][] inverse;
    private final double[] level;
    private final byte[] kind;

    /** How much of each column the relaxation takes. */
    private final double[] share;

    private final double[] entering;
    private double value;
    private boolean impossible;

    /** The row whose price rises without end, if that is why. */
    private int riser;

    private double risen;
    private long work;

    LinearBound(CoverProblem problem, BooleanSupplier stop) {
        this.stop = stop;
        rows = problem.rows();
        groups = problem.groups();
        columns = problem.columns().length;
        seers = problem.seers();
        members = members(problem);
        need = problem.need().clone();
        basis = new int[columns];
        place = new int[rows + groups + columns];
        Arrays.fill(place, -1);
        inverse = new double[columns][columns];
        level = new double[columns];
        kind = new byte[columns];
        Arrays.fill(kind, (byte) LIMITED);
        share = new double[columns];
        entering = new double[columns];
        SplittableRandom random = ExactPlacer.random();
        for (int j = 0; j < columns; j++) {
            basis[j] = rows + groups + j;
            place[basis[j]] = j;
            inverse[j][j] = 1;
            level[j] = 1 - random.nextDouble(PERTURBATION);
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
        return value;
    }

    /** Whether what is left cannot be covered at all. */
    boolean isImpossible() {
        return impossible;
    }

    double share(int column) {
        return share[column];
    }

    /** The prices in parts of {@link Proof#ONE}. */
    int[] prices() {
        int[] prices = new int[rows];
        for (int k = 0; k < columns; k++) {
            if (basis[k] < rows && kindOf(k) == LIMITED) {
                prices[basis[k]] = whole(level[k]);
            }
        }
        if (impossible && riser >= 0) {
            prices[riser] = whole(risen);
        }
        return prices;
    }

    private static int whole(double price) {
        return (int) (Math.max(0, Math.min(price, MAX_PRICE)) * Proof.ONE);
    }

    /** Whether what is basic in a place is bounded; what is free never leaves. */
    private int kindOf(int k) {
        int column = basis[k] - rows - groups;
        return column < 0 ? LIMITED : kind[column];
    }

    private double cost(int variable) {
        if (variable < rows) {
            return Math.max(0, need[variable]);
        }
        return variable < rows + groups ? -1 : 0;
    }

    /** Everything needed to come back. */
    @SuppressWarnings("ArrayRecordComponent") // a private copy
    record Snapshot(int[] need, int[] basis, double[][] inverse, double[] level, byte[] kind, double[] share) {}

    Snapshot save() {
        double[][] copy = new double[columns][];
        for (int k = 0; k < columns; k++) {
            copy[k] = kindOf(k) == LIMITED ? inverse[k].clone() : null;
        }
        work += (long) columns * columns / 8;
        return new Snapshot(need.clone(), basis.clone(), copy, level.clone(), kind.clone(), share.clone());
    }

    void restore(Snapshot from) {
        Arrays.fill(place, -1);
        for (int k = 0; k < columns; k++) {
            basis[k] = from.basis[k];
            place[basis[k]] = k;
            if (from.inverse[k] != null) {
                System.arraycopy(from.inverse[k], 0, inverse[k], 0, columns);
            }
        }
        System.arraycopy(from.need, 0, need, 0, rows);
        System.arraycopy(from.level, 0, level, 0, columns);
        System.arraycopy(from.kind, 0, kind, 0, columns);
        System.arraycopy(from.share, 0, share, 0, columns);
        work += (long) columns * columns / 8;
    }

    /**
     * Goes on to the best prices for the present decisions.
     *
     * @param enough stops when the value is above, by whole columns and without what is decided
     * @param maxPivots stops after so many steps
     */
    void solve(Prices state, double enough, int maxPivots) {
        impossible = false;
        System.arraycopy(state.need(), 0, need, 0, rows);
        shares();
        for (int j = 0; j < columns && !impossible; j++) {
            if (kind[j] == LIMITED && !state.isOpen(j)) {
                release(j, enough);
            }
        }
        for (int step = 0; step < maxPivots && !impossible; step++) {
            value = 0;
            for (int k = 0; k < columns; k++) {
                value += kindOf(k) == LIMITED ? cost(basis[k]) * level[k] : 0;
            }
            if (value > enough || (step % 16 == 0 && stop.getAsBoolean())) {
                return;
            }
            int variable = best();
            if (variable < 0) {
                return;
            }
            enter(variable, profit(variable), enough);
        }
    }

    private void shares() {
        Arrays.fill(share, 0);
        for (int k = 0; k < columns; k++) {
            double cost = kindOf(k) == LIMITED ? cost(basis[k]) : 0;
            if (cost != 0) {
                add(share, inverse[k], cost);
            }
        }
        work += (long) columns * columns / 4;
    }

    private static void add(double[] to, double[] row, double times) {
        for (int j = 0; j < to.length; j++) {
            to[j] += times * row[j];
        }
    }

    private double profit(int variable) {
        if (variable >= rows + groups) {
            return -share[variable - rows - groups];
        }
        double sum = 0;
        if (variable < rows) {
            for (int j : seers[variable]) {
                sum += share[j];
            }
            return need[variable] - sum;
        }
        for (int j : members[variable - rows]) {
            sum += share[j];
        }
        return sum - 1;
    }

    /** The variable outside the basis that promises most for the length of its column; -1 if none does. */
    private int best() {
        int best = -1;
        double most = 0;
        for (int i = 0; i < rows; i++) {
            if (need[i] > 0 && place[i] < 0) {
                double profit = profit(i);
                work += seers[i].length / 4;
                if (profit > EPSILON && profit * profit > most * (seers[i].length + 1)) {
                    most = profit * profit / (seers[i].length + 1);
                    best = i;
                }
            }
        }
        for (int v = rows; v < place.length; v++) {
            if (place[v] < 0) {
                double profit = profit(v);
                int length = v < rows + groups ? members[v - rows].length : 1;
                if (profit > EPSILON && profit * profit > most * (length + 1)) {
                    most = profit * profit / (length + 1);
                    best = v;
                }
            }
        }
        return best;
    }

    /** Takes the limit of a column away: what it lacks may be anything from now on. */
    private void release(int column, double enough) {
        int variable = rows + groups + column;
        kind[column] = FREE;
        if (place[variable] >= 0) {
            // Its level counts no more.
            return;
        }
        enter(variable, -share[column], enough);
    }

    /** Brings a variable into the basis, upwards if that is a profit, else downwards. */
    private void enter(int variable, double profit, double enough) {
        Arrays.fill(entering, 0);
        if (variable >= rows + groups) {
            column(variable - rows - groups, 1);
        } else if (variable < rows) {
            for (int j : seers[variable]) {
                column(j, 1);
            }
        } else {
            for (int j : members[variable - rows]) {
                column(j, -1);
            }
        }
        double sign = profit >= 0 ? 1 : -1;
        int leaving = leaving(sign);
        if (leaving < 0 && Math.abs(profit) <= EPSILON) {
            sign = -sign;
            leaving = leaving(sign);
        }
        if (leaving < 0) {
            // Prices may rise without end: what is left cannot be covered.
            impossible = true;
            rise(variable, sign, Math.abs(profit), enough);
            return;
        }
        double step = Math.max(0, level[leaving] / (sign * entering[leaving]));
        pivot(variable, leaving, profit, sign * step);
    }

    private void column(int j, double times) {
        for (int k = 0; k < columns; k++) {
            if (kindOf(k) == LIMITED) {
                entering[k] += times * inverse[k][j];
            }
        }
        work += columns / 2;
    }

    private int leaving(double sign) {
        int leaving = -1;
        double least = Double.MAX_VALUE;
        for (int k = 0; k < columns; k++) {
            double down = sign * entering[k];
            if (down > LEAST_PIVOT && kindOf(k) == LIMITED) {
                double ratio = Math.max(0, level[k]) / down;
                if (ratio < least - 1e-12 || (ratio < least + 1e-12 && down > sign * entering[leaving])) {
                    least = Math.min(least, ratio);
                    leaving = k;
                }
            }
        }
        return leaving;
    }

    /** Goes along a way without end until the value is enough. */
    private void rise(int variable, double sign, double profit, double enough) {
        double step = profit <= EPSILON ? 0 : Math.max(0, enough + 2 - value) / profit;
        for (int k = 0; k < columns; k++) {
            level[k] -= sign * step * entering[k];
        }
        riser = variable < rows ? variable : -1;
        risen = step;
    }

    private void pivot(int variable, int leaving, double profit, double step) {
        double[] row = inverse[leaving];
        double scale = 1 / entering[leaving];
        for (int j = 0; j < columns; j++) {
            row[j] *= scale;
        }
        for (int k = 0; k < columns; k++) {
            double times = entering[k];
            if (k != leaving && times != 0 && kindOf(k) == LIMITED) {
                level[k] -= times * step;
                if (Math.abs(times) > 1e-13) {
                    add(inverse[k], row, -times);
                    work += columns / 4;
                }
            }
        }
        add(share, row, profit);
        place[basis[leaving]] = -1;
        basis[leaving] = variable;
        place[variable] = leaving;
        level[leaving] = step;
    }
}
