package dev.fieldproof.geo;

/**
 * A closed rectangle of the site's plane along its axes. Immutable and thread-safe.
 *
 * @param minX west edge in millimetres
 * @param minY south edge in millimetres
 * @param maxX east edge in millimetres, not less than {@code minX}
 * @param maxY north edge in millimetres, not less than {@code minY}
 */
public record PlaneBox(int minX, int minY, int maxX, int maxY) {
    /**
     * Checks the order of the edges.
     *
     * @throws IllegalArgumentException if the rectangle is inside out
     */
    public PlaneBox {
        if (minX > maxX || minY > maxY) {
            throw new IllegalArgumentException(
                    "box inside out: " + minX + ".." + maxX + " by " + minY + ".." + maxY + " mm");
        }
    }

    /**
     * The smallest box around both.
     *
     * @param other the other box
     * @return the union's box
     */
    public PlaneBox union(PlaneBox other) {
        return new PlaneBox(
                Math.min(minX, other.minX),
                Math.min(minY, other.minY),
                Math.max(maxX, other.maxX),
                Math.max(maxY, other.maxY));
    }

    /**
     * Whether the closed boxes share a point.
     *
     * @param other the other box
     * @return true if they touch or overlap
     */
    public boolean meets(PlaneBox other) {
        return minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY;
    }
}
