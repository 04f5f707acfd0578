package dev.fieldproof.ota.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The request line and the fields (RFC 9112, sections 3 and 5), read strictly: what two programs could read differently
 * is refused.
 *
 * @param method in capitals as a rule; any token
 * @param path the target's path as it came, beginning with a slash
 * @param query the target's query as it came, or empty
 * @param minorVersion of HTTP/1: 0 or 1
 * @param fields in order
 * @param bodyBytes how long the body is, or {@link #CHUNKED}
 */
public record RequestHead(
        String method, String path, String query, int minorVersion, List<HttpField> fields, int bodyBytes) {
    /** The body comes in chunks and says itself where it ends. */
    public static final int CHUNKED = -1;

    private static final String TOKEN = "!#$%&'*+-.^_`|~";
    private static final int MAX_METHOD_CHARS = 32;
    private static final int MAX_LENGTH_DIGITS = 18;

    /** Copies the fields. */
    public RequestHead {
        fields = List.copyOf(fields);
    }

    /**
     * The first value of a field.
     *
     * @param name in any case
     * @return its value, or empty
     */
    public Optional<String> field(String name) {
        for (HttpField field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }

    /** Whether the client would use the connection again (RFC 9112, section 9.3). */
    boolean keepsAlive() {
        boolean keeps = false;
        for (HttpField field : fields) {
            if (field.name().equalsIgnoreCase("connection")) {
                for (String option : field.value().split(",", -1)) {
                    String word = option.strip().toLowerCase(Locale.ROOT);
                    if (word.equals("close")) {
                        return false;
                    }
                    keeps |= word.equals("keep-alive");
                }
            }
        }
        return keeps || minorVersion == 1;
    }

    /** Whether the client waits to be told to send its body (RFC 9110, section 10.1.1). */
    boolean awaitsContinue() {
        return minorVersion == 1 && bodyBytes != 0 && field("expect").isPresent();
    }

    /** Reads lines that each end in CR LF, the last one empty. */
    static RequestHead parse(byte[] bytes, int length, HttpLimits limits) throws RefusedRequestException {
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n");
        String line = text.substring(0, end);
        int first = line.indexOf(' ');
        int second = line.indexOf(' ', first + 1);
        if (first < 1 || second < 0 || line.indexOf(' ', second + 1) >= 0 || !isToken(line.substring(0, first))) {
            throw new RefusedRequestException(400, 0, "a request line is METHOD TARGET HTTP/1.1");
        }
        if (first > MAX_METHOD_CHARS) {
            throw new RefusedRequestException(501, 0, "an unknown method");
        }
        String target = line.substring(first + 1, second);
        if (target.length() > limits.maxTargetBytes()) {
            throw new RefusedRequestException(414, first + 1, "a target of " + target.length() + " bytes");
        }
        int minor = minorVersion(line.substring(second + 1), second + 1);
        List<HttpField> fields = fields(text, end + 2, limits);
        requireHost(fields, minor);
        String origin = origin(target, first + 1);
        int question = origin.indexOf('?');
        return new RequestHead(
                line.substring(0, first),
                question < 0 ? origin : origin.substring(0, question),
                question < 0 ? "" : origin.substring(question + 1),
                minor,
                fields,
                bodyBytes(fields, minor, limits, length));
    }

    private static int minorVersion(String version, int at) throws RefusedRequestException {
        boolean wellFormed = version.length() == 8
                && version.startsWith("HTTP/")
                && isDigit(version.charAt(5))
                && version.charAt(6) == '.'
                && isDigit(version.charAt(7));
        if (!wellFormed) {
            throw new RefusedRequestException(400, at, "a version is HTTP/ and two digits");
        }
        if (version.charAt(5) != '1') {
            throw new RefusedRequestException(505, at, "only HTTP/1.0 and HTTP/1.1 are spoken");
        }
        return Math.min(1, version.charAt(7) - '0');
    }

    /** The target from its path on (RFC 9112, section 3.2). */
    private static String origin(String target, int at) throws RefusedRequestException {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) > '~') {
                throw new RefusedRequestException(400, at + i, "a target of printable ASCII");
            }
        }
        if (target.startsWith("/")) {
            return target;
        }
        String lower = target.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            int slash = target.indexOf('/', target.indexOf("//") + 2);
            return slash < 0 ? "/" : target.substring(slash);
        }
        throw new RefusedRequestException(400, at, "a target is a path or an address of http");
    }

    private static List<HttpField> fields(String text, int from, HttpLimits limits) throws RefusedRequestException {
        List<HttpField> fields = new ArrayList<>();
        int at = from;
        int end = text.indexOf("\r\n", at);
        while (end > at) {
            int colon = text.indexOf(':', at);
            if (colon < 0 || colon > end || !isToken(text.substring(at, colon))) {
                throw new RefusedRequestException(400, at, "a field is NAME: VALUE on one line");
            }
            if (fields.size() == limits.maxFields()) {
                throw new RefusedRequestException(431, at, "more than " + limits.maxFields() + " fields");
            }
            fields.add(new HttpField(text.substring(at, colon), stripSpace(text.substring(colon + 1, end))));
            at = end + 2;
            end = text.indexOf("\r\n", at);
        }
        return fields;
    }

    private static String stripSpace(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && (value.charAt(from) == ' ' || value.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t')) {
            to--;
        }
        return value.substring(from, to);
    }

    private static List<String> values(List<HttpField> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(HttpField::value)
                .toList();
    }

    private static void requireHost(List<HttpField> fields, int minor) throws RefusedRequestException {
        List<String> hosts = values(fields, "host");
        if (hosts.size() > 1 || (hosts.isEmpty() && minor == 1)) {
            throw new RefusedRequestException(400, 0, "one Host field, not " + hosts.size());
        }
        if (!hosts.isEmpty() && !hosts.get(0).matches("[A-Za-z0-9._:\\[\\]-]{1,255}")) {
            throw new RefusedRequestException(400, 0, "a Host is a name and a port");
        }
    }

    /** Where the body ends (RFC 9112, section 6.3): said once, or not at all. */
    private static int bodyBytes(List<HttpField> fields, int minor, HttpLimits limits, int at)
            throws RefusedRequestException {
        List<String> expected = minor == 0 ? List.of() : values(fields, "expect");
        if (expected.stream().anyMatch(it -> !it.equalsIgnoreCase("100-continue"))) {
            throw new RefusedRequestException(417, at, "only 100-continue can be expected");
        }
        List<String> lengths = values(fields, "content-length");
        List<String> encodings = values(fields, "transfer-encoding");
        if (!encodings.isEmpty()) {
            if (minor == 0 || !lengths.isEmpty() || encodings.size() > 1) {
                throw new RefusedRequestException(400, at, "the length of the body is said in more than one way");
            }
            if (!encodings.get(0).equalsIgnoreCase("chunked")) {
                throw new RefusedRequestException(501, at, "only chunked is understood as a transfer encoding");
            }
            return CHUNKED;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        String length = lengths.get(0);
        if (lengths.size() > 1 || length.isEmpty() || !length.chars().allMatch(RequestHead::isDigit)) {
            throw new RefusedRequestException(400, at, "one Content-Length of digits");
        }
        if (length.length() > MAX_LENGTH_DIGITS || Long.parseLong(length) > limits.maxBodyBytes()) {
            throw tooLarge(at, limits);
        }
        return Integer.parseInt(length);
    }

    static RefusedRequestException tooLarge(long at, HttpLimits limits) {
        return new RefusedRequestException(413, at, "more than " + limits.maxBodyBytes() + " bytes");
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !isDigit(c) && TOKEN.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
