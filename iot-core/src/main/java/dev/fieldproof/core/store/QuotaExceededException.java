package dev.fieldproof.core.store;

import java.io.IOException;

/** The store's quota, or the disk under it, has no room for what was asked. */
public final class QuotaExceededException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the failure.
     *
     * @param message what failed, where, and what to do
     */
    public QuotaExceededException(String message) {
        super(message);
    }
}
