package dev.fieldproof.geo.coverage;

import java.util.Arrays;

/**
 * For each of many narrow bundles of directions, from which distance on everything is dark. Directions are places on a
 * square around the eye and distances are the greater coordinate, so no trigonometry is needed; all rounding is to the
 * side that keeps cells bright. Not thread-safe.
 */
final class DarkBins {
    private static final int BINS = 4096;
    private static final int MASK = BINS - 1;
    private static final double PER_SIDE = BINS / 4.0;
    private static final double SLACK = 1e-6;

    private final double[] darkFrom = new double[BINS];

    DarkBins() {
        Arrays.fill(darkFrom, Double.POSITIVE_INFINITY);
    }

    /** The place of a direction on the square, 0 to {@link #BINS}, counter-clockwise from the south-east corner. */
    private static double place(double x, double y) {
        double ax = Math.abs(x);
        double ay = Math.abs(y);
        if (ax >= ay) {
            double t = y / ax;
            return x > 0 ? PER_SIDE * (0.5 + t / 2) : PER_SIDE * (2.5 - t / 2);
        }
        double t = x / ay;
        return y > 0 ? PER_SIDE * (1.5 - t / 2) : PER_SIDE * (3.5 + t / 2);
    }

    /** Notes that nothing is seen except from the right limit counter-clockwise to the left one. */
    void darkenOutside(double leftX, double leftY, double rightX, double rightY) {
        int from = (int) Math.floor(place(rightX, rightY) - SLACK);
        int count = ((int) Math.floor(place(leftX, leftY) + SLACK) - from) & MASK;
        Arrays.fill(darkFrom, 0);
        for (int i = 0; i <= count; i++) {
            darkFrom[(from + i) & MASK] = Double.POSITIVE_INFINITY;
        }
    }

    /** Whether all directions from b counter-clockwise to a are dark nearer than a distance. */
    boolean allDark(double ax, double ay, double bx, double by, double distance) {
        int from = (int) Math.floor(place(bx, by) - SLACK);
        int to = (int) Math.floor(place(ax, ay) + SLACK);
        int count = (to - from) & MASK;
        for (int i = 0; i <= count; i++) {
            if (darkFrom[(from + i) & MASK] > distance) {
                return false;
            }
        }
        return true;
    }

    /** Notes that all directions from b counter-clockwise to a are dark from a distance on. */
    void darken(double ax, double ay, double bx, double by, double distance) {
        int from = (int) Math.ceil(place(bx, by) + SLACK);
        int to = (int) Math.floor(place(ax, ay) - SLACK);
        if (to < from) {
            // Over the corner where places start again, or within a single bin; a front edge spans less than half.
            if (from - to < BINS / 2) {
                return;
            }
            to += BINS;
        }
        for (int i = from; i < to; i++) {
            int bin = i & MASK;
            darkFrom[bin] = Math.min(darkFrom[bin], distance);
        }
    }
}
