package dev.fieldproof.geo.coverage;

import java.util.Arrays;

/**
 * Darkens a closed polygon scaled from the eye by a ratio: the cells whose sight line passes below a roof at the
 * roof's own height. By the even-odd rule, row by row, in whole numbers. Not thread-safe.
 */
final class RoofFill {
    private final VisibleRows rows;
    private long[] floors = new long[64];
    private int crossings;

    RoofFill(VisibleRows rows) {
        this.rows = rows;
    }

    /** Darkens the prism's footprint, scaled by {@code times / over}. */
    void fill(Prism prism, long times, long over) {
        long eyeY = rows.field().y();
        double low = (double) (prism.box().minY() - eyeY) * times / over;
        double high = (double) (prism.box().maxY() - eyeY) * times / over;
        int pitch = rows.grid().rowPitch();
        int from = (int) Math.max(rows.bottom(), Math.floor((low - rows.y(0)) / pitch) - 1);
        int to = (int) Math.min(rows.top(), Math.ceil((high - rows.y(0)) / pitch) + 1);
        for (int row = from; row <= to; row++) {
            if (rows.first(row) <= rows.last(row)) {
                row(prism, row, times, over);
            }
        }
    }

    private void row(Prism prism, int row, long times, long over) {
        long x = rows.x(row) * over;
        long y = rows.y(row) * over;
        long eyeX = rows.field().x();
        long eyeY = rows.field().y();
        long pitch = rows.grid().columnPitch() * over;
        crossings = 0;
        for (int[] ring : prism.rings()) {
            int end = ring.length - 2;
            for (int i = 0, j = end; i <= end; j = i, i += 2) {
                boolean up = ring[j + 1] <= ring[i + 1];
                int a = up ? j : i;
                int b = up ? i : j;
                long ay = (ring[a + 1] - eyeY) * times;
                long by = (ring[b + 1] - eyeY) * times;
                if (y < ay || y > by) {
                    continue;
                }
                long ax = (ring[a] - eyeX) * times;
                if (ay == by) {
                    long bx = (ring[b] - eyeX) * times;
                    rows.clear(
                            row,
                            -Math.floorDiv(x - Math.min(ax, bx), pitch),
                            Math.floorDiv(Math.max(ax, bx) - x, pitch));
                    continue;
                }
                long rise = (long) ring[b + 1] - ring[a + 1];
                long run = (long) ring[b] - ring[a];
                long offset = (ax - x) * rise + (y - ay) * run;
                long divisor = pitch * rise;
                long floor = Math.floorDiv(offset, divisor);
                long ceiling = floor * divisor == offset ? floor : floor + 1;
                if (y < by) {
                    add(2 * ceiling + (floor == ceiling ? 0 : -1));
                } else if (floor == ceiling) {
                    rows.clear(row, floor, floor);
                }
            }
        }
        Arrays.sort(floors, 0, crossings);
        for (int i = 0; i + 1 < crossings; i += 2) {
            // Even codes are exactly on a column, odd ones just before the next.
            rows.clear(row, Math.floorDiv(floors[i] + 1, 2), Math.floorDiv(floors[i + 1], 2));
        }
    }

    private void add(long code) {
        if (crossings == floors.length) {
            floors = Arrays.copyOf(floors, crossings * 2);
        }
        floors[crossings++] = code;
    }
}
