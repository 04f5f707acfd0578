package dev.fieldproof.ota.http;

/** Bytes that are no request that this server takes. Has no stack trace: it is about the bytes, not the code. */
public final class RefusedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final long offsetBytes;

    RefusedRequestException(int status, long offsetBytes, String rule) {
        super(rule + " (at byte " + offsetBytes + ")", null, false, false);
        this.status = status;
        this.offsetBytes = offsetBytes;
    }

    /**
     * What the client is told.
     *
     * @return a status of HTTP, 400 to 505
     */
    public int status() {
        return status;
    }

    /**
     * Where the rule was broken.
     *
     * @return bytes from the first of the request
     */
    public long offsetBytes() {
        return offsetBytes;
    }
}
