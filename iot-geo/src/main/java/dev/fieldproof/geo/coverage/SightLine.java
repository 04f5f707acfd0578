package dev.fieldproof.geo.coverage;

/**
 * The definition of being hidden, cell by cell: the straight line from eye to target meets the closed prism. Slow and
 * plain; the shadow caster is held against it. Stateless and thread-safe.
 */
final class SightLine {
    private SightLine() {}

    /**
     * Whether a prism hides a target from an eye; touching hides.
     *
     * @param prism the obstacle
     * @param eyeX millimetres
     * @param eyeY millimetres
     * @param eyeHeight millimetres above ground
     * @param targetX millimetres
     * @param targetY millimetres
     * @param targetHeight millimetres above ground
     */
    static boolean isBlocked(
            Prism prism, int eyeX, int eyeY, int eyeHeight, int targetX, int targetY, int targetHeight) {
        int top = prism.top();
        if (top < Math.min(eyeHeight, targetHeight)) {
            return false;
        }
        // The stretch of the line at or below the roof, as fractions of the way to the target.
        long from = 0;
        long to = 1;
        long whole = 1;
        if (top < eyeHeight || top < targetHeight) {
            whole = Math.abs((long) eyeHeight - targetHeight);
            from = top < eyeHeight ? (long) eyeHeight - top : 0;
            to = top < targetHeight ? (long) top - eyeHeight : whole;
            long shared = Exact.gcd(Exact.gcd(from, to), whole);
            from /= shared;
            to /= shared;
            whole /= shared;
        }
        long dx = (long) targetX - eyeX;
        long dy = (long) targetY - eyeY;
        return meets(prism.rings(), eyeX, eyeY, whole, from * dx, from * dy, to * dx, to * dy);
    }

    /** Whether the segment from a to b, relative to the eye and scaled, meets the closed polygon. */
    private static boolean meets(int[][] rings, long eyeX, long eyeY, long scale, long ax, long ay, long bx, long by) {
        boolean inside = false;
        for (int[] ring : rings) {
            int last = ring.length - 2;
            for (int i = 0, j = last; i <= last; j = i, i += 2) {
                long px = (ring[j] - eyeX) * scale;
                long py = (ring[j + 1] - eyeY) * scale;
                long qx = (ring[i] - eyeX) * scale;
                long qy = (ring[i + 1] - eyeY) * scale;
                if (cross(ax, ay, bx, by, px, py, qx, qy)) {
                    return true;
                }
                if ((py > ay) != (qy > ay) && (Exact.turn(ax, ay, px, py, qx, qy) > 0) == (qy > py)) {
                    inside = !inside;
                }
            }
        }
        return inside;
    }

    /** Whether the closed segments share a point. */
    private static boolean cross(long ax, long ay, long bx, long by, long px, long py, long qx, long qy) {
        if (Math.max(ax, bx) < Math.min(px, qx)
                || Math.max(px, qx) < Math.min(ax, bx)
                || Math.max(ay, by) < Math.min(py, qy)
                || Math.max(py, qy) < Math.min(ay, by)) {
            return false;
        }
        return Exact.turn(ax, ay, bx, by, px, py) * Exact.turn(ax, ay, bx, by, qx, qy) <= 0
                && Exact.turn(px, py, qx, qy, ax, ay) * Exact.turn(px, py, qx, qy, bx, by) <= 0;
    }
}
