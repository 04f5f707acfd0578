package dev.fieldproof.geo.geojson;

import dev.fieldproof.geo.text.Decimals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a feature collection, one feature at a time, as RFC 7946 wants it: UTF-8, outer rings counter-clockwise and
 * holes clockwise. Bytes depend on the features alone. Not thread-safe.
 */
public final class GeoJsonWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final OutputStream out;
    private final GeoJsonOptions options;
    private final BoundingBox all = new BoundingBox();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;
    private long features;
    private boolean closed;

    /**
     * Starts a feature collection.
     *
     * @param out where to write; closed by {@link #close}
     * @param members foreign members of the collection, such as a name or a digest, in order
     * @throws IOException if writing fails
     * @throws IllegalArgumentException if a member's value has no JSON form
     */
    public GeoJsonWriter(OutputStream out, Map<String, ? extends @Nullable Object> members) throws IOException {
        this(out, members, GeoJsonOptions.DEFAULT);
    }

    /**
     * Starts a feature collection.
     *
     * @param out where to write; closed by {@link #close}
     * @param members foreign members of the collection, such as a name or a digest, in order
     * @param options boxes and precision
     * @throws IOException if writing fails
     * @throws IllegalArgumentException if a member's value has no JSON form
     */
    public GeoJsonWriter(OutputStream out, Map<String, ? extends @Nullable Object> members, GeoJsonOptions options)
            throws IOException {
        this.out = out;
        this.options = options;
        ascii("{\"type\":\"FeatureCollection\"");
        members(members);
        ascii(",\"features\":[");
    }

    /**
     * Starts a feature collection without foreign members.
     *
     * @param out where to write; closed by {@link #close}
     * @throws IOException if writing fails
     */
    public GeoJsonWriter(OutputStream out) throws IOException {
        this(out, Map.of());
    }

    private GeoJsonWriter(OutputStream out, boolean bare) {
        this.out = out;
        options = GeoJsonOptions.DEFAULT;
        closed = bare;
    }

    /**
     * Writes a value on its own.
     *
     * @param value as a feature's property may be
     * @return its JSON text
     * @throws IllegalArgumentException if it has no JSON form
     */
    public static String json(@Nullable Object value) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        GeoJsonWriter writer = new GeoJsonWriter(text, true);
        try {
            writer.value(value);
            text.write(writer.buffer, 0, writer.length);
        } catch (IOException e) {
            throw new IllegalStateException("memory refuses bytes", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /**
     * Adds a feature.
     *
     * @param feature what to write
     * @throws IOException if writing fails
     * @throws IllegalArgumentException if a property's value has no JSON form
     */
    public void write(Feature feature) throws IOException {
        ascii(features++ == 0 ? "\n{\"type\":\"Feature\"" : ",\n{\"type\":\"Feature\"");
        Object id = feature.id();
        if (id != null) {
            ascii(",\"id\":");
            value(id);
        }
        ascii(",\"properties\":");
        value(feature.properties());
        Geometry geometry = feature.geometry();
        if (options.boxes() && geometry != null) {
            BoundingBox box = new BoundingBox();
            box.add(geometry);
            all.add(geometry);
            box(box);
        }
        ascii(",\"geometry\":");
        if (geometry == null) {
            ascii("null");
        } else {
            geometry(geometry);
        }
        members(feature.members());
        put((byte) '}');
    }

    private void members(Map<String, ? extends @Nullable Object> members) throws IOException {
        for (Map.Entry<String, ? extends @Nullable Object> member : members.entrySet()) {
            put((byte) ',');
            string(member.getKey());
            put((byte) ':');
            value(member.getValue());
        }
    }

    private void box(BoundingBox box) throws IOException {
        if (!box.isEmpty()) {
            ascii(",\"bbox\":");
            value(box.corners().stream().map(options::rounded).toList());
        }
    }

    /**
     * How many features were written.
     *
     * @return 0 or more
     */
    public long features() {
        return features;
    }

    private void geometry(Geometry geometry) throws IOException {
        if (geometry instanceof Geometry.Point point) {
            ascii("{\"type\":\"Point\",\"coordinates\":");
            position(point.position(), 0);
        } else if (geometry instanceof Geometry.MultiPoint points) {
            ascii("{\"type\":\"MultiPoint\",\"coordinates\":");
            positions(points.positions());
        } else if (geometry instanceof Geometry.LineString line) {
            ascii("{\"type\":\"LineString\",\"coordinates\":");
            positions(line.positions());
        } else if (geometry instanceof Geometry.MultiLineString lines) {
            ascii("{\"type\":\"MultiLineString\",\"coordinates\":[");
            for (int i = 0; i < lines.lines().size(); i++) {
                comma(i);
                positions(lines.lines().get(i));
            }
            put((byte) ']');
        } else if (geometry instanceof Geometry.Polygon polygon) {
            ascii("{\"type\":\"Polygon\",\"coordinates\":");
            rings(polygon);
        } else if (geometry instanceof Geometry.MultiPolygon polygons) {
            ascii("{\"type\":\"MultiPolygon\",\"coordinates\":[");
            for (int i = 0; i < polygons.polygons().size(); i++) {
                comma(i);
                rings(polygons.polygons().get(i));
            }
            put((byte) ']');
        } else if (geometry instanceof Geometry.GeometryCollection collection) {
            ascii("{\"type\":\"GeometryCollection\",\"geometries\":[");
            for (int i = 0; i < collection.geometries().size(); i++) {
                comma(i);
                geometry(collection.geometries().get(i));
            }
            put((byte) ']');
        }
        members(geometry.members());
        put((byte) '}');
    }

    private void rings(Geometry.Polygon polygon) throws IOException {
        put((byte) '[');
        List<Positions> rings = polygon.rings();
        for (int i = 0; i < rings.size(); i++) {
            comma(i);
            Positions ring = rings.get(i);
            double area = ring.signedDoubleArea();
            boolean backwards = i == 0 ? area < 0 : area > 0;
            positions(backwards ? ring.reversed() : ring);
        }
        put((byte) ']');
    }

    private void positions(Positions positions) throws IOException {
        put((byte) '[');
        for (int i = 0; i < positions.size(); i++) {
            comma(i);
            position(positions, i);
        }
        put((byte) ']');
    }

    private void position(Positions positions, int index) throws IOException {
        room(3 * Decimals.MAX_WRITTEN_BYTES + 4);
        byte[] b = buffer;
        int n = length;
        b[n++] = '[';
        n = Decimals.write(options.rounded(positions.longitude(index)), b, n);
        b[n++] = ',';
        n = Decimals.write(options.rounded(positions.latitude(index)), b, n);
        if (positions.dimension() == 3) {
            b[n++] = ',';
            n = Decimals.write(options.rounded(positions.altitude(index)), b, n);
        }
        b[n++] = ']';
        length = n;
    }

    private void value(@Nullable Object value) throws IOException {
        if (value == null) {
            ascii("null");
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            ascii(value.toString());
        } else if (value instanceof Number number) {
            room(Decimals.MAX_WRITTEN_BYTES);
            length = Decimals.write(number.doubleValue(), buffer, length);
        } else if (value instanceof List<?> list) {
            put((byte) '[');
            for (int i = 0; i < list.size(); i++) {
                comma(i);
                value(list.get(i));
            }
            put((byte) ']');
        } else if (value instanceof Map<?, ?> map) {
            put((byte) '{');
            int i = 0;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                comma(i++);
                string(String.valueOf(entry.getKey()));
                put((byte) ':');
                value(entry.getValue());
            }
            put((byte) '}');
        } else {
            throw new IllegalArgumentException(
                    "no JSON form for " + value.getClass().getName());
        }
    }

    private void string(String text) throws IOException {
        put((byte) '"');
        int n = text.length();
        int i = 0;
        while (i < n) {
            // The longest form of a character is an escape of six bytes.
            int stop = Math.min(n, i + BUFFER_BYTES / 8);
            room(6 * (stop - i) + 6);
            while (i < stop) {
                i = plain(text, i, stop);
                if (i < stop) {
                    i = character(text, i);
                }
            }
        }
        put((byte) '"');
    }

    /** Writes characters as long as they stand for themselves; returns where the first is that does not. */
    private int plain(String text, int from, int to) {
        byte[] b = buffer;
        int n = length;
        int i = from;
        for (; i < to; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
                break;
            }
            b[n++] = (byte) c;
        }
        length = n;
        return i;
    }

    /** Writes one character, or two that are one code point; returns where the next one is. */
    private int character(String text, int i) {
        char c = text.charAt(i);
        if (c < 0x80) {
            escape(c);
        } else if (c < 0x800) {
            buffer[length++] = (byte) (0xc0 | (c >> 6));
            buffer[length++] = (byte) (0x80 | (c & 0x3f));
        } else if (Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1))) {
            int code = Character.toCodePoint(c, text.charAt(i + 1));
            buffer[length++] = (byte) (0xf0 | (code >> 18));
            buffer[length++] = (byte) (0x80 | ((code >> 12) & 0x3f));
            buffer[length++] = (byte) (0x80 | ((code >> 6) & 0x3f));
            buffer[length++] = (byte) (0x80 | (code & 0x3f));
            return i + 2;
        } else if (Character.isSurrogate(c)) {
            escape(c);
        } else {
            buffer[length++] = (byte) (0xe0 | (c >> 12));
            buffer[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
            buffer[length++] = (byte) (0x80 | (c & 0x3f));
        }
        return i + 1;
    }

    private void escape(char c) {
        buffer[length++] = '\\';
        switch (c) {
            case '"', '\\' -> buffer[length++] = (byte) c;
            case '\n' -> buffer[length++] = 'n';
            case '\r' -> buffer[length++] = 'r';
            case '\t' -> buffer[length++] = 't';
            default -> {
                buffer[length++] = 'u';
                for (int shift = 12; shift >= 0; shift -= 4) {
                    buffer[length++] = HEX[(c >> shift) & 0xf];
                }
            }
        }
    }

    private void ascii(String text) throws IOException {
        int n = text.length();
        room(n);
        for (int i = 0; i < n; i++) {
            buffer[length + i] = (byte) text.charAt(i);
        }
        length += n;
    }

    private void comma(int index) throws IOException {
        if (index > 0) {
            put((byte) ',');
        }
    }

    private void put(byte b) throws IOException {
        room(1);
        buffer[length++] = b;
    }

    private void room(int bytes) throws IOException {
        if (buffer.length - length < bytes) {
            out.write(buffer, 0, length);
            length = 0;
        }
    }

    /**
     * Ends the collection and closes the output.
     *
     * @throws IOException if writing fails
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            put((byte) '\n');
            put((byte) ']');
            box(all);
            ascii("}\n");
            out.write(buffer, 0, length);
        }
    }
}
