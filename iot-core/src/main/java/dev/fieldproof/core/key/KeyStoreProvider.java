package dev.fieldproof.core.key;

import java.io.IOException;
import java.net.URI;
import java.util.Set;

/** Opens key stores of the location schemes it knows; found through {@link java.util.ServiceLoader}. Thread-safe. */
public interface KeyStoreProvider {
    /**
     * The schemes that this provider serves now; empty when a library it needs is absent.
     *
     * @return lower-case URI schemes
     */
    Set<String> schemes();

    /**
     * Opens a store, or makes an empty one where there is none.
     *
     * @param location has one of {@link #schemes()}
     * @param password protects the store where it needs one; copied if needed later, so the caller may clear it
     * @return an open store
     * @throws IOException if it cannot be opened, or the password is wrong
     * @throws IllegalArgumentException if the location is malformed
     */
    KeyStore open(URI location, char[] password) throws IOException;
}
