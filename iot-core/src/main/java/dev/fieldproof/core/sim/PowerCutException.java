package dev.fieldproof.core.sim;

/**
 * The simulated power failed: whatever the code under test would have done next does not happen. Unchecked, so that it
 * passes through code that handles {@link java.io.IOException}, and without a stack trace, so that a test can enumerate
 * millions of cuts.
 */
public final class PowerCutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the moment.
     *
     * @param message which operation was cut
     */
    public PowerCutException(String message) {
        super(message, null, false, false);
    }
}
