package dev.fieldproof.core.store;

import java.io.IOException;

/** Another writer has the artifact open. */
public final class WriteInProgressException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the failure.
     *
     * @param message what failed, where, and what to do
     */
    public WriteInProgressException(String message) {
        super(message);
    }
}
