package dev.fieldproof.geo.coverage;

/** Signs of differences of products that do not fit 64 bits. Stateless and thread-safe. */
final class Exact {
    private Exact() {}

    /** The sign of {@code a * b - c * d} in full 128-bit arithmetic. */
    static int signOfDifference(long a, long b, long c, long d) {
        long high = Math.multiplyHigh(a, b);
        long otherHigh = Math.multiplyHigh(c, d);
        if (high != otherHigh) {
            return high < otherHigh ? -1 : 1;
        }
        return Long.compareUnsigned(a * b, c * d);
    }

    /** The sign of the cross product of b - a and c - a. */
    static int turn(long ax, long ay, long bx, long by, long cx, long cy) {
        return signOfDifference(bx - ax, cy - ay, by - ay, cx - ax);
    }

    static long gcd(long a, long b) {
        long x = Math.abs(a);
        long y = Math.abs(b);
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }
}
