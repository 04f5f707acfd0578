package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.kml.KmlException.Rule;
import java.nio.charset.StandardCharsets;

/** Turns the bytes of XML text into strings. */
final class XmlText {
    private static final int MAX_ENTITY_BYTES = 12;

    private XmlText() {}

    /** Decodes UTF-8 and refuses what is not. */
    static String decodeUtf8(byte[] bytes, int from, int to, long offset) throws KmlException {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0 && !holdsReplacementCharacter(bytes, from, to)) {
            throw new KmlException(Rule.BAD_ENCODING, offset, "text is not valid UTF-8");
        }
        return text;
    }

    private static boolean holdsReplacementCharacter(byte[] bytes, int from, int to) {
        for (int i = from; i + 2 < to; i++) {
            if (bytes[i] == (byte) 0xef && bytes[i + 1] == (byte) 0xbf && bytes[i + 2] == (byte) 0xbd) {
                return true;
            }
        }
        return false;
    }

    /** Text with its entities replaced; most has none. */
    static String decoded(byte[] bytes, int from, int to, long offset) throws KmlException {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '&' || bytes[i] == '\r') {
                StringBuilder text = new StringBuilder();
                appendDecoded(bytes, from, to, true, text, offset);
                return text.toString();
            }
        }
        return decodeUtf8(bytes, from, to, offset);
    }

    /** Appends text with its entities replaced, and line ends as XML 1.0, section 2.11, wants them. */
    static void appendDecoded(byte[] bytes, int from, int to, boolean entities, StringBuilder out, long offset)
            throws KmlException {
        int start = from;
        for (int i = from; i < to; i++) {
            if (entities && bytes[i] == '&') {
                out.append(decodeUtf8(bytes, start, i, offset));
                int stop = i + 1;
                while (stop < to && bytes[stop] != ';' && stop - i < MAX_ENTITY_BYTES) {
                    stop++;
                }
                if (stop >= to || bytes[stop] != ';') {
                    throw new KmlException(Rule.MALFORMED_XML, offset + i - from, "an '&' that begins no entity");
                }
                String name = new String(bytes, i + 1, stop - i - 1, StandardCharsets.ISO_8859_1);
                appendEntity(name, out, offset + i - from);
                i = stop;
                start = i + 1;
            } else if (bytes[i] == '\r') {
                out.append(decodeUtf8(bytes, start, i, offset)).append('\n');
                if (i + 1 < to && bytes[i + 1] == '\n') {
                    i++;
                }
                start = i + 1;
            }
        }
        out.append(decodeUtf8(bytes, start, to, offset));
    }

    private static void appendEntity(String name, StringBuilder out, long offset) throws KmlException {
        switch (name) {
            case "lt" -> out.append('<');
            case "gt" -> out.append('>');
            case "amp" -> out.append('&');
            case "quot" -> out.append('"');
            case "apos" -> out.append('\'');
            default -> {
                int code = name.startsWith("#x")
                        ? number(name.substring(2), 16)
                        : name.startsWith("#") ? number(name.substring(1), 10) : -1;
                if (code < 0) {
                    throw new KmlException(Rule.UNKNOWN_ENTITY, offset, "entity &" + name + "; is not known");
                }
                out.appendCodePoint(code);
            }
        }
    }

    private static int number(String digits, int radix) {
        int code = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), radix);
            if (digit < 0 || code > 0x110000) {
                return -1;
            }
            code = code * radix + digit;
        }
        boolean isCharacter = code == 9 || code == 10 || code == 13 || (code >= 0x20 && code <= 0x10ffff);
        return isCharacter && !digits.isEmpty() && (code < 0xd800 || code > 0xdfff) ? code : -1;
    }
}
