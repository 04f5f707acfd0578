package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.List;

/**
 * The ground's height at the centre of each cell of a square grid. Between four neighbouring centres only the edges
 * that join them matter to sight. Immutable and thread-safe.
 */
public final class Terrain {
    /** Heights are within this many millimetres above or below zero: exact arithmetic relies on it. */
    public static final int MAX_HEIGHT_MILLIMETRES = 10_000_000;

    /** The most cells on a side. */
    public static final int MAX_SIDE = 50_000;

    private static final int BLOCK = 16;

    /** Tells the height of the ground. */
    @FunctionalInterface
    public interface Ground {
        /**
         * The height at a point.
         *
         * @param xMillimetres to the east
         * @param yMillimetres to the north
         * @return millimetres, within {@link #MAX_HEIGHT_MILLIMETRES} of zero
         */
        int heightMillimetres(int xMillimetres, int yMillimetres);
    }

    private final ZoneGrid grid;
    private final int[] heights;

    /** The same by columns: walking across rows would leave the page at every step. */
    private final int[] byColumns;

    private Terrain(ZoneGrid grid, int[] heights) {
        this.grid = grid;
        this.heights = heights;
        int columns = grid.columns();
        int rows = grid.rows();
        byColumns = new int[heights.length];
        for (int left = 0; left < columns; left += BLOCK) {
            for (int row = 0; row < rows; row++) {
                for (int column = left; column < Math.min(columns, left + BLOCK); column++) {
                    byColumns[column * rows + row] = heights[row * columns + column];
                }
            }
        }
    }

    /**
     * Samples the ground at the centre of each cell.
     *
     * @param grid of squares, at most {@value #MAX_SIDE} on a side
     * @param ground asked once for each cell, row by row from the south-west
     * @return the terrain
     * @throws IllegalArgumentException if the grid is not of squares or too large, or a height is out of range
     */
    public static Terrain sample(ZoneGrid grid, Ground ground) {
        int[] heights = new int[posts(grid)];
        int n = 0;
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                heights[n++] = ground.heightMillimetres(grid.x(column, row), grid.y(row));
            }
        }
        return checked(grid, heights);
    }

    /**
     * Takes the heights at the centres of all cells, as an elevation model has them.
     *
     * @param grid of squares, at most {@value #MAX_SIDE} on a side
     * @param heightsMillimetres row by row from the south-west; copied
     * @return the terrain
     * @throws IllegalArgumentException if the grid is not of squares or too large, there are not as many heights as
     *     cells, or a height is out of range
     */
    public static Terrain of(ZoneGrid grid, int[] heightsMillimetres) {
        if (heightsMillimetres.length != posts(grid)) {
            throw new IllegalArgumentException(heightsMillimetres.length + " heights for " + grid);
        }
        return checked(grid, heightsMillimetres.clone());
    }

    /** How many heights a grid takes. */
    static int posts(ZoneGrid grid) {
        if (grid.shape() != ZoneGrid.Shape.SQUARE || grid.columns() > MAX_SIDE || grid.rows() > MAX_SIDE) {
            throw new IllegalArgumentException(
                    "terrain needs squares, at most " + MAX_SIDE + " on a side, not a " + grid);
        }
        return Math.multiplyExact(grid.columns(), grid.rows());
    }

    private static Terrain checked(ZoneGrid grid, int[] heights) {
        for (int i = 0; i < heights.length; i++) {
            if (heights[i] > MAX_HEIGHT_MILLIMETRES || heights[i] < -MAX_HEIGHT_MILLIMETRES) {
                throw new IllegalArgumentException(
                        "height " + heights[i] + " mm at column " + i % grid.columns() + ", row " + i / grid.columns());
            }
        }
        return new Terrain(grid, heights);
    }

    /**
     * The same terrain with obstacles standing on it: each cell centre under an obstacle is raised by its height, by
     * the highest where several overlap.
     *
     * @param obstacles what stands on the ground
     * @return a new terrain
     * @throws IllegalArgumentException if a height gets out of range
     */
    public Terrain with(List<Obstacle> obstacles) {
        int[] rise = new int[heights.length];
        for (Obstacle obstacle : obstacles) {
            grid.inside(obstacle.footprint()).forEach((column, row) -> {
                int at = row * grid.columns() + column;
                rise[at] = Math.max(rise[at], obstacle.heightMillimetres());
            });
        }
        int[] at = {0};
        return sample(grid, (x, y) -> heights[at[0]] + rise[at[0]++]);
    }

    /**
     * The grid.
     *
     * @return of squares
     */
    public ZoneGrid grid() {
        return grid;
    }

    /**
     * The height at a cell's centre.
     *
     * @param column from 0 in the west
     * @param row from 0 in the south
     * @return millimetres
     * @throws IndexOutOfBoundsException if there is no such cell
     */
    public int heightMillimetres(int column, int row) {
        if (column < 0 || column >= grid.columns()) {
            throw new IndexOutOfBoundsException("column " + column + " of " + grid.columns());
        }
        return heights[row * grid.columns() + column];
    }

    /** Row by row from the south-west. */
    int[] heights() {
        return heights;
    }

    /** Column by column from the south-west. */
    int[] heightsByColumns() {
        return byColumns;
    }
}
