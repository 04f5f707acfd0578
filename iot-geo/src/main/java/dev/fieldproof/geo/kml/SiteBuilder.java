package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.Site;
import dev.fieldproof.geo.Zone;
import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import dev.fieldproof.geo.kml.KmlException.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sorts features into the parts of a site. Used once; not thread-safe. */
final class SiteBuilder {
    private static final int DEFAULT_OBSTACLE_METRES = 6;
    private static final int DEFAULT_MOUNT_METRES = 6;
    private static final int DEFAULT_RANGE_METRES = 50;
    private static final double GRAIN = 1e6;
    private static final double KILOMETRES_PER_DEGREE = 111.2;

    private final List<Feature> features;
    private final List<String> assumptions = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final List<Obstacle> obstacles = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();
    private final List<Mount> gateways = new ArrayList<>();
    private final List<Sensor> sensors = new ArrayList<>();
    private final List<Zone> zones = new ArrayList<>();

    SiteBuilder(List<Feature> features) {
        this.features = features;
    }

    Site build(String name) throws KmlException {
        boolean foreign =
                features.stream().noneMatch(feature -> SiteRole.of(feature).isPresent());
        Feature boundaryFeature = boundary(foreign);
        LocalProjection projection = LocalProjection.centredOn(centre(boundaryFeature));
        FeatureShapes shapes = new FeatureShapes(projection);
        PlanePolygon boundary = plane(boundaryFeature, shapes);
        int defaultHeights = 0;
        for (Feature feature : features) {
            if (feature.equals(boundaryFeature) || feature.geometry() == null) {
                continue;
            }
            SiteRole role =
                    foreign ? foreignRole(feature) : SiteRole.of(feature).orElse(null);
            if (role == null || role == SiteRole.BOUNDARY) {
                assumptions.add("left out: '" + SiteRole.name(feature) + "', which has no role");
            } else if (add(role, feature, shapes)) {
                defaultHeights++;
            }
        }
        if (defaultHeights > 0) {
            assumptions.add("assumed a height of " + DEFAULT_OBSTACLE_METRES + " m for " + defaultHeights
                    + " obstacles and mounts without one");
        }
        if (foreign) {
            mounts.addAll(new AssumedMounts(boundary, obstacles).beside(mounts, assumptions));
        }
        if (gateways.isEmpty() && !mounts.isEmpty()) {
            gateways.add(
                    new Mount("gateway", mounts.get(0).position(), mounts.get(0).heightMillimetres(), true));
            assumptions.add("assumed the gateway at mount '" + mounts.get(0).id() + "'");
        }
        String boundaryName = SiteRole.name(boundaryFeature);
        int colon = boundaryName.indexOf(':');
        String plain = boundaryName.substring(colon + 1).strip();
        return new Site(
                foreign || plain.isEmpty() || plain.equalsIgnoreCase("boundary") ? name : plain,
                projection,
                boundary,
                obstacles,
                mounts,
                gateways,
                sensors,
                zones,
                assumptions);
    }

    private static PlanePolygon plane(Feature boundary, FeatureShapes shapes) throws KmlException {
        try {
            return shapes.largest(boundary);
        } catch (IllegalArgumentException e) {
            double across = across(FeatureShapes.largestRing(boundary.geometry()));
            double most = 2 * LocalProjection.MAX_RADIUS_METRES / 1000;
            throw new KmlException(
                    Rule.NO_SITE,
                    -1,
                    across > most
                            ? "the largest polygon, '" + SiteRole.name(boundary) + "', is about " + Math.round(across)
                                    + " km across; a site may be at most " + Math.round(most)
                            : "boundary '" + SiteRole.name(boundary) + "': " + e.getMessage());
        }
    }

    /** The diagonal of a ring's box in kilometres, roughly. */
    private static double across(Positions ring) {
        double wide = 0;
        double high = 0;
        for (int i = 0; i < ring.size(); i++) {
            for (int j = 0; j < i; j += Math.max(1, ring.size() / 64)) {
                wide = Math.max(wide, Math.abs(Math.IEEEremainder(ring.longitude(i) - ring.longitude(j), 360)));
                high = Math.max(high, Math.abs(ring.latitude(i) - ring.latitude(j)));
            }
        }
        double flat = wide * Math.cos(Math.toRadians(ring.latitude(0)));
        return Math.sqrt(flat * flat + high * high) * KILOMETRES_PER_DEGREE;
    }

    private Feature boundary(boolean foreign) throws KmlException {
        Feature largest = null;
        double most = 0;
        for (Feature feature : features) {
            boolean candidate = foreign
                    ? FeatureShapes.isArea(feature.geometry())
                    : SiteRole.of(feature).equals(Optional.of(SiteRole.BOUNDARY))
                            && FeatureShapes.isArea(feature.geometry());
            if (candidate) {
                double area = FeatureShapes.roughArea(feature.geometry());
                if (area > most) {
                    most = area;
                    largest = feature;
                }
            }
        }
        if (largest == null) {
            throw new KmlException(
                    Rule.NO_SITE,
                    -1,
                    foreign
                            ? "no polygon that could be the site's boundary"
                            : "no polygon in the role of the boundary");
        }
        if (foreign) {
            assumptions.add("no placemark has a role: took the largest polygon, '" + SiteRole.name(largest)
                    + "', for the boundary, other polygons for obstacles and points for mounts");
        }
        return largest;
    }

    private @Nullable SiteRole foreignRole(Feature feature) {
        if (FeatureShapes.isArea(feature.geometry())) {
            return SiteRole.OBSTACLE;
        }
        return feature.geometry() instanceof Geometry.Point ? SiteRole.MOUNT : null;
    }

    /** The middle of the feature's box, rounded so that small edits keep the origin; longitudes may wrap. */
    private static GeoPosition centre(Feature feature) {
        Positions ring = FeatureShapes.largestRing(feature.geometry());
        double first = ring.longitude(0);
        double minLon = 0;
        double maxLon = 0;
        double minLat = ring.latitude(0);
        double maxLat = minLat;
        for (int i = 1; i < ring.size(); i++) {
            double lon = Math.IEEEremainder(ring.longitude(i) - first, 360);
            minLon = Math.min(minLon, lon);
            maxLon = Math.max(maxLon, lon);
            minLat = Math.min(minLat, ring.latitude(i));
            maxLat = Math.max(maxLat, ring.latitude(i));
        }
        double lon = Math.IEEEremainder(first + (minLon + maxLon) / 2, 360);
        return new GeoPosition(Math.rint(lon * GRAIN) / GRAIN, Math.rint((minLat + maxLat) / 2 * GRAIN) / GRAIN);
    }

    /** Adds a feature in its role; true if its height had to be assumed. */
    private boolean add(SiteRole role, Feature feature, FeatureShapes shapes) throws KmlException {
        FeatureData data = new FeatureData(feature);
        try {
            switch (role) {
                case OBSTACLE -> {
                    Integer height = data.obstacleHeightMillimetres();
                    for (PlanePolygon area : shapes.areas(feature)) {
                        obstacles.add(new Obstacle(
                                unique(feature, "obstacle"),
                                area,
                                height == null ? DEFAULT_OBSTACLE_METRES * 1000 : height));
                    }
                    return height == null;
                }
                case MOUNT, GATEWAY -> {
                    Integer height = data.millimetres("height");
                    Mount mount = new Mount(
                            unique(feature, role.word()),
                            shapes.point(feature),
                            height == null ? DEFAULT_MOUNT_METRES * 1000 : height,
                            role == SiteRole.GATEWAY || data.flag("powered"));
                    (role == SiteRole.MOUNT ? mounts : gateways).add(mount);
                    return height == null;
                }
                case SENSOR -> sensors.add(sensor(feature, data, shapes.point(feature)));
                case ZONE, KEEP_OUT -> {
                    Zone.Kind kind = role == SiteRole.KEEP_OUT
                            ? Zone.Kind.KEEP_OUT
                            : data.flag("critical") ? Zone.Kind.CRITICAL : Zone.Kind.WATCH;
                    int required = kind == Zone.Kind.KEEP_OUT ? 0 : (int) data.number("sensors", 1);
                    for (PlanePolygon area : shapes.areas(feature)) {
                        zones.add(new Zone(unique(feature, role.word()), area, kind, required));
                    }
                }
                default -> throw new IllegalStateException("role " + role);
            }
        } catch (IllegalArgumentException e) {
            throw new KmlException(
                    Rule.NO_SITE, -1, role.word() + " '" + SiteRole.name(feature) + "': " + e.getMessage());
        }
        return false;
    }

    private Sensor sensor(Feature feature, FeatureData data, PlanePoint position) throws KmlException {
        Integer height = data.millimetres("height");
        Integer near = data.millimetres("near");
        Integer far = data.millimetres("range");
        String id = unique(feature, "sensor");
        SensorModel model = new SensorModel(
                id,
                data.number("field", 360),
                data.number("vertical-field", 180),
                near == null ? 0 : near,
                far == null ? DEFAULT_RANGE_METRES * 1000 : far,
                (int) data.number("pixels", 0));
        return new Sensor(
                id,
                position,
                height == null ? DEFAULT_MOUNT_METRES * 1000 : height,
                data.number("azimuth", 0),
                data.number("tilt", 0),
                model);
    }

    private String unique(Feature feature, String word) {
        String name = SiteRole.name(feature);
        int colon = name.indexOf(':');
        String base = colon < 0 ? name : name.substring(colon + 1).strip();
        base = base.isEmpty() ? word : base;
        String id = base;
        for (int i = 2; !ids.add(id); i++) {
            id = base + " (" + i + ")";
        }
        return id;
    }
}
