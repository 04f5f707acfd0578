package dev.fieldproof.ota.delta;

/** A patch could not be applied: it is malformed, or it is not meant for this source. Stackless, as input causes it. */
public abstract sealed class DeltaException extends Exception
        permits BrokenCheckpointException, MalformedPatchException, WrongSourceException {
    private static final long serialVersionUID = 1L;

    DeltaException(String message) {
        super(message, null, false, false);
    }
}
