package dev.fieldproof.core.anomaly;

/** Bytes that are no model: which rule is broken, and where. Without a stack trace. */
public final class ModelFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offsetBytes;

    /**
     * Names the rule.
     *
     * @param offsetBytes where in the file
     * @param rule what should hold there
     */
    public ModelFormatException(int offsetBytes, String rule) {
        super(rule + ", at byte " + offsetBytes, null, false, false);
        this.offsetBytes = offsetBytes;
    }

    /**
     * Where the rule is broken.
     *
     * @return offset in the file
     */
    public int offsetBytes() {
        return offsetBytes;
    }
}
