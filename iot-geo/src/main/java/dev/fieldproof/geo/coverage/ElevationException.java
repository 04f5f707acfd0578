package dev.fieldproof.geo.coverage;

/** An elevation file that breaks a rule; says which and at which byte. */
public final class ElevationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The rules. */
    public enum Rule {
        /** Neither an ASCII grid nor a tile of heights, or a heading that lacks a value or has a wrong one. */
        BAD_HEADING,
        /** A height that is no number. */
        BAD_NUMBER,
        /** A height beyond {@link Terrain#MAX_HEIGHT_MILLIMETRES}. */
        HEIGHT_RANGE,
        /** The file ends before the heights that its heading promises, or goes on after them. */
        WRONG_LENGTH,
        /** More heights than are accepted. */
        LIMIT_EXCEEDED,
        /** The file is sound but says nothing about a place that was asked for. */
        NOT_COVERED
    }

    private final Rule rule;
    private final long offsetBytes;

    /**
     * Makes the exception.
     *
     * @param rule the rule broken
     * @param offsetBytes where in the file; -1 where no byte can be named
     * @param detail one sentence in plain words
     */
    public ElevationException(Rule rule, long offsetBytes, String detail) {
        super(detail + (offsetBytes < 0 ? "" : " (byte " + offsetBytes + ")") + " [" + rule + "]", null, false, false);
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
     * @return an offset from the start, or -1 where no byte can be named
     */
    public long offsetBytes() {
        return offsetBytes;
    }
}
