package dev.fieldproof.geo.geojson;

/** GeoJSON that breaks a rule; says which and at which byte. */
public final class GeoJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The rules. */
    public enum Rule {
        /** The text ends inside a value. */
        TRUNCATED,
        /** Not JSON (RFC 8259). */
        MALFORMED_JSON,
        /** The bytes are not UTF-8. */
        BAD_ENCODING,
        /** JSON, but not a GeoJSON object of the type it should be. */
        NOT_GEOJSON,
        /** A geometry's coordinates do not fit its type. */
        BAD_COORDINATES,
        /** A size or the nesting is over its limit. */
        LIMIT_EXCEEDED
    }

    private final Rule rule;
    private final long offsetBytes;

    /**
     * Makes the exception.
     *
     * @param rule the rule broken
     * @param offsetBytes where in the file
     * @param detail one sentence in plain words
     */
    public GeoJsonException(Rule rule, long offsetBytes, String detail) {
        super(detail + " (byte " + offsetBytes + ") [" + rule + "]", null, false, false);
        this.rule = rule;
        this.offsetBytes = offsetBytes;
    }

    /**
     * The rule broken.
     *
     * @return never null
     */
    public Rule rule() {
        return rule;
    }

    /**
     * Where in the file.
     *
     * @return an offset from the start
     */
    public long offsetBytes() {
        return offsetBytes;
    }
}
