package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import dev.fieldproof.geo.kml.KmlException.Rule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the geometries of KML; what GeoJSON keeps elsewhere goes into the feature's properties. Not thread-safe. */
final class GeometryReader {
    private final XmlScanner xml;
    private final CoordinateReader coordinates;
    private final Consumer<String> losses;
    private long positions;

    GeometryReader(XmlScanner xml, KmlLimits limits, Consumer<String> losses) {
        this.xml = xml;
        this.losses = losses;
        coordinates = new CoordinateReader(xml, limits.maxPositions());
    }

    /** How many positions all geometries had. */
    long positions() {
        return positions;
    }

    static boolean isGeometry(Tag tag) {
        return switch (tag) {
            case POINT, LINE_STRING, LINEAR_RING, POLYGON, MULTI_GEOMETRY, TRACK, MULTI_TRACK -> true;
            default -> false;
        };
    }

    /** Reads the geometry just started; null if it is empty. */
    @Nullable
    Geometry read(Map<String, @Nullable Object> properties) throws IOException, KmlException {
        return switch (xml.tag()) {
            case POLYGON -> polygon(properties);
            case MULTI_GEOMETRY -> collection(properties);
            case TRACK -> new TrackReader(xml, coordinates).track(properties);
            case MULTI_TRACK -> new TrackReader(xml, coordinates).multiTrack(properties);
            default -> simple(xml.tag(), properties);
        };
    }

    private @Nullable Geometry simple(Tag kind, Map<String, @Nullable Object> properties)
            throws IOException, KmlException {
        Positions found = positionsOf(properties);
        if (found.size() == 0) {
            losses.accept("empty " + kind.element() + " left out");
            return null;
        }
        if (kind == Tag.POINT) {
            if (found.size() > 1) {
                losses.accept("Point with several positions: the first one taken");
            }
            return new Geometry.Point(first(found));
        }
        Positions line = kind == Tag.LINEAR_RING ? found.closed() : found;
        if (line.size() < 2) {
            losses.accept(kind.element() + " with a single position: taken as a point");
            return new Geometry.Point(first(found));
        }
        return new Geometry.LineString(line);
    }

    private static Positions first(Positions all) {
        return Positions.copyOf(all.toArray(), all.dimension(), all.dimension());
    }

    /** Reads the positions and modes up to the end of the element just started. */
    private Positions positionsOf(Map<String, @Nullable Object> properties) throws IOException, KmlException {
        coordinates.clear();
        while (xml.nextStart()) {
            if (xml.tag() == Tag.COORDINATES) {
                coordinates.readCommas();
            } else {
                mode(properties);
            }
        }
        positions += coordinates.size();
        int strays = coordinates.takeStrays();
        if (strays > 0) {
            losses.accept("number without a partner in coordinates left out");
        }
        return coordinates.positions();
    }

    /** Reads altitudeMode and its like into the properties; skips anything else. */
    private void mode(Map<String, @Nullable Object> properties) throws IOException, KmlException {
        switch (xml.tag()) {
            case ALTITUDE_MODE -> put(properties, "altitudeMode", xml.text());
            case EXTRUDE -> put(properties, "extrude", flag(xml.text()));
            case TESSELLATE -> put(properties, "tessellate", flag(xml.text()));
            default -> {
                losses.accept(xml.name() + " left out");
                xml.skip();
            }
        }
    }

    private void put(Map<String, @Nullable Object> properties, String key, Object value) {
        Object before = properties.putIfAbsent(key, value);
        if (before != null && !before.equals(value)) {
            losses.accept(key + " differs within a MultiGeometry: the first one kept");
        }
    }

    static boolean flag(String text) {
        return text.equals("1") || text.equals("true");
    }

    private @Nullable Geometry polygon(Map<String, @Nullable Object> properties) throws IOException, KmlException {
        Positions outer = null;
        List<Positions> holes = new ArrayList<>();
        while (xml.nextStart()) {
            Tag side = xml.tag();
            if (side != Tag.OUTER_BOUNDARY_IS && side != Tag.INNER_BOUNDARY_IS) {
                mode(properties);
                continue;
            }
            while (xml.nextStart()) {
                if (xml.tag() != Tag.LINEAR_RING) {
                    xml.skip();
                    continue;
                }
                Positions ring = positionsOf(properties).closed();
                if (!ring.isRing()) {
                    losses.accept("ring of fewer than three corners left out");
                } else if (side == Tag.INNER_BOUNDARY_IS) {
                    holes.add(ring);
                } else if (outer == null) {
                    outer = ring;
                } else {
                    throw xml.broken(Rule.BAD_GEOMETRY, "a polygon with two outer boundaries");
                }
            }
        }
        if (outer == null) {
            losses.accept("Polygon without an outer ring left out");
            return null;
        }
        holes.add(0, outer);
        return new Geometry.Polygon(holes);
    }

    private @Nullable Geometry collection(Map<String, @Nullable Object> properties) throws IOException, KmlException {
        List<Geometry> members = new ArrayList<>();
        while (xml.nextStart()) {
            if (isGeometry(xml.tag())) {
                Geometry member = read(properties);
                if (member != null) {
                    members.add(member);
                }
            } else {
                mode(properties);
            }
        }
        return Geometries.together(members);
    }
}
