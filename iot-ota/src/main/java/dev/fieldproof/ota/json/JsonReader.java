package dev.fieldproof.ota.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) strictly: UTF-8, no duplicate names, no lone surrogates, whole numbers of 64 bits only, nesting
 * to {@value #MAX_DEPTH}. Memory is in proportion to the input, whose size the caller bounds.
 */
public final class JsonReader {
    /** Deepest nesting of objects and arrays. */
    public static final int MAX_DEPTH = 32;

    private final byte[] in;
    private int at;

    private JsonReader(byte[] in) {
        this.in = in;
    }

    /**
     * Reads one value that is an object.
     *
     * @param input the whole text
     * @return the object
     * @throws JsonException if the input breaks a rule or is not an object
     */
    public static JsonObject object(byte[] input) throws JsonException {
        if (value(input) instanceof JsonObject object) {
            return object;
        }
        throw new JsonException(0, "the text is not an object");
    }

    /**
     * Reads one value.
     *
     * @param input the whole text
     * @return the value
     * @throws JsonException if the input breaks a rule
     */
    public static JsonValue value(byte[] input) throws JsonException {
        JsonReader reader = new JsonReader(input);
        JsonValue value = reader.readValue(0);
        reader.skipSpace();
        if (reader.at != input.length) {
            throw reader.broken("more follows the value");
        }
        return value;
    }

    private JsonValue readValue(int depth) throws JsonException {
        skipSpace();
        if (depth > MAX_DEPTH) {
            throw broken("nested deeper than " + MAX_DEPTH);
        }
        return switch (peek()) {
            case '{' -> readObject(depth);
            case '[' -> readArray(depth);
            case '"' -> new JsonValue.Text(readText());
            case 't' -> literal("true", new JsonValue.Truth(true));
            case 'f' -> literal("false", new JsonValue.Truth(false));
            case 'n' -> literal("null", new JsonValue.Null());
            default -> readWhole();
        };
    }

    private JsonObject readObject(int depth) throws JsonException {
        int start = at++;
        Map<String, JsonValue> members = new LinkedHashMap<>();
        skipSpace();
        if (peek() == '}') {
            at++;
            return new JsonObject(members, start);
        }
        while (true) {
            skipSpace();
            int nameAt = at;
            if (peek() != '"') {
                throw broken("a name is a string");
            }
            String name = readText();
            skipSpace();
            expect(':');
            if (members.put(name, readValue(depth + 1)) != null) {
                throw new JsonException(nameAt, "duplicate name '" + name + "'");
            }
            skipSpace();
            if (peek() == '}') {
                at++;
                return new JsonObject(members, start);
            }
            expect(',');
        }
    }

    private JsonValue readArray(int depth) throws JsonException {
        at++;
        List<JsonValue> items = new ArrayList<>();
        skipSpace();
        if (peek() == ']') {
            at++;
            return new JsonValue.Array(items);
        }
        while (true) {
            items.add(readValue(depth + 1));
            skipSpace();
            if (peek() == ']') {
                at++;
                return new JsonValue.Array(items);
            }
            expect(',');
        }
    }

    private String readText() throws JsonException {
        int start = ++at;
        boolean ascii = true;
        while (true) {
            int c = peek();
            if (c == '"') {
                int end = at++;
                return ascii
                        ? new String(in, start, end - start, StandardCharsets.ISO_8859_1)
                        : decode(start, end - start);
            }
            if (c == '\\') {
                return readEscapedText(start);
            }
            if (c < 0x20) {
                throw broken("a control character in a string is escaped");
            }
            ascii &= c < 0x80;
            at++;
        }
    }

    private String readEscapedText(int start) throws JsonException {
        StringBuilder text = new StringBuilder(decode(start, at - start));
        while (true) {
            int c = peek();
            if (c == '"') {
                at++;
                return wellFormed(text, start);
            }
            if (c == '\\') {
                at++;
                text.append(readEscape());
            } else {
                int from = at;
                while (peek() != '"' && peek() != '\\') {
                    if (peek() < 0x20) {
                        throw broken("a control character in a string is escaped");
                    }
                    at++;
                }
                text.append(decode(from, at - from));
            }
        }
    }

    private char readEscape() throws JsonException {
        int c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> readHex4();
            default -> throw new JsonException(at - 1, "no such escape");
        };
    }

    private char readHex4() throws JsonException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw broken("four hexadecimal digits follow \\u");
            }
            value = value << 4 | digit;
            at++;
        }
        return (char) value;
    }

    private static String wellFormed(StringBuilder text, int start) throws JsonException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                throw new JsonException(start, "a lone surrogate");
            }
        }
        return text.toString();
    }

    private String decode(int from, int length) throws JsonException {
        try {
            CharBuffer chars = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(in, from, length));
            return chars.toString();
        } catch (CharacterCodingException e) {
            throw new JsonException(from, "not UTF-8");
        }
    }

    private JsonValue readWhole() throws JsonException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        int digits = at;
        while (at < in.length && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        if (at == digits || (in[digits] == '0' && at - digits > 1)) {
            throw new JsonException(start, "not a value");
        }
        if (at < in.length && (in[at] == '.' || in[at] == 'e' || in[at] == 'E')) {
            throw broken("numbers are whole");
        }
        try {
            return new JsonValue.Whole(Long.parseLong(new String(in, start, at - start, StandardCharsets.US_ASCII)));
        } catch (NumberFormatException e) {
            throw new JsonException(start, "a number has at most 64 bits");
        }
    }

    private JsonValue literal(String word, JsonValue value) throws JsonException {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
        return value;
    }

    private void skipSpace() {
        while (at < in.length && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    private int peek() throws JsonException {
        if (at >= in.length) {
            throw broken("the text ends early");
        }
        return in[at] & 0xFF;
    }

    private void expect(char wanted) throws JsonException {
        if (peek() != wanted) {
            throw broken("expected '" + wanted + "'");
        }
        at++;
    }

    private JsonException broken(String rule) {
        return new JsonException(at, rule);
    }
}
