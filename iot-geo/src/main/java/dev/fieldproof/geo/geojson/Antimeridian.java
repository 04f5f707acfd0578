package dev.fieldproof.geo.geojson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.TopologyException;

/**
 * Cuts lines and polygons at the antimeridian, as RFC 7946, section 3.1.9, asks: two neighbouring positions more than
 * 180 degrees of longitude apart are joined the short way. Rings around a pole, and rings that cross themselves so that
 * they cannot be cut, stay as they are. Stateless and thread-safe.
 */
public final class Antimeridian {
    private static final GeometryFactory FACTORY = new GeometryFactory();

    private Antimeridian() {}

    /**
     * Cuts the geometry of a feature, as {@link #cut(Geometry)} does.
     *
     * @param feature with or without a geometry
     * @return the same feature if there is nothing to cut
     */
    public static Feature cut(Feature feature) {
        Geometry geometry = feature.geometry();
        Geometry parts = geometry == null ? null : cut(geometry);
        return parts == geometry ? feature : new Feature(feature.id(), parts, feature.properties(), feature.members());
    }

    /**
     * Cuts a geometry where it needs to be.
     *
     * @param geometry any
     * @return the same instance if nothing crosses, else a multi-geometry
     */
    public static Geometry cut(Geometry geometry) {
        Geometry parts = parts(geometry);
        return parts == geometry || geometry.members().isEmpty() ? parts : parts.with(geometry.members());
    }

    private static Geometry parts(Geometry geometry) {
        if (geometry instanceof Geometry.LineString line) {
            return crosses(line.positions()) ? lines(List.of(line.positions())) : line;
        } else if (geometry instanceof Geometry.MultiLineString lines) {
            return lines.lines().stream().anyMatch(Antimeridian::crosses) ? lines(lines.lines()) : lines;
        } else if (geometry instanceof Geometry.Polygon polygon) {
            return crosses(polygon.rings().get(0)) ? polygons(List.of(polygon)) : polygon;
        } else if (geometry instanceof Geometry.MultiPolygon polygons) {
            boolean any = polygons.polygons().stream()
                    .anyMatch(polygon -> crosses(polygon.rings().get(0)));
            return any ? polygons(polygons.polygons()) : polygons;
        } else if (geometry instanceof Geometry.GeometryCollection collection) {
            return new Geometry.GeometryCollection(
                    collection.geometries().stream().map(Antimeridian::cut).toList());
        }
        return geometry;
    }

    private static boolean crosses(Positions positions) {
        double before = positions.size() == 0 ? 0 : positions.longitude(0);
        for (int i = 0; i < positions.size(); i++) {
            double lon = positions.longitude(i);
            if (Math.abs(lon) > 180 || Math.abs(lon - before) > 180) {
                return true;
            }
            before = lon;
        }
        return false;
    }

    /** The positions with longitudes that go on over 180 degrees, the first one between -180 and 180. */
    private static double[] unwrapped(Positions positions) {
        double[] values = positions.toArray();
        double shift = 0;
        for (int i = 0; i < values.length; i += positions.dimension()) {
            double previous = i == 0 ? 0 : values[i - positions.dimension()];
            double lon = values[i] + shift;
            while (lon - previous > 180) {
                lon -= 360;
                shift -= 360;
            }
            while (lon - previous < -180) {
                lon += 360;
                shift += 360;
            }
            values[i] = lon;
        }
        return values;
    }

    private static Geometry lines(List<Positions> whole) {
        List<Positions> parts = new ArrayList<>();
        for (Positions line : whole) {
            if (crosses(line)) {
                cutLine(line, parts);
            } else {
                parts.add(line);
            }
        }
        return parts.size() == 1 ? new Geometry.LineString(parts.get(0)) : new Geometry.MultiLineString(parts);
    }

    /** The strip of 360 degrees that a longitude lies in. */
    private static long strip(double lon) {
        return (long) Math.floor((lon + 180) / 360);
    }

    private static void cutLine(Positions line, List<Positions> parts) {
        int d = line.dimension();
        double[] v = unwrapped(line);
        double[] part = new double[v.length * 3];
        int n = 0;
        // A start on the meridian itself belongs to the side that the line goes to.
        long strip = strip(v[0] + Math.signum(v[d] - v[0]) * 1e-9);
        for (int i = 0; i < v.length; i += d) {
            double lon = v[i];
            while (lon > 180 + 360.0 * strip || lon < -180 + 360.0 * strip) {
                boolean east = lon > 180 + 360.0 * strip;
                double edge = east ? 180 + 360.0 * strip : -180 + 360.0 * strip;
                double[] at = new double[d];
                double t = (edge - v[i - d]) / (lon - v[i - d]);
                for (int k = 1; k < d; k++) {
                    at[k] = v[i - d + k] + t * (v[i + k] - v[i - d + k]);
                }
                at[0] = east ? 180 : -180;
                System.arraycopy(at, 0, part, n, d);
                parts.add(Positions.copyOf(part, n + d, d));
                at[0] = -at[0];
                System.arraycopy(at, 0, part, 0, d);
                n = d;
                strip += east ? 1 : -1;
            }
            System.arraycopy(v, i, part, n, d);
            part[n] = lon - 360.0 * strip;
            n += d;
        }
        if (n > d) {
            parts.add(Positions.copyOf(part, n, d));
        }
        parts.removeIf(piece -> piece.size() < 2);
    }

    private static Geometry polygons(List<Geometry.Polygon> whole) {
        List<Geometry.Polygon> parts = new ArrayList<>();
        for (Geometry.Polygon polygon : whole) {
            if (!crosses(polygon.rings().get(0)) || !cutPolygon(polygon, parts)) {
                parts.add(polygon);
            }
        }
        return parts.size() == 1 ? parts.get(0) : new Geometry.MultiPolygon(parts);
    }

    private static boolean cutPolygon(Geometry.Polygon polygon, List<Geometry.Polygon> parts) {
        List<LinearRing> rings = new ArrayList<>();
        double west = Double.MAX_VALUE;
        double east = -Double.MAX_VALUE;
        for (Positions ring : polygon.rings()) {
            int d = ring.dimension();
            double[] v = unwrapped(ring);
            if (v[0] != v[v.length - d]) {
                return false;
            }
            // Holes follow the outer ring to its side.
            double shift = rings.isEmpty() || (v[0] >= west && v[0] <= east) ? 0 : v[0] < west ? 360 : -360;
            Coordinate[] corners = new Coordinate[v.length / d];
            for (int i = 0; i < corners.length; i++) {
                corners[i] = new Coordinate(v[i * d] + shift, v[i * d + 1], d == 3 ? v[i * d + 2] : Double.NaN);
                if (rings.isEmpty()) {
                    west = Math.min(west, corners[i].x);
                    east = Math.max(east, corners[i].x);
                }
            }
            rings.add(FACTORY.createLinearRing(corners));
        }
        var shape = FACTORY.createPolygon(
                rings.get(0), rings.subList(1, rings.size()).toArray(LinearRing[]::new));
        int before = parts.size();
        try {
            for (long strip = strip(west); strip <= strip(east); strip++) {
                var window = FACTORY.toGeometry(
                        new org.locationtech.jts.geom.Envelope(360.0 * strip - 180, 360.0 * strip + 180, -91, 91));
                collect(
                        shape.intersection(window),
                        360.0 * strip,
                        polygon.rings().get(0).dimension(),
                        parts);
            }
        } catch (TopologyException | IllegalArgumentException e) {
            parts.subList(before, parts.size()).clear();
        }
        return parts.size() > before;
    }

    private static void collect(
            org.locationtech.jts.geom.Geometry cut, double shift, int dimension, List<Geometry.Polygon> parts) {
        for (int i = 0; i < cut.getNumGeometries(); i++) {
            if (cut.getGeometryN(i) instanceof org.locationtech.jts.geom.Polygon polygon && !polygon.isEmpty()) {
                List<Positions> rings = new ArrayList<>();
                rings.add(ring(polygon.getExteriorRing(), shift, dimension));
                for (int h = 0; h < polygon.getNumInteriorRing(); h++) {
                    rings.add(ring(polygon.getInteriorRingN(h), shift, dimension));
                }
                parts.add(new Geometry.Polygon(rings));
            }
        }
    }

    private static Positions ring(LinearRing ring, double shift, int dimension) {
        CoordinateSequence corners = ring.getCoordinateSequence();
        double[] values = new double[corners.size() * dimension];
        for (int i = 0; i < corners.size(); i++) {
            values[i * dimension] = corners.getX(i) - shift;
            values[i * dimension + 1] = corners.getY(i);
            if (dimension == 3) {
                double z = corners.getCoordinate(i).getZ();
                values[i * dimension + 2] = Double.isNaN(z) ? 0 : z;
            }
        }
        return Positions.of(Arrays.copyOf(values, values.length), dimension);
    }
}
