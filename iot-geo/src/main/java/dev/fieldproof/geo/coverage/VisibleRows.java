package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.Arrays;

/**
 * The cells in a sensor's range and view, row by row, from which shadows are cut. Each row knows between which columns
 * something is left. Not thread-safe.
 */
final class VisibleRows {
    private final ZoneGrid grid;
    private final SensorField field;
    private final CellSet cells;
    private final long[] words;
    private final int stride;
    private final int[] first;
    private final int[] last;
    private final int bottom;
    private final int top;

    VisibleRows(ZoneGrid grid, SensorField field) {
        this.grid = grid;
        this.field = field;
        cells = new CellSet(grid);
        words = cells.words();
        stride = words.length / grid.rows();
        first = new int[grid.rows()];
        last = new int[grid.rows()];
        Arrays.fill(last, -1);
        long far = field.farMillimetres();
        boolean sees = far >= field.nearMillimetres();
        bottom = (int) Math.max(0, -Math.floorDiv(-(field.y() - far - grid.y(0)), grid.rowPitch()));
        top = sees
                ? (int) Math.min(grid.rows() - 1L, Math.floorDiv(field.y() + far - grid.y(0), grid.rowPitch()))
                : bottom - 1;
        for (int row = bottom; row <= top; row++) {
            fill(row);
        }
    }

    CellSet cells() {
        return cells;
    }

    ZoneGrid grid() {
        return grid;
    }

    SensorField field() {
        return field;
    }

    /** The southernmost row in range. */
    int bottom() {
        return bottom;
    }

    /** The northernmost row in range; below {@link #bottom} if nothing is. */
    int top() {
        return top;
    }

    int first(int row) {
        return first[row];
    }

    int last(int row) {
        return last[row];
    }

    /** The distance of a row's first centre from the eye, to the east. */
    long x(int row) {
        return (long) grid.firstX(row) - field.x();
    }

    /** The distance of a row from the eye, to the north. */
    long y(int row) {
        return (long) grid.y(row) - field.y();
    }

    private void fill(int row) {
        long x = x(row);
        long y = y(row);
        int pitch = grid.columnPitch();
        long reach = root(square(field.farMillimetres()) - y * y);
        long left = Math.max(0, -Math.floorDiv(reach + x, pitch));
        long right = Math.min(grid.columns() - 1L, Math.floorDiv(reach - x, pitch));
        if (field.sides() == 1) {
            left = Math.max(left, lowest(-field.rightY(), field.rightX(), 0, x, y));
            right = Math.min(right, highest(-field.rightY(), field.rightX(), 0, x, y));
            left = Math.max(left, lowest(field.leftY(), -field.leftX(), 0, x, y));
            right = Math.min(right, highest(field.leftY(), -field.leftX(), 0, x, y));
        }
        if (left > right) {
            return;
        }
        first[row] = (int) left;
        last[row] = (int) right;
        int from = row * stride + (first[row] >> 6);
        int to = row * stride + (last[row] >> 6);
        Arrays.fill(words, from, to + 1, -1);
        words[from] &= -1L << first[row];
        words[to] &= -1L >>> (63 - (last[row] & 63));
        if (field.sides() == 2) {
            // Out of view is what lies beyond both limits.
            long l = Math.max(
                    lowest(field.rightY(), -field.rightX(), 1, x, y), lowest(-field.leftY(), field.leftX(), 1, x, y));
            long r = Math.min(
                    highest(field.rightY(), -field.rightX(), 1, x, y), highest(-field.leftY(), field.leftX(), 1, x, y));
            clear(row, l, r);
        }
        long gap = square(field.nearMillimetres()) - 1 - y * y;
        if (gap >= 0) {
            long near = root(gap);
            clear(row, -Math.floorDiv(near + x, pitch), Math.floorDiv(near - x, pitch));
        }
    }

    /** The first column where {@code a * dx + b * dy >= c}, if that holds to the east of it. */
    private long lowest(long a, long b, long c, long x, long y) {
        if (a > 0) {
            return -Math.floorDiv(b * y + a * x - c, a * grid.columnPitch());
        }
        return a < 0 || b * y >= c ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** The last column where {@code a * dx + b * dy >= c}, if that holds to the west of it. */
    private long highest(long a, long b, long c, long x, long y) {
        if (a < 0) {
            return Math.floorDiv(b * y + a * x - c, -a * grid.columnPitch());
        }
        return Long.MAX_VALUE;
    }

    private static long square(long value) {
        return value * value;
    }

    /** The integer square root of what is not negative. */
    private static long root(long value) {
        long root = (long) Math.sqrt((double) value);
        while (root * root > value) {
            root--;
        }
        while ((root + 1) * (root + 1) <= value) {
            root++;
        }
        return root;
    }

    /** Darkens a row between two columns, both included; they may lie beyond what is left. */
    void clear(int row, long from, long to) {
        int left = (int) Math.max(from, first[row]);
        int right = (int) Math.min(to, last[row]);
        if (from > last[row] || to < first[row] || left > right) {
            return;
        }
        if (left == first[row]) {
            first[row] = right + 1;
        }
        if (right == last[row]) {
            last[row] = left - 1;
        }
        int base = row * stride;
        int i = base + (left >> 6);
        int j = base + (right >> 6);
        long head = -1L << left;
        long tail = -1L >>> (63 - (right & 63));
        if (i == j) {
            words[i] &= ~(head & tail);
            return;
        }
        words[i] &= ~head;
        for (int k = i + 1; k < j; k++) {
            words[k] = 0;
        }
        words[j] &= ~tail;
    }
}
