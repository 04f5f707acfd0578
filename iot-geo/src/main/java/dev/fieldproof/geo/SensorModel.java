package dev.fieldproof.geo;

import org.jspecify.annotations.Nullable;

/**
 * What a kind of sensor can see. Immutable and thread-safe.
 *
 * @param name the catalogue's name for it
 * @param horizontalFieldDegrees full width of the view, above 0 to 360; 360 sees all around
 * @param verticalFieldDegrees full height of the view, above 0 to 180; 180 sees straight up and down
 * @param nearMillimetres least distance along the ground, 0 or more
 * @param farMillimetres greatest distance along the ground, above near, to {@value #MAX_RANGE_MILLIMETRES}
 * @param horizontalPixels width of a camera's picture, for pixel density; 0 for what is no camera
 * @param radio path loss and sensitivity of what senses by radio, all around; null for what needs a line of sight
 */
public record SensorModel(
        String name,
        double horizontalFieldDegrees,
        double verticalFieldDegrees,
        int nearMillimetres,
        int farMillimetres,
        int horizontalPixels,
        @Nullable RadioModel radio) {
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
        if (radio != null && (horizontalFieldDegrees < 360 || verticalFieldDegrees < 180 || horizontalPixels > 0)) {
            throw new IllegalArgumentException("radio '" + name + "' with a field of view or pixels");
        }
    }

    /**
     * What needs a line of sight.
     *
     * @param name the catalogue's name for it
     * @param horizontalFieldDegrees full width of the view, above 0 to 360; 360 sees all around
     * @param verticalFieldDegrees full height of the view, above 0 to 180; 180 sees straight up and down
     * @param nearMillimetres least distance along the ground, 0 or more
     * @param farMillimetres greatest distance along the ground, above near, to {@value #MAX_RANGE_MILLIMETRES}
     * @param horizontalPixels width of a camera's picture, for pixel density; 0 for what is no camera
     * @throws IllegalArgumentException if a value is out of its range
     */
    public SensorModel(
            String name,
            double horizontalFieldDegrees,
            double verticalFieldDegrees,
            int nearMillimetres,
            int farMillimetres,
            int horizontalPixels) {
        this(
                name,
                horizontalFieldDegrees,
                verticalFieldDegrees,
                nearMillimetres,
                farMillimetres,
                horizontalPixels,
                null);
    }

    /**
     * A sensor by radio, such as a receiver of tags: it reaches as far as its link holds, past and through obstacles at
     * their loss, at most {@value #MAX_RANGE_MILLIMETRES} mm.
     *
     * @param name the catalogue's name for it
     * @param radio path loss and sensitivity
     * @return the model
     */
    public static SensorModel radio(String name, RadioModel radio) {
        int reach = (int) Math.min(MAX_RANGE_MILLIMETRES, Math.ceil(radio.reachMetres() * 1000));
        return new SensorModel(name, 360, 180, 0, reach, 0, radio);
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
