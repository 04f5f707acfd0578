package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.coverage.BlindSpot;
import dev.fieldproof.geo.coverage.Coverage;
import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.GeoJsonWriter;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.PlaneGeometries;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.Outlines;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a plan as GeoJSON (RFC 7946), the model's digest among the collection's members. Stateless, thread-safe. */
public final class PlanFiles {
    private PlanFiles() {}

    /**
     * Writes boundary, obstacles, coverage by number of sensors, blind spots, nodes, gateways and links.
     *
     * @param plan what to write
     * @param out receives UTF-8; closed
     * @throws IOException if writing fails
     */
    public static void writeGeoJson(SitePlan plan, OutputStream out) throws IOException {
        LocalProjection projection = plan.site().projection();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", plan.site().name());
        members.put("modelDigest", plan.digest());
        try (GeoJsonWriter writer = new GeoJsonWriter(out, members)) {
            writer.write(area("boundary", projection, List.of(plan.site().boundary()), Map.of()));
            for (Obstacle obstacle : plan.site().obstacles()) {
                // The order of Map.of differs from one start of the machine to the next.
                Map<String, @Nullable Object> properties = new LinkedHashMap<>();
                properties.put("name", obstacle.id());
                properties.put("heightMetres", obstacle.heightMillimetres() / 1000.0);
                writer.write(area("obstacle", projection, List.of(obstacle.footprint()), properties));
            }
            coverage(plan.coverage(), projection, writer);
            for (Node node : plan.nodes()) {
                Map<String, @Nullable Object> properties = new LinkedHashMap<>();
                properties.put("mount", node.mount().id());
                properties.put("model", node.sensor().model().name());
                properties.put("heightMetres", node.mount().heightMillimetres() / 1000.0);
                properties.put("azimuthDegrees", node.sensor().azimuthDegrees());
                writer.write(point("node", node.id(), projection, node.mount().position(), properties));
            }
            for (dev.fieldproof.geo.Mount gateway : plan.site().gateways()) {
                writer.write(point("gateway", gateway.id(), projection, gateway.position(), Map.of()));
            }
        }
    }

    private static void coverage(Coverage coverage, LocalProjection projection, GeoJsonWriter writer)
            throws IOException {
        for (int k = 1; k <= coverage.levels(); k++) {
            CellSet exactly = coverage.seenByAtLeast(k).copy();
            if (k < coverage.levels()) {
                exactly.removeAll(coverage.seenByAtLeast(k + 1));
            }
            if (!exactly.isEmpty()) {
                Map<String, @Nullable Object> properties = new LinkedHashMap<>();
                properties.put("sensors", k);
                properties.put("orMore", k == coverage.levels());
                properties.put(
                        "areaSquareMetres", exactly.size() * exactly.grid().cellSquareMetres());
                writer.write(area("seen", projection, Outlines.of(exactly), properties));
            }
        }
        for (BlindSpot spot : coverage.blindSpots()) {
            Map<String, @Nullable Object> properties = new LinkedHashMap<>();
            properties.put("number", spot.number());
            properties.put("areaSquareMetres", spot.areaSquareMetres());
            properties.put("cause", spot.cause());
            writer.write(area("blind", projection, Outlines.of(spot.cells()), properties));
        }
    }

    private static Feature area(
            String kind,
            LocalProjection projection,
            List<PlanePolygon> polygons,
            Map<String, ? extends @Nullable Object> properties) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("kind", kind);
        all.putAll(properties);
        return new Feature(null, PlaneGeometries.area(projection, polygons), all);
    }

    private static Feature point(
            String kind,
            String id,
            LocalProjection projection,
            PlanePoint at,
            Map<String, ? extends @Nullable Object> properties) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("kind", kind);
        all.put("name", id);
        all.putAll(properties);
        Geometry geometry = PlaneGeometries.point(projection, at);
        return new Feature(id, geometry, all);
    }
}
