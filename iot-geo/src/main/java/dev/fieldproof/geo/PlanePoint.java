package dev.fieldproof.geo;

/**
 * A point of the site's plane, in whole millimetres from the site's origin. Immutable and thread-safe.
 *
 * @param xMillimetres to the east
 * @param yMillimetres to the north
 */
public record PlanePoint(int xMillimetres, int yMillimetres) implements Comparable<PlanePoint> {
    /**
     * The straight distance to another point of the plane.
     *
     * @param other the other point
     * @return the distance in metres
     */
    public double distanceMetres(PlanePoint other) {
        double dx = (double) xMillimetres - other.xMillimetres;
        double dy = (double) yMillimetres - other.yMillimetres;
        return Math.sqrt(dx * dx + dy * dy) / 1000;
    }

    /** Orders by row from the north, then from the west: the order in which people read a map. */
    @Override
    public int compareTo(PlanePoint other) {
        int byRow = Integer.compare(other.yMillimetres, yMillimetres);
        return byRow != 0 ? byRow : Integer.compare(xMillimetres, other.xMillimetres);
    }
}
