package dev.fieldproof.core.store;

import dev.fieldproof.core.Digest;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Artifacts as files of one directory, which several processes may share.
 *
 * <p>The directory holds {@code HEX} for a committed artifact, {@code HEX.part} for one on its way, {@code HEX.offset}
 * for how far that durably got, and {@code store.lock}. Opening the store removes what can serve nobody: parts of
 * artifacts that are committed, offsets without a part, and parts that nobody wrote to for {@link Options#staleAfter()}
 * and nobody has open. Files of other names are left alone.
 *
 * <p>A power cut at any moment leaves every committed artifact whole and every unfinished one resumable at an offset
 * that it durably reached: see {@link PartFile}. Content is verified when it is committed, not when it is read.
 * Thread-safe.
 */
public final class FileArtifactStore implements ArtifactStore {
    private static final String LOCK = "store.lock";
    private static final long CHECKPOINT_BYTES = 4 << 20;

    private final Directory directory;
    private final Options options;
    private final PartFile.Home home;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Limits of a store.
     *
     * @param quotaBytes most bytes of artifacts, committed and promised together; at least 0
     * @param staleAfter how long an unfinished write waits for its resume; not negative
     * @param clock the wall clock that staleness is measured by
     */
    public record Options(long quotaBytes, Duration staleAfter, InstantSource clock) {
        /**
         * Checks the limits.
         *
         * @throws IllegalArgumentException if one is negative
         */
        public Options {
            if (quotaBytes < 0 || staleAfter.isNegative()) {
                throw new IllegalArgumentException("quota " + quotaBytes + " bytes, stale after " + staleAfter);
            }
        }

        /**
         * No quota but the disk's, unfinished writes kept for seven days.
         *
         * @return the defaults
         */
        public static Options defaults() {
            return new Options(Long.MAX_VALUE, Duration.ofDays(7), InstantSource.system());
        }

        /**
         * The same with a quota.
         *
         * @param bytes most bytes of artifacts, at least 0
         * @return changed options
         */
        public Options withQuotaBytes(long bytes) {
            return new Options(bytes, staleAfter, clock);
        }
    }

    FileArtifactStore(Directory directory, Options options, long checkpointBytes, boolean verifying)
            throws IOException {
        this.directory = directory;
        this.options = options;
        home = new StoreHome(checkpointBytes, verifying);
        underLock(this::clean);
    }

    /**
     * Opens a store in a directory of the machine's file system, and cleans it.
     *
     * @param root made if there is none
     * @param options the store's limits
     * @return an open store
     * @throws IOException if the directory cannot be made or read
     */
    public static FileArtifactStore open(Path root, Options options) throws IOException {
        return open(Directory.of(root), options);
    }

    /**
     * Opens a store in any directory, and cleans it.
     *
     * @param directory used by stores alone
     * @param options the store's limits
     * @return an open store
     * @throws IOException if the directory cannot be read
     */
    public static FileArtifactStore open(Directory directory, Options options) throws IOException {
        return new FileArtifactStore(directory, options, CHECKPOINT_BYTES, true);
    }

    /** Held only for the moments in which names change or room is promised, never while content is copied. */
    private <T> T underLock(PartFile.Locked<T> work) throws IOException {
        Directory.File lock = directory.lock(LOCK, true).orElseThrow(() -> new IOException("no lock on " + directory));
        try {
            return work.run();
        } finally {
            lock.close();
        }
    }

    private boolean clean() throws IOException {
        List<String> names = directory.list();
        long oldest = options.clock().millis() - options.staleAfter().toMillis();
        for (String name : names) {
            if (!PartFile.isUnfinished(name)) {
                continue;
            }
            String hex = PartFile.hexOf(name);
            boolean orphan = !names.contains(hex + PartFile.PART);
            boolean stale = directory.lastModifiedMillis(name).orElse(0L) < oldest;
            if (orphan || stale || names.contains(hex)) {
                deletePart(hex);
            }
        }
        directory.sync();
        return true;
    }

    /** Returns whether nobody has the part open, and so it is gone. */
    private boolean deletePart(String hex) throws IOException {
        try (Directory.File locked = directory.lock(hex + PartFile.PART, false).orElse(null)) {
            if (locked == null) {
                return false;
            }
            directory.delete(hex + PartFile.OFFSET);
            directory.delete(hex + PartFile.PART);
            return true;
        }
    }

    @Override
    public ReadableByteChannel read(Digest digest, long offsetBytes) throws IOException {
        requireOpen();
        Directory.File file = directory
                .read(digest.hex())
                .orElseThrow(() -> new ArtifactNotFoundException("no artifact " + digest + " in " + directory));
        long size = file.sizeBytes();
        if (offsetBytes < 0 || offsetBytes > size) {
            file.close();
            throw new IllegalArgumentException("offset " + offsetBytes + " of an artifact of " + size + " bytes");
        }
        return track(new FileReadChannel(file, offsetBytes, open::remove));
    }

    @Override
    public ArtifactWrite write(Digest digest, long sizeBytes) throws IOException {
        requireOpen();
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("size " + sizeBytes);
        }
        return underLock(() -> begin(digest, sizeBytes));
    }

    private ArtifactWrite begin(Digest digest, long sizeBytes) throws IOException {
        String hex = digest.hex();
        boolean committed = fileBytes(hex) == sizeBytes;
        if (!committed) {
            requireRoom(digest, sizeBytes);
        }
        Directory.File part = directory
                .lock(hex + PartFile.PART, false)
                .orElseThrow(() ->
                        new WriteInProgressException("another writer has artifact " + hex + " open in " + directory));
        return committed
                ? new CommittedWrite(sizeBytes, track(new CommittedClaim(digest, sizeBytes, part)))
                : track(new PartFile(home, digest, sizeBytes, part, open::remove));
    }

    private void requireRoom(Digest digest, long sizeBytes) throws IOException {
        long others = 0;
        for (String name : directory.list()) {
            if (!name.startsWith(digest.hex())) {
                long bytes = promisedBytes(name);
                others = bytes > Long.MAX_VALUE - others ? Long.MAX_VALUE : others + bytes;
            }
        }
        if (sizeBytes > options.quotaBytes() - Math.min(others, options.quotaBytes())) {
            throw new QuotaExceededException(sizeBytes + " bytes do not fit beside " + others + " in the quota of "
                    + options.quotaBytes() + " of " + directory + "; delete artifacts or raise the quota");
        }
        long missing = sizeBytes - Math.min(sizeBytes, Math.max(0, fileBytes(digest.hex() + PartFile.PART)));
        if (missing > directory.usableBytes()) {
            throw new QuotaExceededException(missing + " bytes do not fit on the disk under " + directory
                    + ", which has room for " + directory.usableBytes());
        }
    }

    private long promisedBytes(String name) throws IOException {
        if (PartFile.isArtifact(name)) {
            return Math.max(0, fileBytes(name));
        }
        if (!name.endsWith(PartFile.OFFSET) || !PartFile.isUnfinished(name)) {
            return 0;
        }
        try (Directory.File file = directory.read(name).orElse(null)) {
            return file == null ? 0 : Math.max(0, new PartProgress(file).sizeBytes());
        }
    }

    /** The size of a file, or -1 if there is none, perhaps because another process has just deleted it. */
    private long fileBytes(String name) throws IOException {
        try (Directory.File file = directory.read(name).orElse(null)) {
            return file == null ? -1 : file.sizeBytes();
        }
    }

    @Override
    public List<Artifact> list() throws IOException {
        requireOpen();
        List<Artifact> artifacts = new ArrayList<>();
        for (String name : directory.list()) {
            long sizeBytes = PartFile.isArtifact(name) ? fileBytes(name) : -1;
            if (sizeBytes >= 0) {
                artifacts.add(new Artifact(new Digest(name), sizeBytes));
            }
        }
        return artifacts;
    }

    @Override
    public boolean delete(Digest digest) throws IOException {
        requireOpen();
        return underLock(() -> {
            boolean unfinished =
                    directory.lastModifiedMillis(digest.hex() + PartFile.PART).isPresent();
            if (unfinished && !deletePart(digest.hex())) {
                throw new WriteInProgressException("a writer has artifact " + digest + " open in " + directory);
            }
            boolean committed = directory.delete(digest.hex());
            directory.sync();
            return unfinished || committed;
        });
    }

    private <T extends AutoCloseable> T track(T handle) {
        open.add(handle);
        return handle;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the store in " + directory + " is closed");
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        IOException failure = null;
        for (AutoCloseable handle : List.copyOf(open)) {
            try {
                handle.close();
            } catch (IOException e) {
                failure = e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Keeps others from an artifact that is committed by locking the part file that it would have. */
    private final class CommittedClaim implements CommittedWrite.Claim, AutoCloseable {
        private final Digest digest;
        private final long sizeBytes;
        private final Directory.File part;

        CommittedClaim(Digest digest, long sizeBytes, Directory.File part) {
            this.digest = digest;
            this.sizeBytes = sizeBytes;
            this.part = part;
        }

        @Override
        public boolean holds() throws IOException {
            requireOpen();
            try (Directory.File file = directory.read(digest.hex()).orElse(null)) {
                boolean holds = file != null && home.matches(file, sizeBytes, digest);
                return holds || underLock(this::discard);
            }
        }

        private boolean discard() throws IOException {
            directory.delete(digest.hex());
            directory.sync();
            return false;
        }

        @Override
        public void release() throws IOException {
            if (open.remove(this)) {
                close();
            }
        }

        @Override
        public void close() throws IOException {
            underLock(() -> directory.delete(digest.hex() + PartFile.PART));
            part.close();
        }
    }

    private final class StoreHome implements PartFile.Home {
        private final long checkpointBytes;
        private final boolean verifying;

        StoreHome(long checkpointBytes, boolean verifying) {
            this.checkpointBytes = checkpointBytes;
            this.verifying = verifying;
        }

        @Override
        public Directory directory() {
            return directory;
        }

        @Override
        public <T> T underLock(PartFile.Locked<T> work) throws IOException {
            return FileArtifactStore.this.underLock(work);
        }

        @Override
        public boolean matches(Directory.File content, long sizeBytes, Digest digest) throws IOException {
            return !verifying || PartFile.matches(content, sizeBytes, digest);
        }

        @Override
        public long checkpointBytes() {
            return checkpointBytes;
        }
    }
}
