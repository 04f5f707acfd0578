package dev.fieldproof.ota.tuf;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is trusted during one update, and the rules by which more becomes trusted (TUF 1.0, "Detailed client workflow").
 * Does no input or output. Each {@code accept} either takes the new metadata or refuses it and changes nothing. The
 * time is fixed at the beginning of the update, so that it cannot expire half way. Not thread-safe.
 */
final class TrustedMetadata {
    private final Instant now;
    private final TufLimits limits;
    private Root root;
    private @Nullable Snapshot timestamp;
    private @Nullable Snapshot snapshot;
    private @Nullable Targets targets;

    TrustedMetadata(byte[] trustedRoot, Instant now, TufLimits limits) throws RefusedException {
        this.now = now;
        this.limits = limits;
        String file = TopLevelRole.ROOT.fileName();
        root = Root.parse(trustedRoot, limits.computedKeyIds(), file);
        root.keys(TopLevelRole.ROOT).requireSigned(root.envelope(), file);
    }

    Root root() {
        return root;
    }

    long timestampVersion() {
        return timestamp == null ? 0 : timestamp.version();
    }

    @Nullable
    Targets targets() {
        return targets;
    }

    long snapshotVersion() {
        return snapshot == null ? 0 : snapshot.version();
    }

    /** Section 5.3, steps 4, 5 and 7. */
    void acceptRoot(byte[] bytes) throws RefusedException {
        String file = root.version() + 1 + "." + TopLevelRole.ROOT.fileName();
        Root next = Root.parse(bytes, limits.computedKeyIds(), file);
        root.keys(TopLevelRole.ROOT).requireSigned(next.envelope(), file);
        next.keys(TopLevelRole.ROOT).requireSigned(next.envelope(), file);
        if (next.version() != root.version() + 1) {
            throw new RefusedException(
                    Refusal.ROLLBACK, file, "version " + next.version() + " instead of " + (root.version() + 1));
        }
        root = next;
    }

    /** Section 5.3, step 10. */
    void requireFreshRoot() throws RefusedException {
        root.envelope().requireFresh(now, TopLevelRole.ROOT.fileName());
    }

    /**
     * Whether the timestamp or the snapshot lost a key since an earlier root; then what those roles said before must be
     * forgotten, to recover from a fast-forward attack (section 5.3, step 11). A further key beside the old ones takes
     * nothing back that was said.
     */
    static boolean keysRotated(Root before, Root after) {
        for (TopLevelRole role : new TopLevelRole[] {TopLevelRole.TIMESTAMP, TopLevelRole.SNAPSHOT}) {
            if (!after.keys(role)
                    .keys()
                    .entrySet()
                    .containsAll(before.keys(role).keys().entrySet())) {
                return true;
            }
        }
        return false;
    }

    /** Takes what was trusted in an earlier update, however old it is; it serves for the checks against rollback. */
    void recallTimestamp(byte[] bytes) throws RefusedException {
        Snapshot recalled = Snapshot.parse(bytes, TopLevelRole.TIMESTAMP);
        root.keys(TopLevelRole.TIMESTAMP).requireSigned(recalled.envelope(), TopLevelRole.TIMESTAMP.fileName());
        timestamp = recalled;
    }

    /** Takes what was trusted in an earlier update, however old it is; it serves for the checks against rollback. */
    void recallSnapshot(byte[] bytes) throws RefusedException {
        Snapshot recalled = Snapshot.parse(bytes, TopLevelRole.SNAPSHOT);
        root.keys(TopLevelRole.SNAPSHOT).requireSigned(recalled.envelope(), TopLevelRole.SNAPSHOT.fileName());
        snapshot = recalled;
    }

    /**
     * Section 5.4, steps 2 to 4.
     *
     * @return false if the version is the trusted one, which is no error and changes nothing
     */
    boolean acceptTimestamp(byte[] bytes) throws RefusedException {
        String file = TopLevelRole.TIMESTAMP.fileName();
        Snapshot next = Snapshot.parse(bytes, TopLevelRole.TIMESTAMP);
        root.keys(TopLevelRole.TIMESTAMP).requireSigned(next.envelope(), file);
        Snapshot trusted = timestamp;
        if (trusted != null) {
            if (next.version() < trusted.version()) {
                throw rollback(file, trusted.version(), next.version());
            }
            if (next.version() == trusted.version()) {
                trusted.envelope().requireFresh(now, file);
                return false;
            }
            long listed = trusted.required(TopLevelRole.SNAPSHOT).version();
            if (next.required(TopLevelRole.SNAPSHOT).version() < listed) {
                throw rollback(
                        file, listed, next.required(TopLevelRole.SNAPSHOT).version());
            }
        }
        next.envelope().requireFresh(now, file);
        timestamp = next;
        return true;
    }

    MetaFile snapshotEntry() {
        if (timestamp == null) {
            throw new IllegalStateException("no trusted timestamp yet");
        }
        return timestamp.required(TopLevelRole.SNAPSHOT);
    }

    /** Section 5.5, steps 2 to 6; also never an older one than the trusted one (section 4.3, VERSION). */
    void acceptSnapshot(byte[] bytes) throws RefusedException {
        String file = TopLevelRole.SNAPSHOT.fileName();
        MetaFile entry = snapshotEntry();
        requireMatch(entry, bytes, file);
        Snapshot next = Snapshot.parse(bytes, TopLevelRole.SNAPSHOT);
        root.keys(TopLevelRole.SNAPSHOT).requireSigned(next.envelope(), file);
        requireVersion(entry, next.version(), file);
        if (snapshot != null) {
            if (next.version() < snapshot.version()) {
                throw rollback(file, snapshot.version(), next.version());
            }
            for (Map.Entry<String, MetaFile> old : snapshot.meta().entrySet()) {
                MetaFile listed = next.file(old.getKey());
                if (listed == null) {
                    throw new RefusedException(Refusal.ROLLBACK, file, old.getKey() + " is no longer listed");
                }
                if (listed.version() < old.getValue().version()) {
                    throw rollback(old.getKey(), old.getValue().version(), listed.version());
                }
            }
        }
        next.envelope().requireFresh(now, file);
        snapshot = next;
    }

    MetaFile targetsEntry(String file) throws RefusedException {
        if (snapshot == null) {
            throw new IllegalStateException("no trusted snapshot yet");
        }
        MetaFile entry = snapshot.file(file);
        if (entry == null) {
            throw new RefusedException(Refusal.MISSING, file, "not listed in the snapshot");
        }
        return entry;
    }

    void trustTargets(Targets checked) {
        targets = checked;
    }

    /** When the first of the four top-level files expires. */
    Instant expires() {
        Instant first = root.envelope().expires();
        for (Snapshot list : new Snapshot[] {timestamp, snapshot}) {
            first = list == null ? first : earlier(first, list.envelope());
        }
        return targets == null ? first : earlier(first, targets.envelope());
    }

    private static Instant earlier(Instant one, Envelope other) {
        return other.expires().isBefore(one) ? other.expires() : one;
    }

    /** Section 5.6, steps 2 to 5; for a delegated role under the keys of the delegation by which it was reached. */
    Targets checkTargets(byte[] bytes, String file, RoleKeys keys) throws RefusedException {
        MetaFile entry = targetsEntry(file);
        requireMatch(entry, bytes, file);
        Targets next = Targets.parse(bytes, limits.computedKeyIds(), file);
        keys.requireSigned(next.envelope(), file);
        requireVersion(entry, next.version(), file);
        next.envelope().requireFresh(now, file);
        return next;
    }

    private static void requireMatch(MetaFile entry, byte[] bytes, String file) throws RefusedException {
        if (!entry.matches(bytes, file)) {
            throw new RefusedException(Refusal.MIX_AND_MATCH, file, "not of the length and hashes listed");
        }
    }

    private static void requireVersion(MetaFile entry, long version, String file) throws RefusedException {
        if (version != entry.version()) {
            throw new RefusedException(
                    Refusal.MIX_AND_MATCH, file, "version " + version + " instead of the listed " + entry.version());
        }
    }

    private static RefusedException rollback(String file, long trusted, long offered) {
        return new RefusedException(Refusal.ROLLBACK, file, "version " + offered + " after " + trusted);
    }
}
