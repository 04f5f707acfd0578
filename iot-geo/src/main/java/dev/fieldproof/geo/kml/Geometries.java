package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the members of a MultiGeometry together. */
final class Geometries {
    private Geometries() {}

    /** One multi-geometry if all members are of one kind and dimension, else a collection; null if there are none. */
    static @Nullable Geometry together(List<Geometry> members) {
        if (members.isEmpty()) {
            return null;
        }
        if (members.size() == 1) {
            return members.get(0);
        }
        List<Positions> lines = new ArrayList<>();
        List<Geometry.Polygon> polygons = new ArrayList<>();
        List<Positions> points = new ArrayList<>();
        for (Geometry member : members) {
            if (member instanceof Geometry.LineString line) {
                lines.add(line.positions());
            } else if (member instanceof Geometry.Polygon polygon) {
                polygons.add(polygon);
            } else if (member instanceof Geometry.Point point) {
                points.add(point.position());
            }
        }
        if (lines.size() == members.size()) {
            return new Geometry.MultiLineString(lines);
        }
        if (polygons.size() == members.size()) {
            return new Geometry.MultiPolygon(polygons);
        }
        if (points.size() == members.size()) {
            return multiPoint(points);
        }
        return new Geometry.GeometryCollection(members);
    }

    private static Geometry multiPoint(List<Positions> points) {
        int dimension = points.stream().mapToInt(Positions::dimension).max().orElse(2);
        double[] all = new double[points.size() * dimension];
        int n = 0;
        for (Positions point : points) {
            all[n++] = point.longitude(0);
            all[n++] = point.latitude(0);
            if (dimension == 3) {
                all[n++] = point.altitude(0);
            }
        }
        return new Geometry.MultiPoint(Positions.of(all, dimension));
    }
}
