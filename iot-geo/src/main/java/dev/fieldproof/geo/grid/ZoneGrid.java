package dev.fieldproof.geo.grid;

import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;

/**
 * Cells in rows from south to north, each row from west to east; every cell stands for its centre, which has whole
 * millimetres. Square cells share one column spacing; hexagons (a corner to the north) are the same with each odd row
 * moved half a cell east. Immutable and thread-safe.
 */
public final class ZoneGrid {
    /** The most cells a grid may have. */
    public static final int MAX_CELLS = 100_000_000;

    /** The shape of the cells. */
    public enum Shape {
        /** Squares along the axes. */
        SQUARE,
        /** Hexagons with a corner to the north. */
        HEXAGON
    }

    private final Shape shape;
    private final int columns;
    private final int rows;
    private final int firstX;
    private final int firstY;
    private final int columnPitch;
    private final int rowPitch;
    private final int oddRowShift;

    private ZoneGrid(Shape shape, PlaneBox box, int columnPitch, int rowPitch, int oddRowShift) {
        this.shape = shape;
        this.columnPitch = columnPitch;
        this.rowPitch = rowPitch;
        this.oddRowShift = oddRowShift;
        // Cell edges fall on multiples of the pitch, so grids of one site and size always agree.
        firstX = Math.floorDiv(box.minX() - oddRowShift, columnPitch) * columnPitch + columnPitch / 2;
        int firstRow = Math.floorDiv(box.minY(), 2 * rowPitch) * 2;
        firstY = firstRow * rowPitch + rowPitch / 2;
        long wide = ((long) box.maxX() - firstX + columnPitch / 2) / columnPitch + 1;
        long high = ((long) box.maxY() - firstY + rowPitch / 2) / rowPitch + 1;
        if (wide * high > MAX_CELLS) {
            throw new IllegalArgumentException(
                    wide + " by " + high + " cells are more than " + MAX_CELLS + "; take larger cells");
        }
        columns = (int) wide;
        rows = (int) high;
    }

    /**
     * A grid of squares over a box.
     *
     * @param box what to cover
     * @param cellMillimetres length of a side, even, 20 or more
     * @return the grid
     * @throws IllegalArgumentException if the size is odd or too small, or there are more than {@link #MAX_CELLS} cells
     */
    public static ZoneGrid square(PlaneBox box, int cellMillimetres) {
        if (cellMillimetres < 20 || cellMillimetres % 2 != 0) {
            throw new IllegalArgumentException("cell size must be even and 20 mm or more: " + cellMillimetres);
        }
        return new ZoneGrid(Shape.SQUARE, box, cellMillimetres, cellMillimetres, 0);
    }

    /**
     * A grid of hexagons over a box.
     *
     * @param box what to cover
     * @param cellMillimetres distance between parallel sides, a multiple of 4, 20 or more
     * @return the grid
     * @throws IllegalArgumentException if the size is not allowed, or there are more than {@link #MAX_CELLS} cells
     */
    public static ZoneGrid hexagonal(PlaneBox box, int cellMillimetres) {
        if (cellMillimetres < 20 || cellMillimetres % 4 != 0) {
            throw new IllegalArgumentException(
                    "cell size must be a multiple of 4 and 20 mm or more: " + cellMillimetres);
        }
        int rowPitch = (int) Math.round(cellMillimetres * Math.sqrt(0.75) / 2) * 2;
        return new ZoneGrid(Shape.HEXAGON, box, cellMillimetres, rowPitch, cellMillimetres / 2);
    }

    /**
     * The shape of the cells.
     *
     * @return square or hexagon
     */
    public Shape shape() {
        return shape;
    }

    /**
     * The number of columns.
     *
     * @return 1 or more
     */
    public int columns() {
        return columns;
    }

    /**
     * The number of rows.
     *
     * @return 1 or more
     */
    public int rows() {
        return rows;
    }

    /**
     * The distance between the centres of a row.
     *
     * @return millimetres, even
     */
    public int columnPitch() {
        return columnPitch;
    }

    /**
     * The distance between rows.
     *
     * @return millimetres, even
     */
    public int rowPitch() {
        return rowPitch;
    }

    /**
     * The centre of a row's first cell.
     *
     * @param row from 0 in the south
     * @return millimetres to the east
     */
    public int firstX(int row) {
        return (row & 1) == 0 ? firstX : firstX + oddRowShift;
    }

    /**
     * The centres' distance to the east.
     *
     * @param column from 0 in the west
     * @param row from 0 in the south
     * @return millimetres
     */
    public int x(int column, int row) {
        return firstX(row) + column * columnPitch;
    }

    /**
     * The distance of a row's centres to the north.
     *
     * @param row from 0 in the south
     * @return millimetres
     */
    public int y(int row) {
        return firstY + row * rowPitch;
    }

    /**
     * A cell's centre.
     *
     * @param column from 0 in the west
     * @param row from 0 in the south
     * @return the centre
     */
    public PlanePoint centre(int column, int row) {
        return new PlanePoint(x(column, row), y(row));
    }

    /**
     * The area of one cell.
     *
     * @return square metres
     */
    public double cellSquareMetres() {
        return (double) columnPitch * rowPitch / 1e6;
    }

    /**
     * The corners of a cell, counter-clockwise. Neighbours share corners exactly.
     *
     * @param column from 0 in the west
     * @param row from 0 in the south
     * @return x, y, x, y in millimetres
     */
    public int[] outline(int column, int row) {
        int x = x(column, row);
        int y = y(row);
        int w = columnPitch / 2;
        if (shape == Shape.SQUARE) {
            return new int[] {x - w, y - w, x + w, y - w, x + w, y + w, x - w, y + w};
        }
        // A third of the row pitch above and below the line half way to the next row, alike from both sides.
        int half = rowPitch / 2;
        int third = rowPitch / 6;
        int flat = half - third;
        int peak = rowPitch - flat;
        return new int[] {x, y - peak, x + w, y - flat, x + w, y + flat, x, y + peak, x - w, y + flat, x - w, y - flat};
    }

    /**
     * The cells whose centres lie in a closed polygon.
     *
     * @param area any polygon
     * @return a new set
     */
    public CellSet inside(PlanePolygon area) {
        CellSet set = new CellSet(this);
        PlaneBox box = area.box();
        int bottom = Math.max(0, Math.floorDiv(box.minY() - firstY, rowPitch));
        int top = Math.min(rows - 1, Math.floorDiv(box.maxY() - firstY, rowPitch));
        for (int row = bottom; row <= top; row++) {
            int left = Math.max(0, Math.floorDiv(box.minX() - firstX(row), columnPitch));
            int right = Math.min(columns - 1, Math.floorDiv(box.maxX() - firstX(row), columnPitch));
            for (int column = left; column <= right; column++) {
                if (area.contains(x(column, row), y(row))) {
                    set.add(column, row);
                }
            }
        }
        return set;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ZoneGrid that
                && shape == that.shape
                && columns == that.columns
                && rows == that.rows
                && firstX == that.firstX
                && firstY == that.firstY
                && columnPitch == that.columnPitch
                && rowPitch == that.rowPitch;
    }

    @Override
    public int hashCode() {
        return ((((shape.name().hashCode() * 31 + columns) * 31 + rows) * 31 + firstX) * 31 + firstY) * 31
                + columnPitch;
    }

    @Override
    public String toString() {
        return shape + " grid of " + columns + " by " + rows + ", " + columnPitch + " mm";
    }
}
