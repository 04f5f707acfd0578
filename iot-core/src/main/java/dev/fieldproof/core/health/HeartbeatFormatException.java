package dev.fieldproof.core.health;

/** Bytes that are no {@link Heartbeat}: which rule is broken, and where. Without a stack trace. */
public final class HeartbeatFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offsetBytes;

    /**
     * Names the rule.
     *
     * @param offsetBytes where in the payload
     * @param rule what should hold there
     */
    public HeartbeatFormatException(int offsetBytes, String rule) {
        super(rule + ", at byte " + offsetBytes, null, false, false);
        this.offsetBytes = offsetBytes;
    }

    /**
     * Where the rule is broken.
     *
     * @return offset in the payload
     */
    public int offsetBytes() {
        return offsetBytes;
    }
}
