package dev.fieldproof.geo.kml;

/** A KML or KMZ file that breaks a rule; says which, at which byte, and in which placemark if in one. */
public final class KmlException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The rules. */
    public enum Rule {
        /** The file ends inside an element. */
        TRUNCATED,
        /** An element, attribute or comment is not well-formed XML. */
        MALFORMED_XML,
        /** An end tag does not belong to the open element. */
        MISMATCHED_TAG,
        /** The bytes are not valid in the file's encoding. */
        BAD_ENCODING,
        /** A document type declaration, which could define entities: refused. */
        DOCTYPE_REFUSED,
        /** An entity that XML does not predefine. */
        UNKNOWN_ENTITY,
        /** The root element is not one of KML. */
        NOT_KML,
        /** A coordinate is no number, or a position has fewer than two. */
        BAD_COORDINATES,
        /** A longitude or latitude out of range. */
        COORDINATE_RANGE,
        /** A geometry lacks positions it needs. */
        BAD_GEOMETRY,
        /** An archive that cannot be read, or with no KML in it. */
        BAD_ARCHIVE,
        /** An archive entry whose name leads out of the archive. */
        UNSAFE_ENTRY,
        /** The file, an element's text, the nesting or a ratio of compression is over its limit. */
        LIMIT_EXCEEDED,
        /** The file is sound KML, but no site can be made of it. */
        NO_SITE
    }

    private final Rule rule;
    private final long offsetBytes;
    private final String detail;

    /**
     * Makes the exception.
     *
     * @param rule the rule broken
     * @param offsetBytes where in the (unpacked) file; -1 where no byte can be named
     * @param detail one sentence in plain words
     */
    public KmlException(Rule rule, long offsetBytes, String detail) {
        super(detail + (offsetBytes < 0 ? "" : " (byte " + offsetBytes + ")") + " [" + rule + "]", null, false, false);
        this.rule = rule;
        this.offsetBytes = offsetBytes;
        this.detail = detail;
    }

    /** The same, with the place named first. */
    KmlException in(String place) {
        return new KmlException(rule, offsetBytes, place + ": " + detail);
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
     * Where in the unpacked file.
     *
     * @return an offset from the start, or -1 where no byte can be named
     */
    public long offsetBytes() {
        return offsetBytes;
    }
}
