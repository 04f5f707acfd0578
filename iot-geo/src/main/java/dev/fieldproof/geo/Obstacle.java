package dev.fieldproof.geo;

/**
 * Something that blocks sight: a closed prism from the ground up. Immutable and thread-safe.
 *
 * @param id the placemark's name, unique among obstacles
 * @param footprint its outline on the ground
 * @param heightMillimetres its top above ground, 1 to {@value #MAX_HEIGHT_MILLIMETRES}
 */
public record Obstacle(String id, PlanePolygon footprint, int heightMillimetres) {
    /** The greatest height of obstacles, eyes and targets: exact arithmetic relies on it. */
    public static final int MAX_HEIGHT_MILLIMETRES = 1_000_000;

    /**
     * Checks the height.
     *
     * @throws IllegalArgumentException if the height is out of range
     */
    public Obstacle {
        if (heightMillimetres < 1 || heightMillimetres > MAX_HEIGHT_MILLIMETRES) {
            throw new IllegalArgumentException("height of obstacle '" + id + "' is " + heightMillimetres
                    + " mm; allowed are 1 to " + MAX_HEIGHT_MILLIMETRES);
        }
    }
}
