package dev.fieldproof.geo.geojson;

import dev.fieldproof.geo.geojson.GeoJsonException.Rule;
import dev.fieldproof.geo.text.Decimals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON (RFC 8259) from a stream, value by value, within limits. Not thread-safe. */
final class JsonScanner {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_BYTES = 512;

    private final InputStream in;
    private final int maxValueBytes;
    private final byte[] buffer = new byte[1 << 16];
    private int pos;
    private int end;
    private long bufferOffset;
    private long valueStart;
    private int depth;

    JsonScanner(InputStream in, int maxValueBytes) throws IOException, GeoJsonException {
        this.in = in;
        this.maxValueBytes = maxValueBytes;
        if (peek() == 0xef) {
            for (int expected : new int[] {0xef, 0xbb, 0xbf}) {
                if (read() != expected) {
                    throw broken(Rule.BAD_ENCODING, "not UTF-8");
                }
            }
        }
    }

    long offset() {
        return bufferOffset + pos;
    }

    GeoJsonException broken(Rule rule, String detail) {
        return new GeoJsonException(rule, offset(), detail);
    }

    /** The next byte without taking it, -1 at the end. */
    private int peek() throws IOException {
        if (pos == end) {
            bufferOffset += end;
            pos = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
            if (end == 0) {
                return -1;
            }
        }
        return buffer[pos] & 0xff;
    }

    private int read() throws IOException, GeoJsonException {
        int b = peek();
        if (b < 0) {
            throw broken(Rule.TRUNCATED, "the file ends inside a value");
        }
        pos++;
        return b;
    }

    /** The next byte that is no space, without taking it; -1 at the end. */
    int next() throws IOException {
        int b = peek();
        while (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
            pos++;
            b = peek();
        }
        return b;
    }

    /** Takes one character of the grammar. */
    void expect(char wanted) throws IOException, GeoJsonException {
        if (next() < 0) {
            throw broken(Rule.TRUNCATED, "the file ends where '" + wanted + "' should be");
        }
        if (next() != wanted) {
            throw broken(Rule.MALFORMED_JSON, "'" + wanted + "' expected");
        }
        pos++;
    }

    /** Takes a character if it comes next. */
    boolean take(char wanted) throws IOException {
        if (next() != wanted) {
            return false;
        }
        pos++;
        return true;
    }

    /** Marks the start of a value whose size counts against the limit. */
    void beginValue() {
        valueStart = offset();
    }

    @Nullable
    Object value() throws IOException, GeoJsonException {
        if (offset() - valueStart > maxValueBytes) {
            throw broken(Rule.LIMIT_EXCEEDED, "a value of more than " + maxValueBytes + " bytes");
        }
        int b = next();
        switch (b) {
            case '{' -> {
                return object();
            }
            case '[' -> {
                return array();
            }
            case '"' -> {
                return string();
            }
            case 't' -> {
                return word("true", true);
            }
            case 'f' -> {
                return word("false", false);
            }
            case 'n' -> {
                return word("null", null);
            }
            default -> {
                return number();
            }
        }
    }

    private void deeper() throws GeoJsonException {
        if (++depth > MAX_DEPTH) {
            throw broken(Rule.LIMIT_EXCEEDED, "values nested deeper than " + MAX_DEPTH);
        }
    }

    Map<String, @Nullable Object> object() throws IOException, GeoJsonException {
        deeper();
        expect('{');
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (!take('}')) {
            do {
                next();
                String key = string();
                expect(':');
                map.put(key, value());
            } while (take(','));
            expect('}');
        }
        depth--;
        return map;
    }

    private List<@Nullable Object> array() throws IOException, GeoJsonException {
        deeper();
        expect('[');
        List<@Nullable Object> list = new ArrayList<>();
        if (!take(']')) {
            do {
                list.add(value());
            } while (take(','));
            expect(']');
        }
        depth--;
        return list;
    }

    private @Nullable Object word(String word, @Nullable Object value) throws IOException, GeoJsonException {
        for (int i = 0; i < word.length(); i++) {
            if (read() != word.charAt(i)) {
                throw broken(Rule.MALFORMED_JSON, "'" + word + "' expected");
            }
        }
        return value;
    }

    private Object number() throws IOException, GeoJsonException {
        byte[] text = new byte[32];
        int n = 0;
        boolean whole = true;
        for (int b = peek();
                (b >= '0' && b <= '9') || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
                b = peek()) {
            if (n == MAX_NUMBER_BYTES) {
                throw broken(Rule.LIMIT_EXCEEDED, "a number of more than " + MAX_NUMBER_BYTES + " characters");
            }
            if (n == text.length) {
                text = java.util.Arrays.copyOf(text, n * 2);
            }
            whole &= b == '-' || (b >= '0' && b <= '9');
            text[n++] = (byte) b;
            pos++;
        }
        int first = n > 0 && text[0] == '-' ? 1 : 0;
        boolean grammatical = n > first
                && text[first] >= '0'
                && text[first] <= '9'
                && !(text[first] == '0' && n > first + 1 && text[first + 1] >= '0' && text[first + 1] <= '9')
                && text[n - 1] != '.';
        double value = grammatical ? Decimals.parse(text, 0, n) : Double.NaN;
        if (Double.isNaN(value)) {
            if (n == 0 && peek() < 0) {
                throw broken(Rule.TRUNCATED, "the file ends where a value should be");
            }
            throw broken(Rule.MALFORMED_JSON, "no JSON value");
        }
        if (whole && n <= 18) {
            return Long.valueOf(new String(text, 0, n, StandardCharsets.US_ASCII));
        }
        return value;
    }

    String string() throws IOException, GeoJsonException {
        expect('"');
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringBuilder text = new StringBuilder();
        while (true) {
            int b = read();
            if (b == '"') {
                flush(bytes, text);
                return text.toString();
            } else if (b == '\\') {
                flush(bytes, text);
                escape(text);
            } else if (b < 0x20) {
                throw broken(Rule.MALFORMED_JSON, "a control character in a string");
            } else {
                bytes.write(b);
            }
            if (bytes.size() + text.length() > maxValueBytes) {
                throw broken(Rule.LIMIT_EXCEEDED, "a string of more than " + maxValueBytes + " bytes");
            }
        }
    }

    private void flush(ByteArrayOutputStream bytes, StringBuilder text) throws GeoJsonException {
        try {
            text.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())));
        } catch (CharacterCodingException e) {
            throw broken(Rule.BAD_ENCODING, "a string is not UTF-8");
        }
        bytes.reset();
    }

    private void escape(StringBuilder text) throws IOException, GeoJsonException {
        int b = read();
        switch (b) {
            case '"', '\\', '/' -> text.append((char) b);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(read(), 16);
                    if (digit < 0) {
                        throw broken(Rule.MALFORMED_JSON, "four hexadecimal digits expected");
                    }
                    code = code * 16 + digit;
                }
                text.append((char) code);
            }
            default -> throw broken(Rule.MALFORMED_JSON, "an unknown escape");
        }
    }
}
