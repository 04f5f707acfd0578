package dev.fieldproof.serial.image;

/** Bytes that are not what they should be: says where and which rule they break. Without a stack trace. */
public final class ImageFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offsetBytes;

    /**
     * Names the failure.
     *
     * @param offsetBytes where in the input
     * @param rule the rule that is broken
     */
    public ImageFormatException(int offsetBytes, String rule) {
        super("byte " + offsetBytes + ": " + rule, null, false, false);
        this.offsetBytes = offsetBytes;
    }

    /**
     * Where the input breaks the rule.
     *
     * @return offset in bytes from its start
     */
    public int offsetBytes() {
        return offsetBytes;
    }
}
