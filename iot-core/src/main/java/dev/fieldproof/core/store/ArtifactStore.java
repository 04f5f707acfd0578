package dev.fieldproof.core.store;

import dev.fieldproof.core.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * Artifacts addressed by their SHA-256 digest: what is under a digest has that digest, or is not there.
 *
 * <p>All methods are thread-safe, and several processes may share one store. Every implementation passes {@code
 * ArtifactStoreContract} of this module's test jar.
 */
public interface ArtifactStore extends AutoCloseable {
    /**
     * Reads a committed artifact from an offset to its end.
     *
     * @param digest which artifact
     * @param offsetBytes 0 to the artifact's size
     * @return a channel at that offset, to be closed by the caller; deleting the artifact meanwhile does not corrupt
     *     what it reads
     * @throws ArtifactNotFoundException if no such artifact is committed
     * @throws IllegalArgumentException if the offset is negative or past the end
     * @throws IOException if the storage fails
     */
    ReadableByteChannel read(Digest digest, long offsetBytes) throws IOException;

    /**
     * Begins to write an artifact, or resumes a write that an earlier process did not finish.
     *
     * @param digest of the whole content
     * @param sizeBytes of the whole content, at least 0
     * @return the write, at the offset that it had durably reached; to be closed by the caller
     * @throws QuotaExceededException if the size does not fit, now, beside what is stored and promised
     * @throws WriteInProgressException if another writer, of this or another process, has this artifact open
     * @throws IllegalArgumentException if the size is negative
     * @throws IOException if the storage fails
     */
    ArtifactWrite write(Digest digest, long sizeBytes) throws IOException;

    /**
     * Lists what is committed.
     *
     * @return artifacts in order of their digest
     * @throws IOException if the storage fails
     */
    List<Artifact> list() throws IOException;

    /**
     * Removes an artifact, committed or partly written.
     *
     * @param digest which artifact
     * @return whether anything was there
     * @throws WriteInProgressException if a writer has it open
     * @throws IOException if the storage fails
     */
    boolean delete(Digest digest) throws IOException;

    /** Releases what the store holds; open reads and writes end with an exception. Idempotent. */
    @Override
    void close() throws IOException;

    /**
     * A committed artifact.
     *
     * @param digest of its content
     * @param sizeBytes of its content
     */
    record Artifact(Digest digest, long sizeBytes) {}

    /**
     * Opens a store by location with the first provider on the class or module path that knows the scheme.
     *
     * @param location {@code file:///DIRECTORY}, {@code memory:/}, or another scheme by its provider
     * @return an open store
     * @throws IOException if it cannot be opened
     * @throws IllegalArgumentException if no provider knows the scheme
     */
    static ArtifactStore open(URI location) throws IOException {
        String scheme = Objects.requireNonNullElse(location.getScheme(), "");
        for (ArtifactStoreProvider provider : ServiceLoader.load(ArtifactStoreProvider.class)) {
            if (provider.schemes().contains(scheme)) {
                return provider.open(location);
            }
        }
        throw new IllegalArgumentException("no artifact store provider knows the scheme of " + location);
    }
}
