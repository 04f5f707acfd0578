package dev.fieldproof.ota.delta;

/** The patch is meant for another source image; nothing has been written. */
public final class WrongSourceException extends DeltaException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the difference.
     *
     * @param message what the patch expects and what the source is
     */
    public WrongSourceException(String message) {
        super(message);
    }
}
