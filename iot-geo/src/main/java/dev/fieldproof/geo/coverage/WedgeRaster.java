package dev.fieldproof.geo.coverage;

/**
 * Darkens the cells inside an intersection of half-planes {@code a * x + b * y >= c}, relative to the eye. Each
 * half-plane bounds the columns of a row from one side; the bound is a floored quotient that is carried from row to row
 * as quotient and remainder, so it is exact and needs one division for the whole shape. Not thread-safe.
 */
final class WedgeRaster {
    private static final int MAX_PLANES = 4;

    private final VisibleRows rows;
    private final int pitch;
    private final boolean staggered;
    private final long[] a = new long[MAX_PLANES];
    private final long[] b = new long[MAX_PLANES];
    private final long[] c = new long[MAX_PLANES];
    private int planes;

    /** Bounds from the west come first, those from the east after {@link #lower}. */
    private final long[] quotient = new long[MAX_PLANES];

    private final long[] remainder = new long[MAX_PLANES];
    private final long[] quotientStep = new long[MAX_PLANES];
    private final long[] remainderStep = new long[MAX_PLANES];
    private final long[] divisor = new long[MAX_PLANES];
    private int lower;
    private int bounds;
    private long minY;
    private long maxY;

    WedgeRaster(VisibleRows rows) {
        this.rows = rows;
        pitch = rows.grid().columnPitch();
        staggered = rows.grid().firstX(0) != rows.grid().firstX(1);
    }

    /** Starts a new shape. */
    void begin() {
        planes = 0;
    }

    /** Adds a half-plane. */
    void plane(long planeA, long planeB, long planeC) {
        a[planes] = planeA;
        b[planes] = planeB;
        c[planes++] = planeC;
    }

    /** Darkens the shape, which is known to lie between two distances to the north. */
    void fill(double lowY, double highY) {
        int rowPitch = rows.grid().rowPitch();
        double origin = rows.y(0);
        // One row more on each side: the distances are rounded.
        int from = (int) Math.max(rows.bottom(), Math.floor((lowY - origin) / rowPitch) - 1);
        int to = (int) Math.min(rows.top(), Math.ceil((highY - origin) / rowPitch) + 1);
        if (staggered) {
            fill(from, to, 2);
            fill(from + 1, to, 2);
        } else {
            fill(from, to, 1);
        }
    }

    private void fill(int from, int to, int step) {
        if (from > to || !prepare(from, step)) {
            return;
        }
        for (int row = from; row <= to; row += step) {
            long left = rows.first(row);
            long right = rows.last(row);
            for (int i = 0; i < lower; i++) {
                left = Math.max(left, -quotient[i]);
            }
            for (int i = lower; i < bounds; i++) {
                right = Math.min(right, quotient[i]);
            }
            if (left <= right) {
                long y = rows.y(row);
                if (y >= minY && y <= maxY) {
                    rows.clear(row, left, right);
                }
            }
            for (int i = 0; i < bounds; i++) {
                long r = remainder[i] + remainderStep[i];
                long carry = r >= divisor[i] ? 1 : 0;
                remainder[i] = r - carry * divisor[i];
                quotient[i] += quotientStep[i] + carry;
            }
        }
    }

    /** Sets the bounds up for a first row; false if no row has any cell. */
    private boolean prepare(int row, int step) {
        minY = Long.MIN_VALUE;
        maxY = Long.MAX_VALUE;
        lower = 0;
        bounds = 0;
        for (int i = 0; i < planes; i++) {
            if (a[i] > 0) {
                bound(i, row, step);
            }
        }
        lower = bounds;
        for (int i = 0; i < planes; i++) {
            if (a[i] < 0) {
                bound(i, row, step);
            } else if (a[i] == 0) {
                if (b[i] > 0) {
                    minY = Math.max(minY, -Math.floorDiv(-c[i], b[i]));
                } else if (b[i] < 0) {
                    maxY = Math.min(maxY, Math.floorDiv(-c[i], -b[i]));
                } else if (c[i] > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void bound(int plane, int row, int step) {
        long d = Math.abs(a[plane]) * pitch;
        long value = a[plane] * rows.x(row) + b[plane] * rows.y(row) - c[plane];
        long change = b[plane] * rows.grid().rowPitch() * step;
        divisor[bounds] = d;
        quotient[bounds] = Math.floorDiv(value, d);
        remainder[bounds] = Math.floorMod(value, d);
        quotientStep[bounds] = Math.floorDiv(change, d);
        remainderStep[bounds] = Math.floorMod(change, d);
        bounds++;
    }
}
