package dev.fieldproof.core.health.crash;

/** Bytes that are no core dump: which rule is broken, and where. Without a stack trace. */
public final class CrashFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offsetBytes;

    /**
     * Names the rule.
     *
     * @param offsetBytes where in the dump
     * @param rule what should hold there
     */
    public CrashFormatException(int offsetBytes, String rule) {
        super(rule + ", at byte " + offsetBytes, null, false, false);
        this.offsetBytes = offsetBytes;
    }

    /**
     * Where the rule is broken.
     *
     * @return offset in the dump
     */
    public int offsetBytes() {
        return offsetBytes;
    }
}
