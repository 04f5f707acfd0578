package dev.fieldproof.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The write of an artifact that is already there: complete, and verified once more by its commit. */
final class CommittedWrite implements ArtifactWrite {
    private final long sizeBytes;
    private final Claim claim;
    private boolean closed;

    /** The right to write the artifact, which nobody else has meanwhile. */
    interface Claim {
        /** Whether the artifact is still what its digest says; if it is not, it is gone afterwards. */
        boolean holds() throws IOException;

        void release() throws IOException;
    }

    CommittedWrite(long sizeBytes, Claim claim) {
        this.sizeBytes = sizeBytes;
        this.claim = claim;
    }

    @Override
    public long offsetBytes() {
        return sizeBytes;
    }

    @Override
    public void append(ByteBuffer chunk) throws IOException {
        requireUsable();
        if (chunk.hasRemaining()) {
            throw new IllegalArgumentException(
                    chunk.remaining() + " bytes at " + sizeBytes + " pass the declared size of " + sizeBytes);
        }
    }

    @Override
    public Result commit() throws IOException {
        requireUsable();
        try {
            return claim.holds() ? Result.COMMITTED : Result.DIGEST_MISMATCH;
        } finally {
            close();
        }
    }

    private void requireUsable() throws IOException {
        if (closed) {
            throw new IOException("the write is closed");
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            claim.release();
        }
    }
}
