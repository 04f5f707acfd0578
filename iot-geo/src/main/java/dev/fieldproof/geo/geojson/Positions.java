package dev.fieldproof.geo.geojson;

import java.util.Arrays;

/**
 * A sequence of positions: longitude, latitude and, for all or none, altitude. Immutable and thread-safe.
 */
public final class Positions {
    private final double[] values;
    private final int dimension;

    /** Kept, for it is asked for in every loop and a division is slow. */
    private final int size;

    private Positions(double[] values, int dimension) {
        this.values = values;
        this.dimension = dimension;
        size = values.length / dimension;
    }

    /**
     * Makes a sequence.
     *
     * @param values longitude, latitude[, altitude], longitude, ...; copied
     * @param dimension 2 or 3
     * @return the positions
     * @throws IllegalArgumentException if the dimension is not 2 or 3 or does not divide the length
     */
    public static Positions of(double[] values, int dimension) {
        return copyOf(values, values.length, dimension);
    }

    /**
     * Makes a sequence from the start of an array.
     *
     * @param values longitude, latitude[, altitude], longitude, ...; copied
     * @param length how many numbers to take
     * @param dimension 2 or 3
     * @return the positions
     * @throws IllegalArgumentException if the dimension is not 2 or 3 or does not divide the length
     */
    public static Positions copyOf(double[] values, int length, int dimension) {
        if ((dimension != 2 && dimension != 3) || length % dimension != 0) {
            throw new IllegalArgumentException(length + " numbers of dimension " + dimension);
        }
        return new Positions(Arrays.copyOf(values, length), dimension);
    }

    /**
     * How many positions there are.
     *
     * @return 0 or more
     */
    public int size() {
        return size;
    }

    /**
     * Whether positions carry an altitude.
     *
     * @return 2 or 3
     */
    public int dimension() {
        return dimension;
    }

    /**
     * One longitude.
     *
     * @param index of the position
     * @return degrees
     * @throws IndexOutOfBoundsException if there is no such position
     */
    public double longitude(int index) {
        return values[index * dimension];
    }

    /**
     * One latitude.
     *
     * @param index of the position
     * @return degrees
     * @throws IndexOutOfBoundsException if there is no such position
     */
    public double latitude(int index) {
        return values[index * dimension + 1];
    }

    /**
     * One altitude.
     *
     * @param index of the position
     * @return metres, 0 where positions carry none
     * @throws IndexOutOfBoundsException if there is no such position
     */
    public double altitude(int index) {
        return dimension == 3 ? values[index * 3 + 2] : 0;
    }

    /**
     * The numbers.
     *
     * @return longitude, latitude[, altitude], longitude, ...; a copy
     */
    public double[] toArray() {
        return values.clone();
    }

    /**
     * Whether the first position is also the last, and there are at least four.
     *
     * @return true for what RFC 7946, section 3.1.6, calls a linear ring
     */
    public boolean isRing() {
        int n = values.length;
        if (size < 4) {
            return false;
        }
        for (int i = 0; i < dimension; i++) {
            if (values[i] != values[n - dimension + i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The positions with the first one added at the end, unless it is there already.
     *
     * @return a ring if there are at least three distinct positions
     */
    public Positions closed() {
        int n = values.length;
        if (n == 0 || (n > dimension && Arrays.equals(values, 0, dimension, values, n - dimension, n))) {
            return this;
        }
        double[] longer = Arrays.copyOf(values, n + dimension);
        System.arraycopy(values, 0, longer, n, dimension);
        return new Positions(longer, dimension);
    }

    /**
     * The positions from the last to the first.
     *
     * @return a new sequence
     */
    public Positions reversed() {
        double[] back = new double[values.length];
        for (int i = 0, j = values.length - dimension; j >= 0; i += dimension, j -= dimension) {
            System.arraycopy(values, j, back, i, dimension);
        }
        return new Positions(back, dimension);
    }

    /**
     * Twice the area that a ring encloses in square degrees, on the cylinder of longitude and latitude.
     *
     * @return positive for counter-clockwise rings
     */
    public double signedDoubleArea() {
        double sum = 0;
        for (int i = dimension; i + dimension < values.length; i += dimension) {
            double ax = values[i] - values[0];
            double ay = values[i + 1] - values[1];
            double bx = values[i + dimension] - values[0];
            double by = values[i + dimension + 1] - values[1];
            sum += ax * by - ay * bx;
        }
        return sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Positions that && dimension == that.dimension && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * dimension + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values) + "/" + dimension;
    }
}
