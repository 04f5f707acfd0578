package dev.fieldproof.core.transport;

import java.nio.charset.StandardCharsets;

/**
 * A topic filter with MQTT's wildcards: {@code +} for one level, a final {@code #} for this level and all below; topics
 * that begin with {@code $} are not matched by a filter that begins with a wildcard (MQTT 5.0, section 4.7). Immutable
 * and thread-safe.
 *
 * @param value the filter, 1 to 65,535 bytes of UTF-8, each wildcard alone in its level
 */
public record TopicFilter(String value) {
    /** Most bytes of UTF-8 in a topic name or filter (MQTT 5.0, section 1.5.4). */
    public static final int MAX_BYTES = 65_535;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if {@code value} is empty, too long, holds U+0000 or misplaces a wildcard
     */
    public TopicFilter {
        requireText(value);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean opens = i == 0 || value.charAt(i - 1) == '/';
            boolean last = i == value.length() - 1;
            boolean closes = last || value.charAt(i + 1) == '/';
            if ((c == '+' && !(opens && closes)) || (c == '#' && !(opens && last))) {
                throw new IllegalArgumentException(
                        "wildcard '" + c + "' at " + i + " is misplaced in topic filter '" + value + "'");
            }
        }
    }

    /**
     * Whether messages to a topic are wanted.
     *
     * @param topic a topic name
     * @return true if this filter matches it
     */
    public boolean matches(String topic) {
        if (topic.charAt(0) == '$' && (value.charAt(0) == '+' || value.charAt(0) == '#')) {
            return false;
        }
        int f = 0;
        int t = 0;
        while (f < value.length()) {
            char c = value.charAt(f);
            if (c == '#') {
                return true;
            }
            if (c == '+') {
                while (t < topic.length() && topic.charAt(t) != '/') {
                    t++;
                }
                f++;
            } else if (t < topic.length() && topic.charAt(t) == c) {
                f++;
                t++;
            } else {
                // "a/#" also matches its parent "a".
                return t == topic.length() && c == '/' && f == value.length() - 2 && value.charAt(f + 1) == '#';
            }
        }
        return t == topic.length();
    }

    /**
     * Checks that a string is a topic name, which may be published to.
     *
     * @param topic the candidate
     * @return {@code topic}
     * @throws IllegalArgumentException if it is empty, too long, or holds a wildcard or U+0000
     */
    public static String requireTopicName(String topic) {
        requireText(topic);
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw new IllegalArgumentException("a topic name holds no wildcard: '" + topic + "'");
        }
        return topic;
    }

    private static void requireText(String text) {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a topic is not empty and holds no U+0000: '" + text + "'");
        }
        if (text.length() > MAX_BYTES / 3 && text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("a topic has at most " + MAX_BYTES + " bytes");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
