package dev.fieldproof.ota.delta;

/** The patch breaks a rule of its format. */
public final class MalformedPatchException extends DeltaException {
    private static final long serialVersionUID = 1L;

    private final long offsetBytes;

    /**
     * Names the broken rule.
     *
     * @param offsetBytes how many bytes of the patch had been read
     * @param rule what the format requires
     */
    public MalformedPatchException(long offsetBytes, String rule) {
        super("malformed patch at byte " + offsetBytes + ": " + rule);
        this.offsetBytes = offsetBytes;
    }

    /**
     * Where the rule was seen broken.
     *
     * @return how many bytes of the patch had been read
     */
    public long offsetBytes() {
        return offsetBytes;
    }
}
