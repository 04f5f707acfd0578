package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads gx:Track and gx:MultiTrack as lines. Times, angles and arrays of measurements, one for each position, go into
 * the property {@code coordinateProperties}, as other converters do. Not thread-safe.
 */
final class TrackReader {
    private final XmlScanner xml;
    private final CoordinateReader coordinates;

    TrackReader(XmlScanner xml, CoordinateReader coordinates) {
        this.xml = xml;
        this.coordinates = coordinates;
    }

    @Nullable
    Geometry track(Map<String, @Nullable Object> properties) throws IOException, KmlException {
        Map<String, @Nullable Object> perPosition = new LinkedHashMap<>();
        Positions line = one(perPosition, properties);
        if (!perPosition.isEmpty()) {
            properties.put("coordinateProperties", perPosition);
        }
        return line == null ? null : geometry(line);
    }

    @Nullable
    Geometry multiTrack(Map<String, @Nullable Object> properties) throws IOException, KmlException {
        List<Geometry> lines = new ArrayList<>();
        Map<String, List<@Nullable Object>> perTrack = new LinkedHashMap<>();
        while (xml.nextStart()) {
            if (xml.tag() == Tag.TRACK) {
                Map<String, @Nullable Object> perPosition = new LinkedHashMap<>();
                Positions line = one(perPosition, properties);
                if (line != null) {
                    perPosition.forEach((key, list) -> {
                        List<@Nullable Object> tracks = perTrack.computeIfAbsent(key, k -> new ArrayList<>());
                        while (tracks.size() < lines.size()) {
                            tracks.add(null);
                        }
                        tracks.add(list);
                    });
                    lines.add(geometry(line));
                }
            } else if (xml.tag() == Tag.INTERPOLATE) {
                properties.put("interpolate", GeometryReader.flag(xml.text()));
            } else {
                xml.skip();
            }
        }
        if (!perTrack.isEmpty()) {
            // A lone track becomes a plain line, so its values lie one level higher, too.
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            perTrack.forEach((key, tracks) -> values.put(key, lines.size() == 1 ? tracks.get(0) : tracks));
            properties.put("coordinateProperties", values);
        }
        return Geometries.together(lines);
    }

    private static Geometry geometry(Positions line) {
        return line.size() == 1 ? new Geometry.Point(line) : new Geometry.LineString(line);
    }

    private @Nullable Positions one(Map<String, @Nullable Object> perPosition, Map<String, @Nullable Object> properties)
            throws IOException, KmlException {
        coordinates.clear();
        List<@Nullable Object> times = new ArrayList<>();
        List<@Nullable Object> angles = new ArrayList<>();
        while (xml.nextStart()) {
            switch (xml.tag()) {
                case WHEN -> times.add(xml.text());
                case COORD -> coordinates.readSpaced();
                case ANGLES -> angles.add(xml.text());
                case ALTITUDE_MODE -> properties.putIfAbsent("altitudeMode", xml.text());
                case EXTENDED_DATA -> new ExtendedDataReader(xml, Map.of()).read(perPosition);
                default -> xml.skip();
            }
        }
        if (coordinates.size() == 0) {
            return null;
        }
        if (!times.isEmpty()) {
            perPosition.put("times", times);
        }
        if (!angles.isEmpty()) {
            perPosition.put("angles", angles);
        }
        return coordinates.positions();
    }
}
