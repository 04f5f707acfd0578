package dev.fieldproof.geo.coverage;

/**
 * How high the ground reaches in each direction of a stretch of an octant, as seen from the eye: pieces of straight
 * lines over the direction u = shorter way / longer way, each giving the slope up to the highest ground so far. Every
 * edge between two neighbouring posts is a straight line in these coordinates, so the upper envelope of all edges
 * decides sight. It grows ring by ring; two copies take turns. Doubles decide unless a comparison is so near a tie that
 * rounding could matter. Not thread-safe.
 */
final class Horizon {
    /** Doubles are trusted this far from a tie, in parts of the values at hand. */
    private static final double RELATIVE = 1e-9;

    private static final double ABSOLUTE = 1e-13;

    /** Directions nearer to a corner of the envelope than this might fall on either side of it. */
    private static final double CORNER = 1e-12;

    static final int ABOVE = 1;
    static final int BELOW = -1;
    static final int UNSURE = 0;

    /** Where each piece begins; behind the last one stands infinity. */
    private double[] start = new double[64];

    private double[] base = new double[64];
    private double[] slope = new double[64];
    private double[] nextStart = new double[64];
    private double[] nextBase = new double[64];
    private double[] nextSlope = new double[64];
    private int size;
    private int nextSize;

    /** The piece that holds the direction last asked about. */
    private int at;

    private final double from;
    private final double to;
    private double low = Double.NEGATIVE_INFINITY;

    /** Starts with a horizon below everything between two directions. */
    Horizon(double from, double to) {
        this.from = from;
        this.to = to;
        start[0] = from;
        base[0] = -1e300;
        start[1] = Double.POSITIVE_INFINITY;
        size = 1;
    }

    double from() {
        return from;
    }

    double to() {
        return to;
    }

    /** Whether nothing up to a slope reaches the horizon anywhere on the stretch, beyond doubt. */
    boolean hides(double value) {
        return value + RELATIVE * Math.abs(value) < low;
    }

    /** Starts a ring: questions and edges follow in order of direction, at most so many. */
    void begin(int posts) {
        at = 0;
        nextSize = 0;
        int most = 2 * size + 4 * posts + 8;
        if (nextStart.length < most) {
            nextStart = new double[2 * most];
            nextBase = new double[2 * most];
            nextSlope = new double[2 * most];
        }
    }

    /** Ends a ring: what was added becomes the horizon. */
    void end() {
        double[] s = start;
        double[] b = base;
        double[] l = slope;
        start = nextStart;
        base = nextBase;
        slope = nextSlope;
        size = nextSize;
        nextStart = s;
        nextBase = b;
        nextSlope = l;
        start[size] = Double.POSITIVE_INFINITY;
        double lowest = Double.POSITIVE_INFINITY;
        for (int p = 0; p < size; p++) {
            double here = base[p] + slope[p] * start[p];
            double there = base[p] + slope[p] * Math.min(to, start[p + 1]);
            double doubt = ABSOLUTE * (Math.abs(base[p]) + Math.abs(slope[p]));
            lowest = Math.min(lowest, Math.min(here, there) - doubt);
        }
        low = lowest;
    }

    /** The horizon of the rings before in a direction no less than those asked before. */
    double height(double u) {
        int p = at;
        while (start[p + 1] <= u) {
            p++;
        }
        at = p;
        return base[p] + slope[p] * u;
    }

    /** How a slope compares with the horizon in the direction last asked about. */
    int compare(double u, double value, double height) {
        int p = at;
        double over = value - height;
        double doubt = RELATIVE * Math.abs(value) + ABSOLUTE * (Math.abs(base[p]) + Math.abs(slope[p]));
        int here = over > doubt ? ABOVE : over < -doubt ? BELOW : UNSURE;
        if (u - start[p] < CORNER && p > 0 && beside(p - 1, u, value) != here) {
            return UNSURE;
        }
        return start[p + 1] - u < CORNER && beside(p + 1, u, value) != here ? UNSURE : here;
    }

    private int beside(int p, double u, double value) {
        double over = value - (base[p] + slope[p] * u);
        double doubt = RELATIVE * Math.abs(value) + ABSOLUTE * (Math.abs(base[p]) + Math.abs(slope[p]));
        return over > doubt ? ABOVE : over < -doubt ? BELOW : UNSURE;
    }

    /** Whether one piece lies over both ends of an edge that begins in the direction last asked about. */
    boolean covers(double end, double valueAtEnd) {
        int p = at;
        return start[p + 1] >= end && base[p] + slope[p] * end >= valueAtEnd;
    }

    /** Keeps the piece in the direction last asked about. */
    void keep(double u) {
        put(u, base[at], slope[at]);
    }

    /** Adds the line {@code newBase + newSlope * u} between two directions; lines follow each other without gaps. */
    void add(double begin, double end, double newBase, double newSlope) {
        double lo = Math.max(begin, from);
        double last = Math.min(end, to);
        int p = at;
        while (start[p + 1] <= lo) {
            p++;
        }
        while (lo < last) {
            double hi = Math.min(start[p + 1], last);
            double b = base[p];
            double l = slope[p];
            double overLo = b + l * lo - (newBase + newSlope * lo);
            double overHi = b + l * hi - (newBase + newSlope * hi);
            if (overLo >= 0 && overHi >= 0) {
                put(lo, b, l);
            } else if (overLo <= 0 && overHi <= 0) {
                put(lo, newBase, newSlope);
            } else {
                double middle = lo + (hi - lo) * (overLo / (overLo - overHi));
                if (overLo > 0) {
                    put(lo, b, l);
                    put(middle, newBase, newSlope);
                } else {
                    put(lo, newBase, newSlope);
                    put(middle, b, l);
                }
            }
            lo = hi;
            p += start[p + 1] <= last ? 1 : 0;
        }
        at = p;
    }

    private void put(double u, double b, double l) {
        int n = nextSize;
        if (n > 0 && nextBase[n - 1] == b && nextSlope[n - 1] == l) {
            return;
        }
        nextStart[n] = u;
        nextBase[n] = b;
        nextSlope[n] = l;
        nextSize = n + 1;
    }
}
