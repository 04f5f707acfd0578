package dev.fieldproof.geo.geojson;

import java.util.List;

/**
 * The box around geometries as RFC 7946, section 5, wants it: for what was cut at the antimeridian, west is the greater
 * longitude. Not thread-safe.
 */
final class BoundingBox {
    private double west = Double.POSITIVE_INFINITY;
    private double east = Double.NEGATIVE_INFINITY;
    private double south = Double.POSITIVE_INFINITY;
    private double north = Double.NEGATIVE_INFINITY;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;
    private double leastEastern = Double.POSITIVE_INFINITY;
    private double greatestWestern = Double.NEGATIVE_INFINITY;
    private boolean flat;

    boolean isEmpty() {
        return west > east;
    }

    void add(Geometry geometry) {
        if (geometry instanceof Geometry.Point point) {
            add(point.position());
        } else if (geometry instanceof Geometry.MultiPoint points) {
            add(points.positions());
        } else if (geometry instanceof Geometry.LineString line) {
            add(line.positions());
        } else if (geometry instanceof Geometry.MultiLineString lines) {
            lines.lines().forEach(this::add);
        } else if (geometry instanceof Geometry.Polygon polygon) {
            add(polygon.rings().get(0));
        } else if (geometry instanceof Geometry.MultiPolygon polygons) {
            polygons.polygons().forEach(this::add);
        } else if (geometry instanceof Geometry.GeometryCollection collection) {
            collection.geometries().forEach(this::add);
        }
    }

    private void add(Positions positions) {
        for (int i = 0; i < positions.size(); i++) {
            double lon = positions.longitude(i);
            west = Math.min(west, lon);
            east = Math.max(east, lon);
            if (lon >= 0) {
                leastEastern = Math.min(leastEastern, lon);
            } else {
                greatestWestern = Math.max(greatestWestern, lon);
            }
            south = Math.min(south, positions.latitude(i));
            north = Math.max(north, positions.latitude(i));
            low = Math.min(low, positions.altitude(i));
            high = Math.max(high, positions.altitude(i));
        }
        flat |= positions.size() > 0 && positions.dimension() == 2;
    }

    /** West, south, east, north; with altitudes before and after the latitudes if every position has one. */
    List<Double> corners() {
        // What reaches both edges of the map and leaves more than half of it free lies across its seam.
        boolean wraps = east == 180 && west == -180 && leastEastern - greatestWestern > 180;
        double left = wraps ? leastEastern : west;
        double right = wraps ? greatestWestern : east;
        return flat ? List.of(left, south, right, north) : List.of(left, south, low, right, north, high);
    }
}
