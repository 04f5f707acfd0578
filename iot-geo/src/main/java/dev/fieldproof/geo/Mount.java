package dev.fieldproof.geo;

/**
 * A place where a node may be fixed: a pole, a wall, a roof edge. Immutable and thread-safe.
 *
 * @param id the placemark's name, unique among mounts
 * @param position where, on the plane
 * @param heightMillimetres of the sensor above ground, 0 to {@value Obstacle#MAX_HEIGHT_MILLIMETRES}
 * @param powered whether mains power is there
 */
public record Mount(String id, PlanePoint position, int heightMillimetres, boolean powered) {
    /**
     * Checks the height.
     *
     * @throws IllegalArgumentException if the height is out of range
     */
    public Mount {
        if (heightMillimetres < 0 || heightMillimetres > Obstacle.MAX_HEIGHT_MILLIMETRES) {
            throw new IllegalArgumentException("height of '" + id + "' is " + heightMillimetres
                    + " mm; allowed are 0 to " + Obstacle.MAX_HEIGHT_MILLIMETRES);
        }
    }
}
