package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts features onto the site's plane. */
final class FeatureShapes {
    private final LocalProjection projection;

    FeatureShapes(LocalProjection projection) {
        this.projection = projection;
    }

    static boolean isArea(@Nullable Geometry geometry) {
        if (geometry instanceof Geometry.LineString line) {
            return line.positions().isRing();
        }
        if (geometry instanceof Geometry.GeometryCollection) {
            return !polygons(geometry).isEmpty();
        }
        return geometry instanceof Geometry.Polygon
                || (geometry instanceof Geometry.MultiPolygon polygons
                        && !polygons.polygons().isEmpty());
    }

    private static List<Geometry.Polygon> polygons(@Nullable Geometry geometry) {
        if (geometry instanceof Geometry.Polygon polygon) {
            return List.of(polygon);
        }
        if (geometry instanceof Geometry.MultiPolygon polygons) {
            return polygons.polygons();
        }
        if (geometry instanceof Geometry.LineString line && line.positions().isRing()) {
            return List.of(new Geometry.Polygon(List.of(line.positions())));
        }
        if (geometry instanceof Geometry.GeometryCollection collection) {
            // A surveyor's label point beside an area, or several areas. A reader makes collections of one level.
            return collection.geometries().stream()
                    .filter(part -> part instanceof Geometry.Polygon || part instanceof Geometry.MultiPolygon)
                    .flatMap(part -> polygons(part).stream())
                    .toList();
        }
        return List.of();
    }

    /** The area in square degrees, for comparison only. */
    static double roughArea(@Nullable Geometry geometry) {
        double sum = 0;
        for (Geometry.Polygon polygon : polygons(geometry)) {
            sum += Math.abs(polygon.rings().get(0).signedDoubleArea());
        }
        return sum;
    }

    private static Geometry.Polygon largest(@Nullable Geometry geometry) {
        return polygons(geometry).stream()
                .max(Comparator.comparingDouble(
                        polygon -> Math.abs(polygon.rings().get(0).signedDoubleArea())))
                .orElseThrow(() -> new IllegalArgumentException("no polygon"));
    }

    /** The outer ring of the largest polygon. */
    static Positions largestRing(@Nullable Geometry geometry) {
        return largest(geometry).rings().get(0);
    }

    PlanePolygon largest(Feature feature) {
        return PlanePolygon.of(
                largest(feature.geometry()).rings().stream().map(this::plane).toList());
    }

    List<PlanePolygon> areas(Feature feature) {
        List<PlanePolygon> areas = new ArrayList<>();
        for (Geometry.Polygon polygon : polygons(feature.geometry())) {
            areas.add(PlanePolygon.of(polygon.rings().stream().map(this::plane).toList()));
        }
        if (areas.isEmpty()) {
            throw new IllegalArgumentException("is no polygon");
        }
        return areas;
    }

    private int[] plane(Positions ring) {
        int[] xy = new int[2 * ring.size()];
        for (int i = 0; i < ring.size(); i++) {
            PlanePoint point = projection.toPlane(ring.longitude(i), ring.latitude(i));
            xy[2 * i] = point.xMillimetres();
            xy[2 * i + 1] = point.yMillimetres();
        }
        return xy;
    }

    PlanePoint point(Feature feature) {
        if (feature.geometry() instanceof Geometry.Point point) {
            Positions position = point.position();
            return projection.toPlane(position.longitude(0), position.latitude(0));
        }
        throw new IllegalArgumentException("is no point");
    }
}
