package dev.fieldproof.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An artifact on its way into a store. Closing without a commit keeps what was appended, for a later resume. Not
 * thread-safe.
 */
public interface ArtifactWrite extends AutoCloseable {
    /**
     * How far the write got.
     *
     * @return bytes accepted so far, from 0 to the declared size; where to continue
     */
    long offsetBytes();

    /**
     * Appends bytes at {@link #offsetBytes()}.
     *
     * @param chunk its remaining bytes are taken
     * @throws IllegalArgumentException if the chunk would pass the declared size; nothing is taken
     * @throws QuotaExceededException if the storage is full; the write can be resumed when there is room
     * @throws IOException if the storage fails; what was taken is to be asked of a new write
     */
    void append(ByteBuffer chunk) throws IOException;

    /**
     * Verifies the whole content against the digest and, only if it holds, makes it visible in one atomic step.
     *
     * @return {@link Result#COMMITTED} when the artifact is durably in the store; otherwise it is not
     * @throws IllegalStateException if bytes are missing
     * @throws IOException if the storage fails; the artifact is then either wholly there or not at all
     */
    Result commit() throws IOException;

    /** Ends the write; without a commit its bytes stay for a later resume. Idempotent. */
    @Override
    void close() throws IOException;

    /** How a commit ended. */
    enum Result {
        /** The artifact is in the store. */
        COMMITTED,
        /** The content has another digest; all its bytes were discarded. */
        DIGEST_MISMATCH
    }
}
