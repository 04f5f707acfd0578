package dev.fieldproof.sparkplug.payload;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON payload of STATE, which tells whether a host application is online (Sparkplug 3.0, section 4.2.3).
 *
 * @param online true in a birth, false in a death
 * @param timestamp of the connection that the message belongs to, to the millisecond
 */
public record HostState(boolean online, Instant timestamp) {
    private static final int MAX_BYTES = 4_096;
    private static final Pattern MEMBER = Pattern.compile("\\s*\"([^\"\\\\]*)\"\\s*:\\s*"
            + "(?:(true|false)|(-?\\d{1,19})(?:\\.0+)?|\"(?:[^\"\\\\]|\\\\.)*+\"|null|-?[\\d.eE+-]+)\\s*([,}])");

    /** Cuts the timestamp to the millisecond, which is what the wire can hold. */
    public HostState {
        timestamp = Instant.ofEpochMilli(timestamp.toEpochMilli());
    }

    /**
     * Writes the payload.
     *
     * @return UTF-8
     */
    public byte[] toBytes() {
        return ("{\"online\":" + online + ",\"timestamp\":" + timestamp.toEpochMilli() + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the payload: one flat object; members other than the two are skipped if they are scalars.
     *
     * @param bytes up to 4,096
     * @return the state
     * @throws PayloadException if it is not such an object, or one of the two members is missing, doubled or of another
     *     kind
     */
    public static HostState parse(byte[] bytes) throws PayloadException {
        if (bytes.length > MAX_BYTES) {
            throw new PayloadException(0, "a STATE payload has at most " + MAX_BYTES + " bytes");
        }
        String text = WireReader.utf8(bytes, 0, bytes.length, 0).strip();
        if (!text.startsWith("{")) {
            throw new PayloadException(0, "a STATE payload is a JSON object");
        }
        Boolean online = null;
        Long millis = null;
        Matcher member = MEMBER.matcher(text);
        int at = 1;
        boolean closed = false;
        while (!closed) {
            if (!member.region(at, text.length()).lookingAt()) {
                throw new PayloadException(at, "a STATE payload has scalar members in one JSON object");
            }
            if (member.group(1).equals("online")) {
                if (online != null || member.group(2) == null) {
                    throw new PayloadException(at, "'online' is there once and is true or false");
                }
                online = member.group(2).equals("true");
            } else if (member.group(1).equals("timestamp")) {
                if (millis != null || member.group(3) == null) {
                    throw new PayloadException(at, "'timestamp' is there once and is a whole number");
                }
                millis = number(member.group(3), at);
            }
            closed = member.group(4).equals("}");
            at = member.end();
        }
        if (at != text.length() || online == null || millis == null) {
            throw new PayloadException(at, "a STATE payload has 'online' and 'timestamp' and ends after them");
        }
        return new HostState(online, Instant.ofEpochMilli(millis));
    }

    private static long number(String digits, int at) throws PayloadException {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new PayloadException(at, "a timestamp fits 64 bits");
        }
    }
}
