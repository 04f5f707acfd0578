package dev.fieldproof.core.store;

import dev.fieldproof.core.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.function.Consumer;

/**
 * An artifact on its way: {@code HEX.part}, locked while it is written, with its {@link PartProgress} in {@code
 * HEX.offset}.
 *
 * <p>The order that survives power cuts: names synced before the first promise; bytes synced before a record speaks of
 * them; bytes synced and verified before the rename; the directory synced before the commit is reported.
 */
final class PartFile implements ArtifactWrite {
    static final String PART = ".part";
    static final String OFFSET = ".offset";

    private static final int COPY_BUFFER_BYTES = 1 << 16;

    private final Home home;
    private final Digest digest;
    private final long sizeBytes;
    private final Directory.File part;
    private final PartProgress progress;
    private final Consumer<PartFile> onClose;
    private long offsetBytes;
    private long durableBytes;
    /** A failed sync may have dropped bytes that a second sync would not miss; nothing after it can be trusted. */
    private boolean broken;

    private boolean closed;

    /** What a part needs of its store. */
    interface Home {
        Directory directory();

        /** Works under the lock under which names change. */
        <T> T underLock(Locked<T> work) throws IOException;

        /** Whether a file holds what its digest says. */
        boolean matches(Directory.File content, long sizeBytes, Digest digest) throws IOException;

        /** Most bytes that a power cut may cost. */
        long checkpointBytes();
    }

    /** What is done under the store's lock. */
    @FunctionalInterface
    interface Locked<T> {
        T run() throws IOException;
    }

    /** Call under the store's lock, with the locked part file, which the write then owns. */
    PartFile(Home home, Digest digest, long sizeBytes, Directory.File part, Consumer<PartFile> onClose)
            throws IOException {
        this.home = home;
        this.digest = digest;
        this.sizeBytes = sizeBytes;
        this.part = part;
        this.onClose = onClose;
        progress = new PartProgress(home.directory().open(digest.hex() + OFFSET));
        if (progress.sizeBytes() == sizeBytes && part.sizeBytes() >= progress.offsetBytes()) {
            offsetBytes = progress.offsetBytes();
        } else {
            part.truncate(0);
            progress.write(sizeBytes, 0);
            progress.sync();
            home.directory().sync();
        }
        durableBytes = offsetBytes;
    }

    static boolean isUnfinished(String name) {
        return (name.endsWith(PART) || name.endsWith(OFFSET)) && isArtifact(hexOf(name));
    }

    static String hexOf(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    static boolean isArtifact(String name) {
        if (name.length() != 2 * Digest.LENGTH_BYTES) {
            return false;
        }
        return name.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    static boolean matches(Directory.File content, long sizeBytes, Digest digest) throws IOException {
        MessageDigest sha256 = Digest.newSha256();
        ByteBuffer buffer = ByteBuffer.allocate(COPY_BUFFER_BYTES);
        long at = 0;
        for (int count = 0; count >= 0; count = content.read(at, buffer.clear())) {
            at += count;
            sha256.update(buffer.array(), 0, count);
        }
        return at == sizeBytes && Digest.of(sha256.digest()).equals(digest);
    }

    @Override
    public long offsetBytes() {
        return offsetBytes;
    }

    @Override
    public void append(ByteBuffer chunk) throws IOException {
        requireUsable();
        int count = chunk.remaining();
        if (count > sizeBytes - offsetBytes) {
            throw new IllegalArgumentException(
                    count + " bytes at " + offsetBytes + " pass the declared size of " + sizeBytes);
        }
        int position = chunk.position();
        try {
            part.write(offsetBytes, chunk);
        } catch (IOException e) {
            chunk.position(position);
            throw e;
        }
        offsetBytes += count;
        if (offsetBytes - durableBytes >= home.checkpointBytes()) {
            checkpoint();
        }
    }

    private void checkpoint() throws IOException {
        sync();
        progress.write(sizeBytes, offsetBytes);
        durableBytes = offsetBytes;
    }

    private void sync() throws IOException {
        broken = true;
        part.sync();
        broken = false;
    }

    @Override
    public Result commit() throws IOException {
        requireUsable();
        if (offsetBytes != sizeBytes) {
            throw new IllegalStateException(sizeBytes - offsetBytes + " bytes of " + sizeBytes + " are missing");
        }
        sync();
        boolean good = home.matches(part, sizeBytes, digest);
        broken = true;
        try {
            home.underLock(() -> good ? publish() : discard());
        } finally {
            close();
        }
        return good ? Result.COMMITTED : Result.DIGEST_MISMATCH;
    }

    private boolean publish() throws IOException {
        Directory directory = home.directory();
        directory.rename(digest.hex() + PART, digest.hex());
        directory.sync();
        return directory.delete(digest.hex() + OFFSET);
    }

    private boolean discard() throws IOException {
        return home.directory().delete(digest.hex() + PART) && home.directory().delete(digest.hex() + OFFSET);
    }

    private void requireUsable() throws IOException {
        if (closed) {
            throw new IOException("the write of " + digest + " is closed");
        }
        if (broken) {
            throw new IOException("an earlier failure leaves the write of " + digest + " undecided; write it again");
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        onClose.accept(this);
        try (part;
                progress) {
            if (!broken && offsetBytes > durableBytes) {
                checkpoint();
                progress.sync();
            }
        }
    }
}
