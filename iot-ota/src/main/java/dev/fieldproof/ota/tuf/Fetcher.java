package dev.fieldproof.ota.tuf;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Brings files of a repository here; what it brings is not believed. Implementations state their thread-safety. */
@FunctionalInterface
public interface Fetcher {
    /**
     * Opens a file.
     *
     * @param path relative to the repository's base, its parts percent-encoded already
     * @return the content, to be closed by the caller, who stops reading at its own limit; empty if the repository says
     *     that there is no such file
     * @throws IOException if the transfer fails
     */
    Optional<InputStream> open(String path) throws IOException;
}
