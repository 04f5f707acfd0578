package dev.fieldproof.ota.json;

/** The input is not the JSON that was asked for. Carries no stack trace: it is an answer, not a defect. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offsetBytes;

    /**
     * Names the rule that the input breaks.
     *
     * @param offsetBytes where, from the start of the input
     * @param rule the rule broken
     */
    public JsonException(int offsetBytes, String rule) {
        super(rule + " at byte " + offsetBytes, null, false, false);
        this.offsetBytes = offsetBytes;
    }

    /**
     * Where the rule is broken.
     *
     * @return bytes from the start of the input
     */
    public int offsetBytes() {
        return offsetBytes;
    }
}
