package dev.fieldproof.geo.geojson;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import java.util.ArrayList;
import java.util.List;

/** Carries what lies on a site's plane back to longitude and latitude. Stateless and thread-safe. */
public final class PlaneGeometries {
    /** Eight decimals of a degree are about a millimetre: what the plane resolves. */
    private static final double GRAIN = 1e8;

    private PlaneGeometries() {}

    /**
     * A point.
     *
     * @param projection of the plane
     * @param point on it
     * @return the geometry
     */
    public static Geometry.Point point(LocalProjection projection, PlanePoint point) {
        GeoPosition position = projection.toPosition(point);
        return new Geometry.Point(
                Positions.of(new double[] {round(position.longitudeDegrees()), round(position.latitudeDegrees())}, 2));
    }

    /**
     * One polygon, or several as one geometry.
     *
     * @param projection of the plane
     * @param polygons one or more
     * @return a polygon or multipolygon
     * @throws IllegalArgumentException if there are none
     */
    public static Geometry area(LocalProjection projection, List<PlanePolygon> polygons) {
        if (polygons.isEmpty()) {
            throw new IllegalArgumentException("no polygons");
        }
        List<Geometry.Polygon> areas = new ArrayList<>();
        for (PlanePolygon polygon : polygons) {
            List<Positions> rings = new ArrayList<>();
            for (int i = 0; i < polygon.ringCount(); i++) {
                int[] xy = polygon.ring(i);
                double[] degrees = new double[xy.length];
                for (int j = 0; j < xy.length; j += 2) {
                    GeoPosition position = projection.toPosition(xy[j] / 1000.0, xy[j + 1] / 1000.0);
                    degrees[j] = round(position.longitudeDegrees());
                    degrees[j + 1] = round(position.latitudeDegrees());
                }
                rings.add(Positions.of(degrees, 2).closed());
            }
            areas.add(new Geometry.Polygon(rings));
        }
        return areas.size() == 1 ? areas.get(0) : new Geometry.MultiPolygon(areas);
    }

    private static double round(double degrees) {
        return Math.rint(degrees * GRAIN) / GRAIN;
    }
}
