package dev.fieldproof.ota.delta.bzip2;

/** A stream breaks a rule of the bzip2 format. Stackless, as input causes it. */
public final class Bzip2Exception extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offsetBytes;

    Bzip2Exception(int offsetBytes, String rule) {
        super(rule, null, false, false);
        this.offsetBytes = offsetBytes;
    }

    /**
     * Where the rule was seen broken.
     *
     * @return how many bytes of the stream had been read
     */
    public int offsetBytes() {
        return offsetBytes;
    }
}
