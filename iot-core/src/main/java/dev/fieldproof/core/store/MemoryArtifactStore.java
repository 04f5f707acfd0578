package dev.fieldproof.core.store;

import dev.fieldproof.core.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Artifacts in memory, each under 2 GiB; gone when the store is. Thread-safe. */
public final class MemoryArtifactStore implements ArtifactStore {
    private static final int FIRST_CHUNK_BYTES = 1 << 16;

    private final long quotaBytes;
    private final Map<Digest, byte[]> committed = new TreeMap<>();
    private final Map<Digest, Part> parts = new HashMap<>();
    private boolean closed;

    /** Makes an empty store without a quota. */
    public MemoryArtifactStore() {
        this(Long.MAX_VALUE);
    }

    /**
     * Makes an empty store.
     *
     * @param quotaBytes most bytes of artifacts, committed and promised together; at least 0
     * @throws IllegalArgumentException if the quota is negative
     */
    public MemoryArtifactStore(long quotaBytes) {
        if (quotaBytes < 0) {
            throw new IllegalArgumentException("quota " + quotaBytes);
        }
        this.quotaBytes = quotaBytes;
    }

    /** An unfinished artifact; room is taken as bytes arrive, not as they are declared. */
    private static final class Part {
        final int sizeBytes;
        byte[] bytes = new byte[0];
        int offsetBytes;
        boolean open;

        Part(int sizeBytes, boolean open) {
            this.sizeBytes = sizeBytes;
            this.open = open;
        }
    }

    @Override
    public synchronized ReadableByteChannel read(Digest digest, long offsetBytes) throws IOException {
        requireOpen();
        byte[] bytes = committed.get(digest);
        if (bytes == null) {
            throw new ArtifactNotFoundException("no artifact " + digest + " in memory");
        }
        if (offsetBytes < 0 || offsetBytes > bytes.length) {
            throw new IllegalArgumentException("offset " + offsetBytes + " of an artifact of " + bytes.length);
        }
        int from = (int) offsetBytes;
        ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(bytes, from, bytes.length - from));
        return new ReadableByteChannel() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                if (isClosed()) {
                    throw new ClosedChannelException();
                }
                return channel.read(into);
            }

            @Override
            public boolean isOpen() {
                return channel.isOpen() && !isClosed();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized ArtifactWrite write(Digest digest, long sizeBytes) throws IOException {
        requireOpen();
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("size " + sizeBytes);
        }
        Part part = parts.get(digest);
        if (part != null && part.open) {
            throw new WriteInProgressException("another writer has artifact " + digest + " open");
        }
        byte[] there = committed.get(digest);
        if (there != null && there.length == sizeBytes) {
            parts.put(digest, new Part(there.length, true));
            return new CommittedWrite(sizeBytes, new CommittedClaim(digest));
        }
        long others = 0;
        for (Map.Entry<Digest, byte[]> entry : committed.entrySet()) {
            others += entry.getKey().equals(digest) ? 0 : entry.getValue().length;
        }
        for (Map.Entry<Digest, Part> entry : parts.entrySet()) {
            others += entry.getKey().equals(digest) ? 0 : entry.getValue().sizeBytes;
        }
        if (sizeBytes > Math.min(quotaBytes, Integer.MAX_VALUE - 8) - Math.min(others, quotaBytes)) {
            throw new QuotaExceededException(sizeBytes + " bytes do not fit beside " + others + " in the quota of "
                    + quotaBytes + "; delete artifacts or raise the quota");
        }
        if (part == null || part.sizeBytes != sizeBytes) {
            part = new Part((int) sizeBytes, true);
            parts.put(digest, part);
        }
        part.open = true;
        return new Write(digest, part);
    }

    @Override
    public synchronized List<Artifact> list() throws IOException {
        requireOpen();
        List<Artifact> artifacts = new ArrayList<>();
        committed.forEach((digest, bytes) -> artifacts.add(new Artifact(digest, bytes.length)));
        return artifacts;
    }

    @Override
    public synchronized boolean delete(Digest digest) throws IOException {
        requireOpen();
        Part part = parts.get(digest);
        if (part != null && part.open) {
            throw new WriteInProgressException("a writer has artifact " + digest + " open");
        }
        parts.remove(digest);
        return committed.remove(digest) != null || part != null;
    }

    private synchronized void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the store in memory is closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private final class Write implements ArtifactWrite {
        private final Digest digest;
        private final Part part;
        private boolean ended;

        Write(Digest digest, Part part) {
            this.digest = digest;
            this.part = part;
        }

        @Override
        public long offsetBytes() {
            return part.offsetBytes;
        }

        @Override
        public void append(ByteBuffer chunk) throws IOException {
            requireUsable();
            int count = chunk.remaining();
            if (count > part.sizeBytes - part.offsetBytes) {
                throw new IllegalArgumentException(
                        count + " bytes at " + part.offsetBytes + " pass the declared size of " + part.sizeBytes);
            }
            if (count > part.bytes.length - part.offsetBytes) {
                long wanted = Math.max(2L * part.bytes.length, (long) part.offsetBytes + count);
                part.bytes =
                        Arrays.copyOf(part.bytes, (int) Math.min(part.sizeBytes, Math.max(FIRST_CHUNK_BYTES, wanted)));
            }
            chunk.get(part.bytes, part.offsetBytes, count);
            part.offsetBytes += count;
        }

        @Override
        public Result commit() throws IOException {
            requireUsable();
            if (part.offsetBytes != part.sizeBytes) {
                throw new IllegalStateException(
                        part.sizeBytes - part.offsetBytes + " bytes of " + part.sizeBytes + " are missing");
            }
            byte[] content = Arrays.copyOf(part.bytes, part.sizeBytes);
            boolean good = Digest.sha256(content).equals(digest);
            synchronized (MemoryArtifactStore.this) {
                ended = true;
                parts.remove(digest);
                if (good) {
                    committed.put(digest, content);
                }
            }
            return good ? Result.COMMITTED : Result.DIGEST_MISMATCH;
        }

        private void requireUsable() throws IOException {
            if (ended || isClosed()) {
                throw new IOException("the write of " + digest + " is closed");
            }
        }

        @Override
        public void close() {
            synchronized (MemoryArtifactStore.this) {
                if (!ended) {
                    ended = true;
                    part.open = false;
                }
            }
        }
    }

    private final class CommittedClaim implements CommittedWrite.Claim {
        private final Digest digest;

        CommittedClaim(Digest digest) {
            this.digest = digest;
        }

        @Override
        public boolean holds() throws IOException {
            requireOpen();
            return true;
        }

        @Override
        public void release() {
            synchronized (MemoryArtifactStore.this) {
                parts.remove(digest);
            }
        }
    }
}
