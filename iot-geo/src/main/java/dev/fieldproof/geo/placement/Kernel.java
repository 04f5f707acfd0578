package dev.fieldproof.geo.placement;

import java.util.Arrays;

/**
 * The part of a simplex basis that is not made of slacks: prices in use, the columns they make tight, and the inverse
 * of the matrix between them. It starts empty and grows, is replaced or shrinks by one with each step. Not thread-safe.
 */
final class Kernel {
    private static final double LEAST_PIVOT = 1e-9;

    /** The rows and groups whose prices are in use, and the columns that they make tight. */
    final int[] prices;

    final int[] tight;

    /** One row for each price, one entry for each tight column. */
    final double[][] inverse;

    /** Places of prices and of columns; -1 outside. */
    final int[] pricePlace;

    final int[] tightPlace;
    int size;

    Kernel(int variables, int columns) {
        prices = new int[columns];
        tight = new int[columns];
        inverse = new double[columns][];
        pricePlace = new int[variables];
        tightPlace = new int[columns];
        Arrays.fill(pricePlace, -1);
        Arrays.fill(tightPlace, -1);
    }

    private double[] row(int at) {
        if (inverse[at] == null || inverse[at].length < size + 1) {
            double[] old = inverse[at];
            inverse[at] = new double[Math.min(tight.length, 2 * size + 16)];
            if (old != null) {
                System.arraycopy(old, 0, inverse[at], 0, old.length);
            }
        }
        return inverse[at];
    }

    /** Subtracts the outer product of a direction and a row, the heart of every step. */
    void subtract(double[] direction, double[] row) {
        for (int q = 0; q < size; q++) {
            double times = direction[q];
            if (times != 0) {
                double[] to = inverse[q];
                for (int p = 0; p < size; p++) {
                    to[p] -= times * row[p];
                }
            }
        }
    }

    /** One price for another; the row is the leaving one's, scaled. */
    void replacePrice(int at, int price, double[] row) {
        pricePlace[prices[at]] = -1;
        prices[at] = price;
        pricePlace[price] = at;
        System.arraycopy(row, 0, inverse[at], 0, size);
    }

    /** One tight column for another. */
    void replaceTight(int at, int column, double[] direction, double pivot) {
        tightPlace[tight[at]] = -1;
        tight[at] = column;
        tightPlace[column] = at;
        for (int q = 0; q < size; q++) {
            inverse[q][at] = -direction[q] / pivot;
        }
    }

    /** A price more and a tight column more. */
    void grow(int price, int column, double[] direction, double[] row, double pivot) {
        for (int q = 0; q < size; q++) {
            row(q)[size] = -direction[q] / pivot;
        }
        double[] last = row(size);
        System.arraycopy(row, 0, last, 0, size);
        last[size] = 1 / pivot;
        prices[size] = price;
        pricePlace[price] = size;
        tight[size] = column;
        tightPlace[column] = size++;
    }

    /** A price less and a tight column less; the last ones take their places. */
    void shrink(int priceAt, int tightAt) {
        size--;
        pricePlace[prices[priceAt]] = -1;
        tightPlace[tight[tightAt]] = -1;
        if (priceAt < size) {
            double[] free = inverse[priceAt];
            inverse[priceAt] = inverse[size];
            inverse[size] = free;
            prices[priceAt] = prices[size];
            pricePlace[prices[priceAt]] = priceAt;
        }
        if (tightAt < size) {
            for (int q = 0; q < size; q++) {
                inverse[q][tightAt] = inverse[q][size];
            }
            tight[tightAt] = tight[size];
            tightPlace[tight[tightAt]] = tightAt;
        }
    }

    void clear() {
        for (int q = 0; q < size; q++) {
            pricePlace[prices[q]] = -1;
            tightPlace[tight[q]] = -1;
        }
        size = 0;
    }

    /** Everything needed to come back. */
    @SuppressWarnings("ArrayRecordComponent") // a private copy
    record Snapshot(int[] prices, int[] tight, double[][] inverse) {}

    Snapshot save() {
        double[][] copy = new double[size][];
        for (int q = 0; q < size; q++) {
            copy[q] = Arrays.copyOf(inverse[q], size);
        }
        return new Snapshot(Arrays.copyOf(prices, size), Arrays.copyOf(tight, size), copy);
    }

    void restore(Snapshot from) {
        clear();
        size = from.prices.length;
        for (int q = 0; q < size; q++) {
            prices[q] = from.prices[q];
            tight[q] = from.tight[q];
            pricePlace[prices[q]] = q;
            tightPlace[tight[q]] = q;
            System.arraycopy(from.inverse[q], 0, row(q), 0, size);
        }
    }

    /** Inverts anew a matrix with a row for each tight column and an entry for each price; false if it has none. */
    boolean invert(double[][] matrix) {
        // Gauss and Jordan with the greatest entry of the column for a pivot; what is done to the rows is done to a
        // unit matrix, whose rows end up in the order of the prices.
        double[][] unit = new double[size][size];
        for (int p = 0; p < size; p++) {
            unit[p][p] = 1;
        }
        for (int q = 0; q < size; q++) {
            int pivot = q;
            for (int p = q + 1; p < size; p++) {
                pivot = Math.abs(matrix[p][q]) > Math.abs(matrix[pivot][q]) ? p : pivot;
            }
            if (Math.abs(matrix[pivot][q]) < LEAST_PIVOT) {
                return false;
            }
            swap(matrix, q, pivot);
            swap(unit, q, pivot);
            eliminate(matrix, unit, q);
        }
        for (int q = 0; q < size; q++) {
            System.arraycopy(unit[q], 0, inverse[q], 0, size);
        }
        return true;
    }

    private void eliminate(double[][] matrix, double[][] unit, int q) {
        double scale = 1 / matrix[q][q];
        for (int k = 0; k < size; k++) {
            matrix[q][k] *= scale;
            unit[q][k] *= scale;
        }
        for (int p = 0; p < size; p++) {
            double times = matrix[p][q];
            if (p != q && times != 0) {
                for (int k = 0; k < size; k++) {
                    matrix[p][k] -= times * matrix[q][k];
                    unit[p][k] -= times * unit[q][k];
                }
            }
        }
    }

    private static void swap(double[][] rows, int a, int b) {
        double[] row = rows[a];
        rows[a] = rows[b];
        rows[b] = row;
    }
}
