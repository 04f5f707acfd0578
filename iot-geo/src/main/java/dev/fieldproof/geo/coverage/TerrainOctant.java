package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;

/**
 * Sight over terrain in one of eight directions, ring by ring outwards: first each post of the ring is held against the
 * horizon of the rings before, then the ring's own edges are added to it. On a ring, the edge to the next post and the
 * edge back to the ring before start at the same post, so the steeper of both counts as far as the shorter of them
 * goes. The octant is cut into stretches of directions, and most of them lie
 * far below their horizon on most rings: there the highest post of the ring settles all at once. Used once; not
 * thread-safe.
 */
final class TerrainOctant {
    private static final int POSTS_PER_STRETCH = 8;

    /** Less than the difference of any two fractions of whole numbers that differ and are as small as rings allow. */
    private static final double SHIFT = 1e-9;

    private final TerrainRay ray;
    private final int targetHeight;
    private final boolean bothWays;
    private final int majorLimit;
    private final int minorLimit;
    private final CellSet cells;
    private final int column;
    private final int row;
    private final int eastPerMajor;
    private final int northPerMajor;
    private final int eastPerMinor;
    private final int northPerMinor;

    /** How many targets were too near a tie for doubles. */
    private long asked;

    /**
     * Prepares.
     *
     * @param octant 0 to 7: bit 0 swaps the axes, bits 1 and 2 turn them round
     * @param bothWays whether rows and columns of posts count; false leaves those across the longer way only
     */
    TerrainOctant(Terrain terrain, int column, int row, int eyeHeight, int targetHeight, int octant, boolean bothWays) {
        ZoneGrid grid = terrain.grid();
        this.targetHeight = targetHeight;
        this.bothWays = bothWays;
        this.column = column;
        this.row = row;
        int columns = grid.columns();
        cells = new CellSet(grid);
        boolean west = (octant & 2) != 0;
        boolean south = (octant & 4) != 0;
        int east = west ? -1 : 1;
        int north = south ? -1 : 1;
        int roomX = west ? column : columns - 1 - column;
        int roomY = south ? row : grid.rows() - 1 - row;
        boolean swap = (octant & 1) != 0;
        // The shorter way, which is walked most, runs along memory.
        ray = swap
                ? new TerrainRay(terrain.heights(), row * columns + column, eyeHeight, north * columns, east)
                : new TerrainRay(
                        terrain.heightsByColumns(), column * grid.rows() + row, eyeHeight, east * grid.rows(), north);
        eastPerMajor = swap ? 0 : east;
        northPerMajor = swap ? north : 0;
        eastPerMinor = swap ? east : 0;
        northPerMinor = swap ? 0 : north;
        majorLimit = swap ? roomY : roomX;
        minorLimit = swap ? roomX : roomY;
    }

    long asked() {
        return asked;
    }

    /** The posts of the octant, both its borders included, that are seen within so many rings. */
    CellSet visible(int reach) {
        int rings = Math.min(majorLimit, reach);
        int stretches = Math.max(1, Integer.highestOneBit(rings / POSTS_PER_STRETCH));
        Horizon[] horizons = new Horizon[stretches];
        // No post lies on a border: directions of posts on the other side of it are farther off than its shift.
        for (int k = 0; k < stretches; k++) {
            double from = k == 0 ? 0 : (double) k / stretches + SHIFT;
            horizons[k] = new Horizon(from, k == stretches - 1 ? 1 : (k + 1.0) / stretches + SHIFT);
        }
        double[] before = new double[stretches];
        for (int i = 1; i <= rings; i++) {
            int last = Math.min(i, minorLimit);
            for (int k = 0; k < stretches; k++) {
                // The first edge may begin before the stretch, the last may end behind it.
                int first = (int) ((long) k * i / stretches);
                int end = (int) Math.min(last, (k + 1L) * i / stretches);
                if (first > last) {
                    break;
                }
                double steepest = steepest(i, first, Math.min(last, end + 1));
                if (!horizons[k].hides(steepest) || !horizons[k].hides(before[k])) {
                    stretch(horizons[k], i, first, end, last, i < rings);
                }
                before[k] = steepest;
            }
        }
        return cells;
    }

    /** No target and no ground between two posts of a ring is steeper than this. */
    private double steepest(int i, int from, int to) {
        int[] heights = ray.heights();
        int at = ray.eye() + i * ray.major();
        int low = ray.minor() > 0 ? at + from : at - to;
        int highest = heights[low];
        for (int x = low + 1; x <= low + to - from; x++) {
            highest = Math.max(highest, heights[x]);
        }
        double rise = (double) highest - ray.eyeHeight();
        return (rise + targetHeight) / i;
    }

    private void stretch(Horizon horizon, int i, int first, int end, int last, boolean more) {
        int[] heights = ray.heights();
        int minor = ray.minor();
        int at = ray.eye() + i * ray.major() + first * minor;
        double eye = ray.eyeHeight();
        double inverse = 1.0 / i;
        double lift = targetHeight * inverse;
        double ground = (heights[at] - eye) * inverse;
        double u = first * inverse;
        horizon.begin(end - first + 1);
        for (int j = first; j <= end; j++) {
            boolean inside = u >= horizon.from();
            double height = horizon.height(u);
            if (inside) {
                int verdict = horizon.compare(u, ground + lift, height);
                if (verdict >= 0 && (verdict == Horizon.ABOVE || isSeen(i, j))) {
                    cells.add(
                            column + i * eastPerMajor + j * eastPerMinor, row + i * northPerMajor + j * northPerMinor);
                }
            }
            if (j == last) {
                break;
            }
            double nextU = (j + 1) * inverse;
            double nextGround = (heights[at + minor] - eye) * inverse;
            if (more) {
                if (inside && nextU <= horizon.to() && height >= ground && horizon.covers(nextU, nextGround)) {
                    // The edge back is covered too: its other end is a post of the ring before.
                    horizon.keep(u);
                } else {
                    double back = heights[at - ray.major()] - eye;
                    edges(horizon, i, j, heights[at] - eye, back, (nextGround - ground) * i);
                }
            }
            u = nextU;
            ground = nextGround;
            at += minor;
        }
        if (last == 0) {
            horizon.add(0, 1, ground, 0);
        }
        if (more) {
            horizon.end();
        }
    }

    /** Adds the edge along the ring and the edge back to the ring before, both from the same post. */
    private void edges(Horizon horizon, int i, int j, double here, double back, double slope) {
        double u = (double) j / i;
        double nextU = (j + 1.0) / i;
        if (bothWays && j > 0 && j < i) {
            // At distance 1/w the height along the edge back, over the distance, is linear in w, and u = j * w.
            double rise = here - back;
            double backSlope = (back - rise * (i - 1.0)) / j;
            if (backSlope > slope) {
                double split = Math.min(j / (i - 1.0), nextU);
                horizon.add(u, split, rise, backSlope);
                u = split;
            }
        }
        horizon.add(u, nextU, here / i - slope * j / i, slope);
    }

    private boolean isSeen(int i, int j) {
        asked++;
        return !ray.isHidden(i, j, targetHeight);
    }
}
