package dev.fieldproof.sparkplug.payload;

/** Bytes that are no Sparkplug B payload, with the place and the rule broken. Carries no stack trace. */
public final class PayloadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offsetBytes;
    private final String rule;

    /**
     * Names a fault.
     *
     * @param offsetBytes where, counted from the start of the payload
     * @param rule what should have held
     */
    public PayloadException(int offsetBytes, String rule) {
        super(null, null, false, false);
        this.offsetBytes = offsetBytes;
        this.rule = rule;
    }

    @Override
    public String getMessage() {
        return "malformed Sparkplug payload at byte " + offsetBytes + ": " + rule;
    }

    /**
     * Where the fault lies.
     *
     * @return bytes from the start of the payload
     */
    public int offsetBytes() {
        return offsetBytes;
    }

    /**
     * What should have held.
     *
     * @return one phrase
     */
    public String rule() {
        return rule;
    }
}
