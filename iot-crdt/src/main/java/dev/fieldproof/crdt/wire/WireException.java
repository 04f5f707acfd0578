package dev.fieldproof.crdt.wire;

/** Says where encoded bytes break which rule of the format; carries no stack trace. Immutable and thread-safe. */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offsetBytes;

    /**
     * Names a violation.
     *
     * @param offsetBytes where in the input, counted from its start
     * @param rule the rule that is broken
     */
    public WireException(int offsetBytes, String rule) {
        super("at byte " + offsetBytes + ": " + rule, null, false, false);
        this.offsetBytes = offsetBytes;
    }

    /**
     * Where the input breaks the rule.
     *
     * @return bytes from the start of the input
     */
    public int offsetBytes() {
        return offsetBytes;
    }
}
