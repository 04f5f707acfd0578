package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePolygon;

/**
 * An obstacle with its rings at hand. Immutable as long as nobody writes to the arrays.
 *
 * @param id the obstacle's
 * @param rings of the footprint, the inside on the left
 * @param footprint the same as a polygon
 * @param box around the footprint
 * @param top height in millimetres
 * @param simple whether no two edges are known to cross: then only edges that face the eye cast shadows
 */
@SuppressWarnings("ArrayRecordComponent") // compared and copied by nobody, read in inner loops
record Prism(String id, int[][] rings, PlanePolygon footprint, PlaneBox box, int top, boolean simple) {
    /** Beyond so many corners, crossings are not looked for: every edge casts a shadow then. */
    private static final int MAX_CHECKED_CORNERS = 512;

    static Prism of(Obstacle obstacle) {
        PlanePolygon footprint = obstacle.footprint();
        int[][] rings = new int[footprint.ringCount()][];
        for (int i = 0; i < rings.length; i++) {
            rings[i] = footprint.ring(i);
        }
        return new Prism(
                obstacle.id(), rings, footprint, footprint.box(), obstacle.heightMillimetres(), isSimple(rings));
    }

    /** How far the box is from a point, by the greater coordinate. */
    long distance(int x, int y) {
        long dx = Math.max(Math.max((long) box.minX() - x, (long) x - box.maxX()), 0);
        long dy = Math.max(Math.max((long) box.minY() - y, (long) y - box.maxY()), 0);
        return Math.max(dx, dy);
    }

    /** How far the box's farthest corner is from a point, by the greater coordinate. */
    double reach(int x, int y) {
        double dx = Math.max(Math.abs((double) box.minX() - x), Math.abs((double) box.maxX() - x));
        double dy = Math.max(Math.abs((double) box.minY() - y), Math.abs((double) box.maxY() - y));
        return Math.max(dx, dy);
    }

    private static boolean isSimple(int[][] rings) {
        int corners = 0;
        for (int[] ring : rings) {
            corners += ring.length / 2;
        }
        if (corners > MAX_CHECKED_CORNERS) {
            return false;
        }
        int[][] edges = new int[corners][];
        int n = 0;
        for (int[] ring : rings) {
            for (int i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
                edges[n++] = new int[] {ring[j], ring[j + 1], ring[i], ring[i + 1]};
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                if (cross(edges[i], edges[j])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether two edges share more than an end of both. */
    private static boolean cross(int[] p, int[] q) {
        int a = turn(p, q[0], q[1]);
        int b = turn(p, q[2], q[3]);
        int c = turn(q, p[0], p[1]);
        int d = turn(q, p[2], p[3]);
        if (a * b > 0 || c * d > 0) {
            return false;
        }
        boolean shared = (p[0] == q[0] && p[1] == q[1])
                || (p[0] == q[2] && p[1] == q[3])
                || (p[2] == q[0] && p[3] == q[1])
                || (p[2] == q[2] && p[3] == q[3]);
        boolean collinear = a == 0 && b == 0;
        if (collinear) {
            return Math.max(Math.min(p[0], p[2]), Math.min(q[0], q[2]))
                            < Math.min(Math.max(p[0], p[2]), Math.max(q[0], q[2]))
                    || Math.max(Math.min(p[1], p[3]), Math.min(q[1], q[3]))
                            < Math.min(Math.max(p[1], p[3]), Math.max(q[1], q[3]));
        }
        return !shared;
    }

    private static int turn(int[] edge, int x, int y) {
        return Exact.turn(edge[0], edge[1], edge[2], edge[3], x, y);
    }
}
