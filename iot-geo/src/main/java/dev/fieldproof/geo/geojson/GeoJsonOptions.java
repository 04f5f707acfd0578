package dev.fieldproof.geo.geojson;

/**
 * How GeoJSON is written. Immutable and thread-safe.
 *
 * @param boxes whether each feature with a geometry, and the collection, gets a "bbox" (RFC 7946, section 5)
 * @param decimals digits kept after the point of coordinates, 0 to 15; {@link #EXACT} keeps what was read
 */
public record GeoJsonOptions(boolean boxes, int decimals) {
    /** Coordinates read back as the same doubles. */
    public static final int EXACT = -1;

    /** No boxes, exact coordinates. */
    public static final GeoJsonOptions DEFAULT = new GeoJsonOptions(false, EXACT);

    private static final int MAX_DECIMALS = 15;

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the decimals are out of range
     */
    public GeoJsonOptions {
        if (decimals < EXACT || decimals > MAX_DECIMALS) {
            throw new IllegalArgumentException("decimals: " + decimals + "; 0 to " + MAX_DECIMALS + ", or -1 for all");
        }
    }

    /** A coordinate as it will be written. */
    double rounded(double value) {
        if (decimals < 0) {
            return value;
        }
        double power = Math.pow(10, decimals);
        double scaled = value * power;
        // Beyond 2^53 there is nothing after the point that could be rounded.
        return Math.abs(scaled) < 0x1p53 ? Math.rint(scaled) / power : value;
    }
}
