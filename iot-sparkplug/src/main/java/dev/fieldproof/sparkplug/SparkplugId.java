package dev.fieldproof.sparkplug;

import java.nio.charset.StandardCharsets;

/** The rules for the group, edge node, device and host identifiers that topics are made of. Stateless. */
public final class SparkplugId {
    private static final int MAX_BYTES = 1_024;

    private SparkplugId() {}

    /**
     * Checks an identifier (Sparkplug 3.0, section 4.1): well-formed text of 1 to 1,024 bytes of UTF-8 without {@code
     * +}, {@code /}, {@code #} and U+0000. The length limit is this library's; MQTT allows 65,535 bytes for a whole
     * topic.
     *
     * @param what the kind of identifier, for the message
     * @param id the candidate
     * @return {@code id}
     * @throws IllegalArgumentException if a rule is broken
     */
    public static String require(String what, String id) {
        String broken = brokenRule(id);
        if (broken != null) {
            throw new IllegalArgumentException(what + " " + broken + ": '" + id + "'");
        }
        return id;
    }

    /**
     * Tells which rule an identifier breaks.
     *
     * @param id the candidate
     * @return what is wrong, in words that follow the name of the identifier; null if nothing is
     */
    public static @org.jspecify.annotations.Nullable String brokenRule(String id) {
        if (id.isEmpty()) {
            return "is empty";
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c == '+' || c == '/' || c == '#' || c == 0) {
                return "holds the reserved character at index " + i;
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < id.length()
                        && Character.isLowSurrogate(id.charAt(i + 1));
                if (!pair) {
                    return "is not well-formed text at index " + i;
                }
                i++;
            }
        }
        return id.length() > MAX_BYTES / 3 && id.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES
                ? "is longer than " + MAX_BYTES + " bytes"
                : null;
    }
}
