package dev.fieldproof.geo.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A function given by points, straight between them, level before the first and after the last. Thread-safe. */
public final class Curve {
    private final double[] x;
    private final double[] y;

    private Curve(double[] x, double[] y) {
        this.x = x;
        this.y = y;
    }

    /**
     * Makes a curve.
     *
     * @param points x, y, x, y and so on, by rising x; one point or more
     * @return the curve
     * @throws IllegalArgumentException if there is no point, half a point, x does not rise or a value is not finite
     */
    public static Curve of(double... points) {
        double[] x = new double[points.length / 2];
        double[] y = new double[x.length];
        boolean holds = points.length > 0 && points.length % 2 == 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = points[2 * i];
            y[i] = points[2 * i + 1];
            holds &= Double.isFinite(x[i]) && Double.isFinite(y[i]) && (i == 0 || x[i] > x[i - 1]);
        }
        if (!holds) {
            throw new IllegalArgumentException("no curve: " + Arrays.toString(points));
        }
        return new Curve(x, y);
    }

    /**
     * The value at a place.
     *
     * @param at any number
     * @return between the values of the points around it
     */
    public double at(double at) {
        int next = 0;
        while (next < x.length && x[next] < at) {
            next++;
        }
        if (next == 0 || next == x.length) {
            return y[Math.min(next, x.length - 1)];
        }
        double share = (at - x[next - 1]) / (x[next] - x[next - 1]);
        return y[next - 1] + share * (y[next] - y[next - 1]);
    }

    /** x, y, x, y and so on. */
    List<Double> points() {
        List<Double> points = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            points.add(x[i]);
            points.add(y[i]);
        }
        return points;
    }

    /** The least value anywhere. */
    double least() {
        return Arrays.stream(y).min().orElseThrow();
    }

    /** The greatest value anywhere. */
    double greatest() {
        return Arrays.stream(y).max().orElseThrow();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Curve that && Arrays.equals(x, that.x) && Arrays.equals(y, that.y);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(x) + Arrays.hashCode(y);
    }

    @Override
    public String toString() {
        return Arrays.toString(x) + " -> " + Arrays.toString(y);
    }
}
