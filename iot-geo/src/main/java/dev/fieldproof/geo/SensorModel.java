package dev.fieldproof.geo;

/**
 * What a kind of sensor can see. Immutable and thread-safe.
 *
 * @param name the catalogue's name for it
 * @param horizontalFieldDegrees full width of the view, above 0 to 360; 360 sees all around
 * @param verticalFieldDegrees full height of the view, above 0 to 180; 180 sees straight up and down
 * @param nearMillimetres least distance along the ground, 0 or more
 * @param farMillimetres greatest distance along the ground, above near, to {@value #MAX_RANGE_MILLIMETRES}
 * @param horizontalPixels width of a camera's picture, for pixel density; 0 for what is no camera
 */
public record SensorModel(
        String name,
        double horizontalFieldDegrees,
        double verticalFieldDegrees,
        int nearMillimetres,
        int farMillimetres,
        int horizontalPixels) {
    /** The greatest range: exact arithmetic relies on it. */
    public static final int MAX_RANGE_MILLIMETRES = 5_000_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public SensorModel {
        if (!(horizontalFieldDegrees > 0 && horizontalFieldDegrees <= 360)
                || !(verticalFieldDegrees > 0 && verticalFieldDegrees <= 180)) {
            throw new IllegalArgumentException("field of view of '" + name + "' is " + horizontalFieldDegrees + " by "
                    + verticalFieldDegrees + " degrees");
        }
        if (nearMillimetres < 0 || farMillimetres <= nearMillimetres || farMillimetres > MAX_RANGE_MILLIMETRES) {
            throw new IllegalArgumentException(
                    "range of '" + name + "' is " + nearMillimetres + " to " + farMillimetres + " mm");
        }
        if (horizontalPixels < 0) {
            throw new IllegalArgumentException("pixels of '" + name + "': " + horizontalPixels);
        }
    }

    /**
     * A sensor that sees all around.
     *
     * @param name the catalogue's name for it
     * @param farMillimetres its range
     * @return the model
     * @throws IllegalArgumentException if the range is not allowed
     */
    public static SensorModel omnidirectional(String name, int farMillimetres) {
        return new SensorModel(name, 360, 180, 0, farMillimetres, 0);
    }
}
