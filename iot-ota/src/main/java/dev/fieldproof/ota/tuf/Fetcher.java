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

    /**
     * Opens a file from an offset on. Unless an implementation can do better, the bytes before are read over.
     *
     * @param path relative to the repository's base, its parts percent-encoded already
     * @param offsetBytes where to begin, at least 0
     * @return the content from there on, to be closed by the caller; empty if there is no such file
     * @throws IOException if the transfer fails, or the file ends before the offset
     */
    default Optional<InputStream> open(String path, long offsetBytes) throws IOException {
        Optional<InputStream> in = open(path);
        if (in.isPresent() && offsetBytes > 0) {
            try {
                in.get().skipNBytes(offsetBytes);
            } catch (IOException e) {
                in.get().close();
                throw e;
            }
        }
        return in;
    }
}
