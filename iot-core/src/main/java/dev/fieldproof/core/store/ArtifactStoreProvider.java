package dev.fieldproof.core.store;

import java.io.IOException;
import java.net.URI;
import java.util.Set;

/** Opens stores of the location schemes it knows; found through {@link java.util.ServiceLoader}. Thread-safe. */
public interface ArtifactStoreProvider {
    /**
     * The schemes that this provider serves now; empty when a library it needs is absent.
     *
     * @return lower-case URI schemes
     */
    Set<String> schemes();

    /**
     * Opens a store.
     *
     * @param location has one of {@link #schemes()}
     * @return an open store
     * @throws IOException if it cannot be opened
     * @throws IllegalArgumentException if the location is malformed
     */
    ArtifactStore open(URI location) throws IOException;
}
