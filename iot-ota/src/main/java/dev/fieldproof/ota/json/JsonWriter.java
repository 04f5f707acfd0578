package dev.fieldproof.ota.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes JSON: the canonical form that signatures are made over, and compact and indented forms. */
public final class JsonWriter {
    private static final Comparator<String> BY_CODE_POINT = JsonWriter::compareCodePoints;

    private final StringBuilder out = new StringBuilder();
    private final boolean canonical;
    private final boolean indented;

    private JsonWriter(boolean canonical, boolean indented) {
        this.canonical = canonical;
        this.indented = indented;
    }

    /**
     * The canonical JSON of OLPC: names sorted by code point, no space, strings escape only quote and backslash.
     *
     * @param value any value
     * @return UTF-8 bytes, equal for equal values
     */
    public static byte[] canonical(JsonValue value) {
        JsonWriter writer = new JsonWriter(true, false);
        writer.write(value, 0);
        return writer.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * One line, members in order.
     *
     * @param value any value
     * @return JSON text
     */
    public static String compact(JsonValue value) {
        JsonWriter writer = new JsonWriter(false, false);
        writer.write(value, 0);
        return writer.out.toString();
    }

    /**
     * Several lines for people, members in order, ending in a line feed.
     *
     * @param value any value
     * @return UTF-8 bytes
     */
    public static byte[] indented(JsonValue value) {
        JsonWriter writer = new JsonWriter(false, true);
        writer.write(value, 0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(writer.out.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private void write(JsonValue value, int depth) {
        if (value instanceof JsonObject object) {
            writeObject(object, depth);
        } else if (value instanceof JsonValue.Array array) {
            writeArray(array, depth);
        } else if (value instanceof JsonValue.Text text) {
            writeText(text.value());
        } else if (value instanceof JsonValue.Whole whole) {
            out.append(whole.value());
        } else if (value instanceof JsonValue.Truth truth) {
            out.append(truth.value());
        } else {
            out.append("null");
        }
    }

    private void writeObject(JsonObject object, int depth) {
        List<Map.Entry<String, JsonValue>> entries =
                new ArrayList<>(object.members().entrySet());
        if (canonical) {
            entries.sort(Map.Entry.comparingByKey(BY_CODE_POINT));
        }
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, JsonValue> entry : entries) {
            separate(first, depth + 1);
            first = false;
            writeText(entry.getKey());
            out.append(indented ? ": " : ":");
            write(entry.getValue(), depth + 1);
        }
        closeLine(first, depth);
        out.append('}');
    }

    private void writeArray(JsonValue.Array array, int depth) {
        out.append('[');
        boolean first = true;
        for (JsonValue item : array.items()) {
            separate(first, depth + 1);
            first = false;
            write(item, depth + 1);
        }
        closeLine(first, depth);
        out.append(']');
    }

    private void separate(boolean first, int depth) {
        if (!first) {
            out.append(',');
        }
        if (indented) {
            out.append('\n').append(" ".repeat(depth));
        }
    }

    private void closeLine(boolean empty, int depth) {
        if (indented && !empty) {
            out.append('\n').append(" ".repeat(depth));
        }
    }

    private void writeText(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20 && !canonical) {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static int compareCodePoints(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // UTF-16 order differs from code point order only where one side is a surrogate.
                boolean surrogates = Character.isSurrogate(x) && Character.isSurrogate(y);
                if (surrogates || (!Character.isSurrogate(x) && !Character.isSurrogate(y))) {
                    return Character.compare(x, y);
                }
                return Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
