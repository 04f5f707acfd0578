package dev.fieldproof.benchmarks.scorecard;

import java.util.Arrays;

/**
 * Median and quartiles of repeated measurements.
 *
 * @param low first quartile
 * @param median second quartile
 * @param high third quartile
 * @param n how many measurements
 */
public record Spread(double low, double median, double high, int n) {
    /** No measurement at all. */
    public static final Spread NONE = new Spread(Double.NaN, Double.NaN, Double.NaN, 0);

    /**
     * Summarises measurements; quartiles interpolate linearly between neighbours.
     *
     * @param values at least one
     * @return their spread
     */
    public static Spread of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("a spread needs at least one value");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Spread(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75), sorted.length);
    }

    /**
     * An exact figure, which has no spread.
     *
     * @param value the figure
     * @return a spread of one
     */
    public static Spread exact(double value) {
        return new Spread(value, value, value, 1);
    }

    private static double at(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
