package dev.fieldproof.core.transport;

import java.io.IOException;
import java.net.URI;
import java.util.Set;

/** Makes transports for the address schemes it knows; found through {@link java.util.ServiceLoader}. Thread-safe. */
public interface TransportProvider {
    /**
     * The schemes that this provider serves now; empty when a library it needs is absent.
     *
     * @return lower-case URI schemes
     */
    Set<String> schemes();

    /**
     * Makes a transport, not yet connected.
     *
     * @param address has one of {@link #schemes()}
     * @return a new transport
     * @throws IOException if something the address names cannot be read
     * @throws IllegalArgumentException if the address is malformed
     */
    Transport open(URI address) throws IOException;
}
