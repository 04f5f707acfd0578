package dev.fieldproof.core.key;

import java.io.IOException;

/** The key store has no key with the id asked for. */
public final class UnknownKeyException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the failure.
     *
     * @param message which key, in which store
     */
    public UnknownKeyException(String message) {
        super(message);
    }
}
