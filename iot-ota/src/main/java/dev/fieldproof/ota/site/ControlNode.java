package dev.fieldproof.ota.site;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.store.ArtifactWrite;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A site's own update server: fills its cache from upstream whenever there is a link, believing only verified metadata,
 * and lets waves of devices have an update when someone on site approves, link or no link. Thread-safe.
 */
public final class ControlNode {
    private static final int COPY_BYTES = 64 * 1024;

    private final ArtifactStore store;
    private final TufClient metadata;
    private final Fetcher upstream;
    private final InstantSource clock;
    private final Map<String, Gate> waves = new LinkedHashMap<>();
    private final AuditLog audit = new AuditLog();

    /**
     * Makes a node.
     *
     * @param store the cache, stays the caller's
     * @param metadata the site's trusted view of the repository
     * @param upstream brings target files
     * @param clock for the audit log
     */
    public ControlNode(ArtifactStore store, TufClient metadata, Fetcher upstream, InstantSource clock) {
        this.store = store;
        this.metadata = metadata;
        this.upstream = upstream;
        this.clock = clock;
    }

    /** Whether a wave may have its update. */
    public enum Gate {
        /** Nobody decided yet. */
        WAITING,
        /** It may. */
        APPROVED,
        /** Not for now. */
        HELD
    }

    /** How an attempt to cache a target ended. */
    public sealed interface CacheResult {
        /**
         * The target is in the cache.
         *
         * @param digest under which it is served
         * @param fetchedBytes how much came over the link this time
         */
        record Cached(Digest digest, long fetchedBytes) implements CacheResult {}

        /**
         * The target is not to be believed, or not there.
         *
         * @param refused why
         */
        record Refused(TufResult.Refused refused) implements CacheResult {}

        /**
         * The link broke; what came is kept for the next attempt.
         *
         * @param haveBytes how much is there
         */
        record Interrupted(long haveBytes) implements CacheResult {}

        /** The target's bytes are not what its metadata says; they were discarded. */
        record WrongContent() implements CacheResult {}
    }

    /**
     * Refreshes the trusted metadata.
     *
     * @return how it ended
     * @throws IOException if the trusted store fails
     */
    public synchronized TufResult refresh() throws IOException {
        TufResult result = metadata.refresh();
        audit.add(clock.instant(), "node", "refresh: " + result);
        return result;
    }

    /**
     * Brings a target into the cache, going on where an earlier attempt broke off.
     *
     * @param targetPath which target
     * @return how it ended
     * @throws IOException if the storage fails
     * @throws IllegalStateException if the last refresh did not succeed
     */
    public synchronized CacheResult cache(String targetPath) throws IOException {
        TufResult found = metadata.lookup(targetPath);
        if (found instanceof TufResult.Refused refused) {
            return new CacheResult.Refused(refused);
        }
        TargetFile target = ((TufResult.Found) found).target();
        Optional<Digest> digest = target.sha256();
        if (digest.isEmpty()) {
            throw new IOException("the target " + targetPath + " has no SHA-256 to be cached under");
        }
        CacheResult result = fill(target, digest.get());
        audit.add(clock.instant(), "node", "cache " + targetPath + ": " + result);
        return result;
    }

    private CacheResult fill(TargetFile target, Digest digest) throws IOException {
        try (ArtifactWrite write = store.write(digest, target.lengthBytes())) {
            long have = write.offsetBytes();
            if (have < target.lengthBytes()) {
                try (InputStream in = upstream.open(metadata.location(target)).orElseThrow()) {
                    in.skipNBytes(have);
                    copy(in, write, target.lengthBytes());
                } catch (IOException e) {
                    return new CacheResult.Interrupted(write.offsetBytes());
                }
            }
            return write.commit() == ArtifactWrite.Result.COMMITTED
                    ? new CacheResult.Cached(digest, target.lengthBytes() - have)
                    : new CacheResult.WrongContent();
        }
    }

    private static void copy(InputStream in, ArtifactWrite write, long untilBytes) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        while (write.offsetBytes() < untilBytes) {
            int got = in.read(buffer, 0, (int) Math.min(buffer.length, untilBytes - write.offsetBytes()));
            if (got < 0) {
                throw new IOException("upstream ended early");
            }
            write.append(ByteBuffer.wrap(buffer, 0, got));
        }
    }

    /**
     * Announces a wave; it waits for someone to decide.
     *
     * @param wave its name
     */
    public synchronized void stage(String wave) {
        waves.putIfAbsent(wave, Gate.WAITING);
        audit.add(clock.instant(), "node", "stage " + wave);
    }

    /**
     * Decides about a wave.
     *
     * @param wave its name
     * @param gate approved or held
     * @param who decided
     * @throws IllegalArgumentException if there is no such wave
     */
    public synchronized void decide(String wave, Gate gate, String who) {
        if (!waves.containsKey(wave)) {
            throw new IllegalArgumentException("no wave '" + wave + "'");
        }
        waves.put(wave, gate);
        audit.add(clock.instant(), who, gate + " " + wave);
    }

    /**
     * The state of a wave.
     *
     * @param wave its name
     * @return {@link Gate#WAITING} for one never heard of
     */
    public synchronized Gate gate(String wave) {
        return waves.getOrDefault(wave, Gate.WAITING);
    }

    /**
     * Every wave.
     *
     * @return its state by its name, in the order they were staged
     */
    public synchronized Map<String, Gate> waves() {
        return java.util.Collections.unmodifiableMap(new LinkedHashMap<>(waves));
    }

    /** Puts what happened elsewhere at the node into its log. */
    synchronized void record(String who, String what) {
        audit.add(clock.instant(), who, what);
    }

    /** Opens an artifact of the cache. */
    ReadableByteChannel open(Digest digest, long offsetBytes) throws IOException {
        return store.read(digest, offsetBytes);
    }

    /**
     * Serves a device of a wave.
     *
     * @param wave the device's
     * @param digest which artifact
     * @param offsetBytes where to begin
     * @return the bytes, to be closed by the caller; empty while the wave is not approved
     * @throws IOException if it is not in the cache, or the storage fails
     */
    public Optional<ReadableByteChannel> serve(String wave, Digest digest, long offsetBytes) throws IOException {
        return gate(wave) == Gate.APPROVED ? Optional.of(store.read(digest, offsetBytes)) : Optional.empty();
    }

    /**
     * Who did what.
     *
     * @return the log
     */
    public AuditLog audit() {
        return audit;
    }
}
