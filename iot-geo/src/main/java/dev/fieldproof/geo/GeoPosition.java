package dev.fieldproof.geo;

/**
 * A position on the WGS 84 ellipsoid. Immutable and thread-safe.
 *
 * @param longitudeDegrees east of Greenwich, -180 to 180
 * @param latitudeDegrees geodetic, north of the equator, -90 to 90
 */
public record GeoPosition(double longitudeDegrees, double latitudeDegrees) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a coordinate is out of range or not a number
     */
    public GeoPosition {
        if (!(Math.abs(longitudeDegrees) <= 180) || !(Math.abs(latitudeDegrees) <= 90)) {
            throw new IllegalArgumentException(
                    "not a longitude and latitude in degrees: " + longitudeDegrees + ", " + latitudeDegrees);
        }
    }
}
