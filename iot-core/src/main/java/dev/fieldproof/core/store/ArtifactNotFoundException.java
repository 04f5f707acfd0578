package dev.fieldproof.core.store;

import java.io.IOException;

/** No committed artifact has the digest asked for. */
public final class ArtifactNotFoundException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the failure.
     *
     * @param message what failed, where, and what to do
     */
    public ArtifactNotFoundException(String message) {
        super(message);
    }
}
