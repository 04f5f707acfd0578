package dev.fieldproof.geo;

/**
 * A sensor in its place. Immutable and thread-safe.
 *
 * @param id unique among the sensors
 * @param position where, on the plane
 * @param heightMillimetres of its eye above ground, 0 to {@value Obstacle#MAX_HEIGHT_MILLIMETRES}
 * @param azimuthDegrees where the middle of its view points: 0 is north, 90 is east
 * @param tiltDegrees how far the middle of its view points down, -90 to 90; 0 is level
 * @param model what it can see
 */
public record Sensor(
        String id,
        PlanePoint position,
        int heightMillimetres,
        double azimuthDegrees,
        double tiltDegrees,
        SensorModel model) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Sensor {
        if (heightMillimetres < 0 || heightMillimetres > Obstacle.MAX_HEIGHT_MILLIMETRES) {
            throw new IllegalArgumentException("height of sensor '" + id + "' is " + heightMillimetres + " mm");
        }
        if (!(Math.abs(azimuthDegrees) <= 720) || !(Math.abs(tiltDegrees) <= 90)) {
            throw new IllegalArgumentException(
                    "sensor '" + id + "' points to azimuth " + azimuthDegrees + ", tilt " + tiltDegrees + " degrees");
        }
    }
}
