package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import java.util.ArrayList;
import java.util.List;

/**
 * Poles on a square grid where a file without conventions has no place for a node: inside the boundary, off obstacles.
 *
 * @param boundary of the site
 * @param obstacles where none can stand
 */
record AssumedMounts(PlanePolygon boundary, List<Obstacle> obstacles) {
    private static final int HEIGHT_METRES = 6;
    private static final int MOST = 60;
    private static final int LEAST_SPACING_METRES = 2;
    private static final int ATTEMPTS = 40;

    /** What has to be assumed beside given mounts: nothing if one of them stands on the site. */
    List<Mount> beside(List<Mount> given, List<String> assumptions) {
        boolean any = given.stream()
                .anyMatch(mount -> boundary.contains(
                        mount.position().xMillimetres(), mount.position().yMillimetres()));
        if (any) {
            return List.of();
        }
        PlaneBox box = boundary.box();
        double area = ((double) box.maxX() - box.minX()) * ((double) box.maxY() - box.minY()) / 1e6;
        long spacing = Math.max(LEAST_SPACING_METRES, Math.round(Math.sqrt(area / MOST)));
        List<Mount> mounts = grid(spacing);
        for (int i = 0; i < ATTEMPTS && mounts.size() > MOST; i++) {
            spacing += Math.max(1, spacing / 10);
            mounts = grid(spacing);
        }
        // A narrow site can slip between the lines.
        for (int i = 0; i < ATTEMPTS && mounts.isEmpty() && spacing > LEAST_SPACING_METRES; i++) {
            spacing = Math.max(LEAST_SPACING_METRES, spacing * 2 / 3);
            mounts = grid(spacing);
        }
        if (!mounts.isEmpty()) {
            assumptions.add((given.isEmpty() ? "no points" : "all points lie outside the boundary") + ": assumed "
                    + mounts.size() + " mounts, " + HEIGHT_METRES + " m high, on a square grid of " + spacing + " m");
        }
        return mounts;
    }

    private List<Mount> grid(long spacingMetres) {
        PlaneBox box = boundary.box();
        long step = spacingMetres * 1000;
        List<Mount> mounts = new ArrayList<>();
        for (long y = box.minY() + step / 2; y <= box.maxY(); y += step) {
            for (long x = box.minX() + step / 2; x <= box.maxX(); x += step) {
                PlanePoint at = new PlanePoint((int) x, (int) y);
                if (mounts.size() <= MOST && isFree(at)) {
                    mounts.add(new Mount("assumed-" + (mounts.size() + 1), at, HEIGHT_METRES * 1000, false));
                }
            }
        }
        return mounts;
    }

    private boolean isFree(PlanePoint at) {
        return boundary.contains(at.xMillimetres(), at.yMillimetres())
                && obstacles.stream()
                        .noneMatch(obstacle -> obstacle.footprint().contains(at.xMillimetres(), at.yMillimetres()));
    }
}
