package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.RadioModel;
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
    private static final int DEFAULT_HEIGHT_METRES = 6;
    private static final int DEFAULT_RANGE_METRES = 50;
    /** Placemarks left out that are told one by one. */
    private static final int MAX_NAMED = 100;

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
    private int leftOut;
    private int defaultHeights;
    private int defaultRanges;
    private int defaultFields;
    private int defaultRadios;

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
        for (Feature feature : features) {
            if (!feature.equals(boundaryFeature)) {
                sort(feature, foreign, shapes);
            }
        }
        stateDefaults();
        if (foreign) {
            mounts.addAll(new AssumedMounts(boundary, obstacles).beside(mounts, assumptions));
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

    private void sort(Feature feature, boolean foreign, FeatureShapes shapes) throws KmlException {
        SiteRole role = foreign ? foreignRole(feature) : SiteRole.of(feature).orElse(null);
        String why = "which has no role";
        if (feature.geometry() == null) {
            why = "which has no place";
        } else if (role == SiteRole.BOUNDARY) {
            why = "a smaller boundary: a site has one";
        } else if (role == null && !foreign && feature.properties().get("role") instanceof String word) {
            why = "whose role '" + word + "' is not known";
        } else if (role != null) {
            add(role, feature, shapes);
            return;
        }
        if (++leftOut <= MAX_NAMED) {
            assumptions.add("left out: '" + SiteRole.name(feature) + "', " + why);
        }
    }

    private void stateDefaults() {
        if (leftOut > MAX_NAMED) {
            assumptions.add("left out: " + (leftOut - MAX_NAMED) + " more placemarks for such reasons");
        }
        if (defaultHeights > 0) {
            assumptions.add("assumed a height of " + DEFAULT_HEIGHT_METRES + " m for " + defaultHeights
                    + " obstacles, mounts and sensors without one");
        }
        if (defaultRanges > 0) {
            assumptions.add(
                    "assumed a range of " + DEFAULT_RANGE_METRES + " m for " + defaultRanges + " sensors without one");
        }
        if (defaultFields > 0) {
            assumptions.add("assumed that " + defaultFields + " sensors without a field of view see all around");
        }
        if (defaultRadios > 0) {
            assumptions.add("assumed " + Math.round(RadioModel.WIFI_2400.transmitDbm()) + " dBm and "
                    + Math.round(RadioModel.WIFI_2400.sensitivityDbm()) + " dBm for " + defaultRadios
                    + " radios without a power or sensitivity");
        }
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

    private void add(SiteRole role, Feature feature, FeatureShapes shapes) throws KmlException {
        FeatureData data = new FeatureData(feature);
        try {
            switch (role) {
                case OBSTACLE -> {
                    int height = height(data.obstacleHeightMillimetres());
                    for (PlanePolygon area : shapes.areas(feature)) {
                        obstacles.add(new Obstacle(unique(feature, "obstacle"), area, height));
                    }
                }
                case MOUNT, GATEWAY -> {
                    Mount mount = new Mount(
                            unique(feature, role.word()),
                            shapes.point(feature),
                            height(data.millimetres("height")),
                            role == SiteRole.GATEWAY || data.flag("powered"));
                    (role == SiteRole.MOUNT ? mounts : gateways).add(mount);
                }
                case SENSOR -> sensors.add(sensor(feature, data, shapes.point(feature)));
                case ZONE, KEEP_OUT -> {
                    Zone.Kind kind = role == SiteRole.KEEP_OUT
                            ? Zone.Kind.KEEP_OUT
                            : data.flag("critical") ? Zone.Kind.CRITICAL : Zone.Kind.WATCH;
                    int required = kind == Zone.Kind.KEEP_OUT ? 0 : data.count("sensors", 1);
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
    }

    private int height(@Nullable Integer given) {
        defaultHeights += given == null ? 1 : 0;
        return given == null ? DEFAULT_HEIGHT_METRES * 1000 : given;
    }

    private Sensor sensor(Feature feature, FeatureData data, PlanePoint position) {
        int height = height(data.millimetres("height"));
        if (feature.properties().containsKey("radio")) {
            String id = unique(feature, "sensor");
            return new Sensor(id, position, height, 0, 0, SensorModel.radio(id, radio(data)));
        }
        double field = data.number("field", Double.NaN);
        Integer near = data.millimetres("near");
        Integer far = data.millimetres("range");
        String id = unique(feature, "sensor");
        SensorModel model = new SensorModel(
                id,
                Double.isNaN(field) ? 360 : field,
                data.number("vertical-field", 180),
                near == null ? 0 : near,
                far == null ? DEFAULT_RANGE_METRES * 1000 : far,
                data.count("pixels", 0));
        defaultRanges += far == null ? 1 : 0;
        defaultFields += Double.isNaN(field) ? 1 : 0;
        return new Sensor(id, position, height, data.number("azimuth", 0), data.number("tilt", 0), model);
    }

    /** What is not given is that of Wi-Fi at 2.4 GHz. */
    private RadioModel radio(FeatureData data) {
        RadioModel wifi = RadioModel.WIFI_2400;
        defaultRadios += data.has("power") && data.has("sensitivity") ? 0 : 1;
        return new RadioModel(
                data.number("radio", wifi.frequencyMegahertz()),
                data.number("power", wifi.transmitDbm()),
                data.number("sensitivity", wifi.sensitivityDbm()),
                data.number("exponent", wifi.exponent()),
                data.number("obstacle-loss", wifi.obstacleLossDb()),
                data.number("margin", wifi.requiredMarginDb()));
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
