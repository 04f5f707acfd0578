package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;

/**
 * Sight over terrain in one of eight directions, ring by ring outwards: first each post of the ring is held against the
 * horizon of the rings before, then the ring's own edges are added to it. On a ring, the edge to the next post and the
 * edge back to the ring before start at the same post, so the steeper of both counts as far as the shorter of them
 * goes. Used once; not thread-safe.
 */
final class TerrainOctant {
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
        Horizon horizon = new Horizon();
        int rings = Math.min(majorLimit, reach);
        for (int i = 1; i <= rings; i++) {
            ring(horizon, i, Math.min(i, minorLimit), i < rings);
        }
        return cells;
    }

    private void ring(Horizon horizon, int i, int last, boolean more) {
        int[] heights = ray.heights();
        int minor = ray.minor();
        int at = ray.eye() + i * ray.major();
        double eye = ray.eyeHeight();
        double whole = i;
        double inverse = 1 / whole;
        double lift = targetHeight * inverse;
        double ground = (heights[at] - eye) * inverse;
        double u = 0;
        horizon.begin(last);
        for (int j = 0; j <= last; j++) {
            double height = horizon.height(u);
            int verdict = horizon.compare(u, ground + lift, height);
            if (verdict >= 0 && (verdict == Horizon.ABOVE || isSeen(i, j))) {
                cells.add(column + i * eastPerMajor + j * eastPerMinor, row + i * northPerMajor + j * northPerMinor);
            }
            if (j == last) {
                break;
            }
            double nextU = (j + 1) / whole;
            double nextGround = (heights[at + minor] - eye) * inverse;
            if (more) {
                if (height >= ground && horizon.covers(nextU, nextGround)) {
                    // The edge back is covered too: its other end is a post of the ring before.
                    horizon.keep(u);
                } else {
                    double back = heights[at - ray.major()] - eye;
                    edges(horizon, i, j, heights[at] - eye, back, (nextGround - ground) * whole);
                }
            }
            u = nextU;
            ground = nextGround;
            at += minor;
        }
        if (last == 0) {
            horizon.add(0, 1, ground, 0);
        }
        horizon.end();
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
