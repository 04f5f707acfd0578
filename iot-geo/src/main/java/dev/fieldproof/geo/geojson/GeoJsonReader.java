package dev.fieldproof.geo.geojson;

import dev.fieldproof.geo.geojson.GeoJsonException.Rule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads GeoJSON (RFC 7946): a feature collection one feature at a time, or a single feature or geometry. Rings may turn
 * either way, as section 3.1.6 asks of readers. Memory grows with the largest feature only. Each call stands alone; the
 * class is thread-safe.
 */
public final class GeoJsonReader {
    /** The size of one feature or other member that is accepted unless said otherwise. */
    public static final int DEFAULT_MAX_VALUE_BYTES = 32 << 20;

    private final JsonScanner json;
    private final FeatureSink sink;

    private GeoJsonReader(JsonScanner json, FeatureSink sink) {
        this.json = json;
        this.sink = sink;
    }

    /**
     * Reads a file.
     *
     * @param in UTF-8; not closed
     * @param sink takes the features
     * @return the collection's other members, such as a name, in their order
     * @throws GeoJsonException if the text breaks a rule; features before the place were handed on
     * @throws IOException if reading or the sink fails
     */
    public static Map<String, @Nullable Object> read(InputStream in, FeatureSink sink)
            throws IOException, GeoJsonException {
        return read(in, DEFAULT_MAX_VALUE_BYTES, sink);
    }

    /**
     * Reads a file.
     *
     * @param in UTF-8; not closed
     * @param maxValueBytes the size of one feature that is accepted
     * @param sink takes the features
     * @return the collection's other members, such as a name, in their order
     * @throws GeoJsonException if the text breaks a rule; features before the place were handed on
     * @throws IOException if reading or the sink fails
     */
    public static Map<String, @Nullable Object> read(InputStream in, int maxValueBytes, FeatureSink sink)
            throws IOException, GeoJsonException {
        return new GeoJsonReader(new JsonScanner(in, maxValueBytes), sink).document();
    }

    /**
     * Reads a value on its own, as {@link GeoJsonWriter#json} writes it.
     *
     * @param text JSON (RFC 8259)
     * @return as a feature's property may be
     * @throws GeoJsonException if the text breaks a rule
     */
    public static @Nullable Object json(String text) throws GeoJsonException {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            JsonScanner json = new JsonScanner(new ByteArrayInputStream(bytes), DEFAULT_MAX_VALUE_BYTES);
            json.beginValue();
            Object value = json.value();
            if (json.next() >= 0) {
                throw json.broken(Rule.MALFORMED_JSON, "something after the end");
            }
            return value;
        } catch (IOException e) {
            throw new IllegalStateException("memory refuses bytes", e);
        }
    }

    private Map<String, @Nullable Object> document() throws IOException, GeoJsonException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        boolean streamed = false;
        json.expect('{');
        if (!json.take('}')) {
            do {
                json.beginValue();
                json.next();
                String key = json.string();
                json.expect(':');
                if (key.equals("features") && json.next() == '[') {
                    features();
                    streamed = true;
                } else {
                    members.put(key, json.value());
                }
            } while (json.take(','));
            json.expect('}');
        }
        if (json.next() >= 0) {
            throw json.broken(Rule.MALFORMED_JSON, "something after the end");
        }
        Object type = members.get("type");
        if (streamed) {
            if (!"FeatureCollection".equals(type)) {
                throw json.broken(Rule.NOT_GEOJSON, "features in something of type " + type);
            }
            members.remove("type");
            return members;
        }
        if ("Feature".equals(type)) {
            sink.accept(feature(members));
        } else {
            sink.accept(new Feature(null, geometry(members), Map.of()));
        }
        return Map.of();
    }

    private void features() throws IOException, GeoJsonException {
        json.expect('[');
        if (json.take(']')) {
            return;
        }
        do {
            json.beginValue();
            json.next();
            sink.accept(feature(json.object()));
        } while (json.take(','));
        json.expect(']');
    }

    private Feature feature(Map<String, @Nullable Object> object) throws GeoJsonException {
        if (!"Feature".equals(object.get("type"))) {
            throw json.broken(Rule.NOT_GEOJSON, "a feature of type " + object.get("type"));
        }
        Object id = object.get("id");
        if (id != null && !(id instanceof String) && !(id instanceof Number)) {
            throw json.broken(Rule.NOT_GEOJSON, "an identifier that is neither text nor a number");
        }
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        if (object.get("properties") instanceof Map<?, ?> map) {
            map.forEach((key, value) -> properties.put(String.valueOf(key), value));
        }
        Object geometry = object.get("geometry");
        if (geometry instanceof Map<?, ?> map && map.get("coordinates") instanceof List<?> list && list.isEmpty()) {
            // RFC 7946, section 3.1: empty coordinates may be taken as no geometry.
            geometry = null;
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>(object);
        members.keySet().removeAll(Feature.DEFINED);
        return new Feature(id, geometry == null ? null : geometry(geometry), properties, members);
    }

    private Geometry geometry(Object value) throws GeoJsonException {
        if (!(value instanceof Map<?, ?> map)) {
            throw json.broken(Rule.NOT_GEOJSON, "a geometry that is no object");
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        map.forEach((key, member) -> members.put(String.valueOf(key), member));
        members.keySet().removeAll(Geometry.DEFINED);
        Geometry plain = plain(map);
        return members.isEmpty() ? plain : plain.with(members);
    }

    private Geometry plain(Map<?, ?> map) throws GeoJsonException {
        Object coordinates = map.get("coordinates");
        try {
            switch (String.valueOf(map.get("type"))) {
                case "Point" -> {
                    return new Geometry.Point(positions(List.of(list(coordinates))));
                }
                case "MultiPoint" -> {
                    return new Geometry.MultiPoint(positions(list(coordinates)));
                }
                case "LineString" -> {
                    return new Geometry.LineString(positions(list(coordinates)));
                }
                case "MultiLineString" -> {
                    return new Geometry.MultiLineString(lines(list(coordinates)));
                }
                case "Polygon" -> {
                    return new Geometry.Polygon(lines(list(coordinates)));
                }
                case "MultiPolygon" -> {
                    List<Geometry.Polygon> polygons = new ArrayList<>();
                    for (Object polygon : list(coordinates)) {
                        polygons.add(new Geometry.Polygon(lines(list(polygon))));
                    }
                    return new Geometry.MultiPolygon(polygons);
                }
                case "GeometryCollection" -> {
                    List<Geometry> members = new ArrayList<>();
                    for (Object member : list(map.get("geometries"))) {
                        members.add(geometry(member == null ? "null" : member));
                    }
                    return new Geometry.GeometryCollection(members);
                }
                default -> throw json.broken(Rule.NOT_GEOJSON, "type " + map.get("type") + " is no geometry");
            }
        } catch (IllegalArgumentException e) {
            throw json.broken(Rule.BAD_COORDINATES, String.valueOf(e.getMessage()));
        }
    }

    private static List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("an array expected, not " + value);
    }

    private static List<Positions> lines(List<?> lines) {
        List<Positions> result = new ArrayList<>();
        for (Object line : lines) {
            result.add(positions(list(line)));
        }
        return result;
    }

    private static Positions positions(List<?> points) {
        int dimension = 2;
        for (Object point : points) {
            int size = list(point).size();
            if (size < 2) {
                throw new IllegalArgumentException("a position of " + size + " numbers");
            }
            dimension = size > 2 ? 3 : dimension;
        }
        double[] values = new double[points.size() * dimension];
        int n = 0;
        for (Object point : points) {
            List<?> numbers = list(point);
            for (int i = 0; i < dimension; i++) {
                if (i < numbers.size()) {
                    if (!(numbers.get(i) instanceof Number number)) {
                        throw new IllegalArgumentException("a coordinate that is no number: " + numbers.get(i));
                    }
                    values[n] = number.doubleValue();
                }
                n++;
            }
        }
        return Positions.of(values, dimension);
    }
}
