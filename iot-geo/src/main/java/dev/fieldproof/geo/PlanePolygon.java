package dev.fieldproof.geo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A polygon of the site's plane with integer corners: an outer ring, counter-clockwise, and holes, clockwise, so that
 * the inside is always on the left. It is closed: its edges belong to it. Rings that cross themselves or each other
 * are taken by the even-odd rule. Immutable and thread-safe.
 */
public final class PlanePolygon {
    /** Corners farther from the origin than this are refused, so that products of coordinates fit 64 bits. */
    public static final int MAX_COORDINATE_MILLIMETRES = 1_000_000_000;

    private final int[][] rings;
    private final PlaneBox box;

    private PlanePolygon(int[][] rings) {
        this.rings = rings;
        int[] r = rings[0];
        int minX = r[0];
        int minY = r[1];
        int maxX = r[0];
        int maxY = r[1];
        for (int i = 2; i < r.length; i += 2) {
            minX = Math.min(minX, r[i]);
            maxX = Math.max(maxX, r[i]);
            minY = Math.min(minY, r[i + 1]);
            maxY = Math.max(maxY, r[i + 1]);
        }
        box = new PlaneBox(minX, minY, maxX, maxY);
    }

    /**
     * Makes a polygon from rings in either direction, closed or open; repeated neighbours are dropped.
     *
     * @param ringsXy the outer ring first; each as x, y, x, y in millimetres; copied
     * @return the polygon
     * @throws IllegalArgumentException if there is no ring, the outer ring has no area, or a coordinate is beyond
     *     {@link #MAX_COORDINATE_MILLIMETRES}
     */
    public static PlanePolygon of(List<int[]> ringsXy) {
        List<int[]> kept = new ArrayList<>();
        for (int[] raw : ringsXy) {
            int[] ring = cleaned(raw);
            long twice = twiceArea(ring);
            if (ring.length < 6 || twice == 0) {
                if (kept.isEmpty()) {
                    throw new IllegalArgumentException("the ring of " + raw.length / 2 + " corners encloses no area");
                }
                continue;
            }
            boolean shell = kept.isEmpty();
            if (shell == (twice < 0)) {
                reverse(ring);
            }
            kept.add(ring);
        }
        if (kept.isEmpty()) {
            throw new IllegalArgumentException("a polygon needs an outer ring");
        }
        return new PlanePolygon(kept.toArray(int[][]::new));
    }

    /**
     * Makes a polygon without holes.
     *
     * @param xy x, y, x, y in millimetres
     * @return the polygon
     * @throws IllegalArgumentException as {@link #of(List)}
     */
    public static PlanePolygon ofRing(int... xy) {
        return of(List.of(xy));
    }

    private static int[] cleaned(int[] raw) {
        if (raw.length % 2 != 0) {
            throw new IllegalArgumentException("odd number of coordinates: " + raw.length);
        }
        int[] out = new int[raw.length];
        int n = 0;
        for (int i = 0; i < raw.length; i += 2) {
            if (Math.abs((long) raw[i]) > MAX_COORDINATE_MILLIMETRES
                    || Math.abs((long) raw[i + 1]) > MAX_COORDINATE_MILLIMETRES) {
                throw new IllegalArgumentException(
                        "corner (" + raw[i] + ", " + raw[i + 1] + ") mm is too far from the origin");
            }
            if (n == 0 || raw[i] != out[n - 2] || raw[i + 1] != out[n - 1]) {
                out[n++] = raw[i];
                out[n++] = raw[i + 1];
            }
        }
        while (n > 2 && out[0] == out[n - 2] && out[1] == out[n - 1]) {
            n -= 2;
        }
        return Arrays.copyOf(out, n);
    }

    private static long twiceArea(int[] ring) {
        // Relative to the first corner: a product of two differences stays below 4e18.
        long sum = 0;
        for (int i = 2; i + 3 < ring.length; i += 2) {
            long ax = (long) ring[i] - ring[0];
            long ay = (long) ring[i + 1] - ring[1];
            long bx = (long) ring[i + 2] - ring[0];
            long by = (long) ring[i + 3] - ring[1];
            sum += ax * by - ay * bx;
        }
        return sum;
    }

    private static void reverse(int[] ring) {
        for (int i = 0, j = ring.length - 2; i < j; i += 2, j -= 2) {
            int x = ring[i];
            int y = ring[i + 1];
            ring[i] = ring[j];
            ring[i + 1] = ring[j + 1];
            ring[j] = x;
            ring[j + 1] = y;
        }
    }

    /**
     * How many rings there are.
     *
     * @return 1 and one for each hole
     */
    public int ringCount() {
        return rings.length;
    }

    /**
     * One ring, not repeating its first corner.
     *
     * @param index 0 for the outer ring
     * @return x, y, x, y in millimetres; a copy
     */
    public int[] ring(int index) {
        return rings[index].clone();
    }

    /**
     * The bounding box.
     *
     * @return the smallest box around the outer ring
     */
    public PlaneBox box() {
        return box;
    }

    /**
     * The area, holes taken off.
     *
     * @return square metres
     */
    public double areaSquareMetres() {
        double twice = 0;
        for (int[] ring : rings) {
            twice += twiceArea(ring);
        }
        return twice / 2e6;
    }

    /**
     * Whether a point lies in the closed polygon.
     *
     * @param x millimetres
     * @param y millimetres
     * @return true inside and on any edge, also a hole's
     */
    public boolean contains(long x, long y) {
        if (x < box.minX() || x > box.maxX() || y < box.minY() || y > box.maxY()) {
            return false;
        }
        boolean inside = false;
        for (int[] ring : rings) {
            int last = ring.length - 2;
            for (int i = 0, j = last; i <= last; j = i, i += 2) {
                long ax = ring[j] - x;
                long ay = ring[j + 1] - y;
                long bx = ring[i] - x;
                long by = ring[i + 1] - y;
                long cross = ax * by - ay * bx;
                if (cross == 0
                        && Math.min(ax, bx) <= 0
                        && Math.max(ax, bx) >= 0
                        && Math.min(ay, by) <= 0
                        && Math.max(ay, by) >= 0) {
                    return true;
                }
                if ((ay > 0) != (by > 0) && (cross > 0) == (by > ay)) {
                    inside = !inside;
                }
            }
        }
        return inside;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PlanePolygon that && Arrays.deepEquals(rings, that.rings);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(rings);
    }

    @Override
    public String toString() {
        return "PlanePolygon" + Arrays.deepToString(rings);
    }
}
