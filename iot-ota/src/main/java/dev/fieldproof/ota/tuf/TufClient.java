package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a device's view of a repository current and believes nothing that the trusted root does not vouch for (TUF 1.0,
 * section 5).
 *
 * <p>Trusted state lives in a {@link TrustedStore} and never regresses: each file is written only after it was
 * verified, and a power cut between any two writes leaves a state from which the next refresh goes on. Not thread-safe.
 */
public final class TufClient {
    /**
     * Its presence means: timestamp and snapshot are to be forgotten once the root has at least the version it holds.
     */
    private static final String ROTATION_MARK = "rotation";

    private static final int COPY_BYTES = 16 * 1024;
    private static final int MAX_KEPT_CHARS = 200;

    private final TrustedStore store;
    private final Fetcher fetcher;
    private final InstantSource clock;
    private final TufLimits limits;
    private @Nullable TrustedMetadata trusted;

    /**
     * Makes a client with default limits.
     *
     * @param store holds the trusted root at least, see {@link #initialise}
     * @param fetcher of metadata
     * @param clock decides what has expired
     */
    public TufClient(TrustedStore store, Fetcher fetcher, InstantSource clock) {
        this(store, fetcher, clock, TufLimits.DEFAULT);
    }

    /**
     * Makes a client.
     *
     * @param store holds the trusted root at least, see {@link #initialise}
     * @param fetcher of metadata
     * @param clock decides what has expired
     * @param limits what is accepted at most
     */
    public TufClient(TrustedStore store, Fetcher fetcher, InstantSource clock, TufLimits limits) {
        this.store = store;
        this.fetcher = fetcher;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Gives a device its first trusted root, which came with it. A root that is trusted already and not older stays, so
     * this may be called at every start. One of the trusted version that says something else is refused.
     *
     * @param store where to keep it
     * @param root the root metadata, trusted because of how it came here
     * @param limits what is accepted at most
     * @return empty if a root is trusted now; otherwise why this one is not
     * @throws IOException if the storage fails
     */
    public static Optional<TufResult.Refused> initialise(TrustedStore store, byte[] root, TufLimits limits)
            throws IOException {
        try {
            Root given = new TrustedMetadata(root, Instant.EPOCH, limits).root();
            Optional<Root> trusted = trustedRoot(store, limits);
            if (trusted.isEmpty() || given.version() > trusted.get().version()) {
                takeRoot(store, trusted.orElse(given), given, root);
                finishRotation(store, given.version());
            } else if (given.version() == trusted.get().version()
                    && !Arrays.equals(
                            given.envelope().signedBytes(),
                            trusted.get().envelope().signedBytes())) {
                throw new RefusedException(
                        Refusal.ROLLBACK,
                        TopLevelRole.ROOT.fileName(),
                        "another root of version " + given.version() + " is trusted already");
            }
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e.result());
        }
    }

    private static Optional<Root> trustedRoot(TrustedStore store, TufLimits limits) throws IOException {
        Optional<byte[]> old = store.read(TopLevelRole.ROOT.fileName());
        if (old.isPresent()) {
            try {
                return Optional.of(new TrustedMetadata(old.get(), Instant.EPOCH, limits).root());
            } catch (RefusedException e) {
                // Rotten on its medium: the given root repairs it.
            }
        }
        return Optional.empty();
    }

    /**
     * Brings root, timestamp, snapshot and top-level targets up to date. To be called before a look-up, once per
     * update.
     *
     * @return {@link TufResult.Refreshed} or {@link TufResult.Refused}
     * @throws IOException if the trusted store fails; a failing fetcher is a refusal instead
     */
    public TufResult refresh() throws IOException {
        trusted = null;
        try {
            TrustedMetadata next = loadRoot();
            updateRoot(next);
            updateTimestamp(next);
            updateSnapshot(next);
            Targets targets = updateTargets(next);
            trusted = next;
            return new TufResult.Refreshed(
                    next.root().version(),
                    next.timestampVersion(),
                    next.snapshotVersion(),
                    targets.version(),
                    next.expires());
        } catch (RefusedException e) {
            return e.result();
        }
    }

    private TrustedMetadata loadRoot() throws IOException, RefusedException {
        String file = TopLevelRole.ROOT.fileName();
        byte[] bytes = store.read(file)
                .orElseThrow(() -> new RefusedException(Refusal.MISSING, file, "no trusted root: initialise first"));
        return new TrustedMetadata(bytes, clock.instant(), limits);
    }

    /** Section 5.3. */
    private void updateRoot(TrustedMetadata next) throws IOException, RefusedException {
        for (int i = 0; i < limits.maxRootRotations(); i++) {
            Root before = next.root();
            String name = before.version() + 1 + "." + TopLevelRole.ROOT.fileName();
            Optional<byte[]> bytes = fetch(name, limits.maxRootBytes());
            if (bytes.isEmpty()) {
                break;
            }
            next.acceptRoot(bytes.get());
            takeRoot(store, before, next.root(), bytes.get());
        }
        next.requireFreshRoot();
        finishRotation(store, next.root().version());
    }

    /** The mark of a rotation is written before the root that rotates, so that a power cut does not skip it. */
    private static void takeRoot(TrustedStore store, Root before, Root after, byte[] bytes) throws IOException {
        if (TrustedMetadata.keysRotated(before, after) && markedVersion(store) > before.version()) {
            store.write(ROTATION_MARK, Long.toString(after.version()).getBytes(StandardCharsets.US_ASCII));
        }
        store.write(TopLevelRole.ROOT.fileName(), bytes);
    }

    /**
     * Step 11: forgets timestamp and snapshot if the trusted root, or one before it since the last time, rotated their
     * keys. The mark goes last, so that a power cut does not end it half way.
     */
    private static void finishRotation(TrustedStore store, long rootVersion) throws IOException {
        if (markedVersion(store) <= rootVersion) {
            store.delete(TopLevelRole.TIMESTAMP.fileName());
            store.delete(TopLevelRole.SNAPSHOT.fileName());
            store.delete(ROTATION_MARK);
        }
    }

    /** The version of the root that rotated; greater than any if none did. An unreadable mark counts as due. */
    private static long markedVersion(TrustedStore store) throws IOException {
        Optional<byte[]> mark = store.read(ROTATION_MARK);
        if (mark.isEmpty()) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseLong(new String(mark.get(), StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Section 5.4. */
    private void updateTimestamp(TrustedMetadata next) throws IOException, RefusedException {
        String file = TopLevelRole.TIMESTAMP.fileName();
        Optional<byte[]> old = store.read(file);
        if (old.isPresent()) {
            try {
                next.recallTimestamp(old.get());
            } catch (RefusedException e) {
                // Signed by keys that no longer count: it says nothing about what is newest.
            }
        }
        byte[] bytes = require(fetch(file, limits.maxTimestampBytes()), file);
        if (next.acceptTimestamp(bytes)) {
            store.write(file, bytes);
        }
    }

    /** Section 5.5. */
    private void updateSnapshot(TrustedMetadata next) throws IOException, RefusedException {
        String file = TopLevelRole.SNAPSHOT.fileName();
        MetaFile entry = next.snapshotEntry();
        Optional<byte[]> old = store.read(file);
        if (old.isPresent()) {
            try {
                next.recallSnapshot(old.get());
                if (next.snapshotVersion() == entry.version() && entry.matches(old.get(), file)) {
                    next.acceptSnapshot(old.get());
                    return;
                }
            } catch (RefusedException e) {
                if (e.refusal() == Refusal.EXPIRED) {
                    throw e; // the very snapshot that the timestamp names: fetching it again would not help
                }
            }
        }
        byte[] bytes = require(fetch(versioned(next, entry, file), entry.limit(limits.maxSnapshotBytes())), file);
        next.acceptSnapshot(bytes);
        store.write(file, bytes);
    }

    private Targets updateTargets(TrustedMetadata next) throws IOException, RefusedException {
        Targets targets =
                loadTargets(next, TopLevelRole.TARGETS.fileName(), next.root().keys(TopLevelRole.TARGETS));
        next.trustTargets(targets);
        return targets;
    }

    /** Section 5.6, steps 1 to 6: the kept file if it is still the listed one, otherwise a fetched one. */
    private Targets loadTargets(TrustedMetadata next, String file, RoleKeys keys) throws IOException, RefusedException {
        MetaFile entry = next.targetsEntry(file);
        String kept = keptName(file);
        Optional<byte[]> old = store.read(kept);
        if (old.isPresent()) {
            try {
                return next.checkTargets(old.get(), file, keys);
            } catch (RefusedException e) {
                // Not the listed one, or not signed for this delegation: the repository may have a better one.
            }
        }
        byte[] bytes = require(fetch(versioned(next, entry, file), entry.limit(limits.maxTargetsBytes())), file);
        Targets targets = next.checkTargets(bytes, file, keys);
        store.write(kept, bytes);
        return targets;
    }

    /** Delegated roles are named by others, so a name may be longer than what a file system takes. */
    private static String keptName(String file) {
        String encoded = PercentEncoding.part(file);
        // Some file systems do not tell "Root.json" from "root.json".
        boolean own = encoded.equals(encoded.toLowerCase(Locale.ROOT))
                || !TopLevelRole.isTopLevel(file.toLowerCase(Locale.ROOT).replaceFirst("\\.json$", ""));
        return encoded.length() <= MAX_KEPT_CHARS && own
                ? encoded
                : Digest.sha256(file.getBytes(StandardCharsets.UTF_8)).hex() + ".role.json";
    }

    private static String versioned(TrustedMetadata next, MetaFile entry, String file) {
        String encoded = PercentEncoding.part(file);
        return next.root().consistentSnapshot() ? entry.version() + "." + encoded : encoded;
    }

    /**
     * Looks a target up, first in the top-level targets, then depth first in the delegated roles that are trusted for
     * its path (section 5.6, step 7). Roles are fetched as needed.
     *
     * @param targetPath which target
     * @return {@link TufResult.Found} or {@link TufResult.Refused}
     * @throws IllegalStateException if the last refresh did not succeed, or there was none
     * @throws IOException if the trusted store fails
     */
    public TufResult lookup(String targetPath) throws IOException {
        TrustedMetadata current = trusted;
        if (current == null || current.targets() == null) {
            throw new IllegalStateException("a look-up needs a successful refresh first");
        }
        try {
            DelegationSearch search = new DelegationSearch(targetPath, limits.maxDelegations());
            return search.run(
                    current.targets(),
                    delegation -> loadTargets(current, delegation.name() + ".json", delegation.keys()));
        } catch (RefusedException e) {
            return e.result();
        }
    }

    /**
     * Where a target lies below the targets' base (section 5.7, step 3).
     *
     * @param target as found
     * @return a percent-encoded relative path, with a hash in it if the repository has consistent snapshots
     * @throws IllegalStateException if the last refresh did not succeed, or there was none
     */
    public String location(TargetFile target) {
        TrustedMetadata current = trusted;
        if (current == null) {
            throw new IllegalStateException("a location needs a successful refresh first");
        }
        if (!current.root().consistentSnapshot()) {
            return PercentEncoding.path(target.path());
        }
        int slash = target.path().lastIndexOf('/') + 1;
        String hash = target.hashes().containsKey("sha256")
                ? String.valueOf(target.hashes().get("sha256"))
                : new TreeMap<>(target.hashes()).firstEntry().getValue();
        return PercentEncoding.path(
                target.path().substring(0, slash) + hash + "." + target.path().substring(slash));
    }

    /**
     * Fetches a target whole and checks it on the way. For large images and bad links there is a resumable way in
     * {@code dev.fieldproof.ota.download}.
     *
     * @param target as found
     * @param targets brings target files
     * @param out receives the bytes, which are good only if the result says so
     * @return {@link TufResult.Downloaded} or {@link TufResult.Refused}
     * @throws IOException if {@code out} fails
     */
    public TufResult download(TargetFile target, Fetcher targets, OutputStream out) throws IOException {
        try {
            Hashes.Check check = new Hashes.Check(target.hashes(), target.path());
            byte[] buffer = new byte[COPY_BYTES];
            long left = target.lengthBytes();
            try (InputStream in = require(openStream(targets, location(target)), target.path())) {
                while (true) {
                    int wanted = left < buffer.length ? (int) left + 1 : buffer.length;
                    int got = read(in, buffer, wanted, target.path());
                    if (got < 0) {
                        break;
                    }
                    if (got > left) {
                        throw new RefusedException(
                                Refusal.ENDLESS_DATA, target.path(), "longer than " + target.lengthBytes());
                    }
                    left -= got;
                    check.update(buffer, 0, got);
                    out.write(buffer, 0, got);
                }
            }
            if (left != 0 || !check.matches()) {
                throw new RefusedException(
                        Refusal.TARGET_MISMATCH, target.path(), "not of the length and hashes listed");
            }
            return new TufResult.Downloaded(target);
        } catch (RefusedException e) {
            return e.result();
        }
    }

    private Optional<byte[]> fetch(String name, int limitBytes) throws RefusedException {
        Optional<InputStream> opened = openStream(fetcher, name);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[COPY_BYTES];
        try (InputStream in = opened.get()) {
            int got = in.read(buffer);
            while (got >= 0) {
                bytes.write(buffer, 0, got);
                if (bytes.size() > limitBytes) {
                    throw new RefusedException(Refusal.ENDLESS_DATA, name, "longer than " + limitBytes + " bytes");
                }
                got = in.read(buffer);
            }
        } catch (IOException e) {
            throw unreachable(name, e);
        }
        return Optional.of(bytes.toByteArray());
    }

    private static Optional<InputStream> openStream(Fetcher from, String name) throws RefusedException {
        try {
            return from.open(name);
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    private static int read(InputStream in, byte[] buffer, int length, String name) throws RefusedException {
        try {
            return in.read(buffer, 0, length);
        } catch (IOException e) {
            throw unreachable(name, e);
        }
    }

    private static <T> T require(Optional<T> found, String name) throws RefusedException {
        return found.orElseThrow(() -> new RefusedException(Refusal.MISSING, name, "the repository has no such file"));
    }

    private static RefusedException unreachable(String name, IOException e) {
        return new RefusedException(Refusal.UNREACHABLE, name, e.toString());
    }
}
