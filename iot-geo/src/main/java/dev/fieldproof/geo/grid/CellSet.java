package dev.fieldproof.geo.grid;

import java.util.Arrays;

/** A set of a grid's cells as one bit each, every row starting a new word. Mutable; not thread-safe. */
public final class CellSet {
    private final ZoneGrid grid;
    private final int stride;
    private final long[] words;

    /**
     * Makes an empty set.
     *
     * @param grid whose cells it holds
     */
    public CellSet(ZoneGrid grid) {
        this(grid, new long[stride(grid) * grid.rows()]);
    }

    private static int stride(ZoneGrid grid) {
        return (grid.columns() + 63) / 64;
    }

    private CellSet(ZoneGrid grid, long[] words) {
        this.grid = grid;
        this.stride = stride(grid);
        this.words = words;
    }

    /**
     * The grid.
     *
     * @return whose cells these are
     */
    public ZoneGrid grid() {
        return grid;
    }

    /**
     * Whether a cell is in the set.
     *
     * @param column from 0
     * @param row from 0
     * @return false also outside the grid
     */
    public boolean contains(int column, int row) {
        return column >= 0
                && row >= 0
                && column < grid.columns()
                && row < grid.rows()
                && (words[row * stride + (column >> 6)] >>> column & 1) != 0;
    }

    /**
     * Adds a cell.
     *
     * @param column from 0
     * @param row from 0
     * @throws IndexOutOfBoundsException if there is no such cell
     */
    public void add(int column, int row) {
        if (column < 0 || column >= grid.columns()) {
            throw new IndexOutOfBoundsException("column " + column + " of " + grid.columns());
        }
        words[row * stride + (column >> 6)] |= 1L << column;
    }

    /**
     * Removes a cell.
     *
     * @param column from 0
     * @param row from 0
     * @throws IndexOutOfBoundsException if there is no such cell
     */
    public void remove(int column, int row) {
        if (column < 0 || column >= grid.columns()) {
            throw new IndexOutOfBoundsException("column " + column + " of " + grid.columns());
        }
        words[row * stride + (column >> 6)] &= ~(1L << column);
    }

    /**
     * How many cells are in the set.
     *
     * @return 0 or more
     */
    public int size() {
        int n = 0;
        for (long word : words) {
            n += Long.bitCount(word);
        }
        return n;
    }

    /**
     * Whether the set is empty.
     *
     * @return true if no cell is in it
     */
    public boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * How many cells are also in another set.
     *
     * @param other a set of the same grid
     * @return the size of the intersection
     */
    public int sizeShared(CellSet other) {
        check(other);
        int n = 0;
        for (int i = 0; i < words.length; i++) {
            n += Long.bitCount(words[i] & other.words[i]);
        }
        return n;
    }

    /**
     * Adds all cells of another set.
     *
     * @param other a set of the same grid
     * @return this set
     */
    public CellSet addAll(CellSet other) {
        check(other);
        for (int i = 0; i < words.length; i++) {
            words[i] |= other.words[i];
        }
        return this;
    }

    /**
     * Removes all cells of another set.
     *
     * @param other a set of the same grid
     * @return this set
     */
    public CellSet removeAll(CellSet other) {
        check(other);
        for (int i = 0; i < words.length; i++) {
            words[i] &= ~other.words[i];
        }
        return this;
    }

    /**
     * Keeps only the cells of another set.
     *
     * @param other a set of the same grid
     * @return this set
     */
    public CellSet retainAll(CellSet other) {
        check(other);
        for (int i = 0; i < words.length; i++) {
            words[i] &= other.words[i];
        }
        return this;
    }

    /**
     * A set of the same cells.
     *
     * @return a copy
     */
    public CellSet copy() {
        return new CellSet(grid, words.clone());
    }

    /**
     * The bits: word {@code row * ceil(columns / 64) + column / 64}, lowest bit first. Changes write through; bits past
     * a row's last column must stay 0.
     *
     * @return the array behind the set
     */
    public long[] words() {
        return words;
    }

    /** Takes each cell, from the south-west, row by row. */
    @FunctionalInterface
    public interface CellVisitor {
        /**
         * Takes one cell.
         *
         * @param column from 0
         * @param row from 0
         */
        void visit(int column, int row);
    }

    /**
     * Visits each cell, from the south-west, row by row.
     *
     * @param visitor called for each
     */
    public void forEach(CellVisitor visitor) {
        for (int i = 0; i < words.length; i++) {
            for (long rest = words[i]; rest != 0; rest &= rest - 1) {
                visitor.visit(i % stride * 64 + Long.numberOfTrailingZeros(rest), i / stride);
            }
        }
    }

    private void check(CellSet other) {
        if (!grid.equals(other.grid)) {
            throw new IllegalArgumentException("sets of different grids: " + grid + " and " + other.grid);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CellSet that && grid.equals(that.grid) && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return size() + " cells of " + grid;
    }
}
