package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The signing side: holds what a repository says, and publishes it as signed metadata that any static web server can
 * serve (TUF 1.0, section 6). Snapshots are consistent: every file but the timestamp carries its version in its name.
 * Not thread-safe.
 */
public final class TufRepository {
    /** The specification version that the metadata is written to. */
    public static final String SPEC_VERSION = "1.0.34";

    private final InstantSource clock;
    private final Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
    private final Map<TopLevelRole, Duration> validity = new EnumMap<>(Map.of(
            TopLevelRole.ROOT, Duration.ofDays(365),
            TopLevelRole.TARGETS, Duration.ofDays(90),
            TopLevelRole.SNAPSHOT, Duration.ofDays(30),
            TopLevelRole.TIMESTAMP, Duration.ofDays(7)));
    private final Map<String, Role> roles = new LinkedHashMap<>();
    private final TreeMap<String, MetaFile> listed = new TreeMap<>();
    private List<TufSigner> retiredRootSigners = List.of();
    private boolean rootChanged = true;
    private long rootVersion;
    private long snapshotVersion;
    private long timestampVersion;

    /** One targets role: what it lists and whom it trusts. */
    private static final class Role {
        @Nullable
        RoleSigners signers;

        final TreeMap<String, TargetFile> targets = new TreeMap<>();
        final List<Delegation> delegations = new ArrayList<>();
        long version;
        boolean changed = true;

        Role(@Nullable RoleSigners signers) {
            this.signers = signers;
        }

        void load(Targets published) throws IOException {
            if (published.succinct().isPresent()) {
                throw new IOException("hash bins are followed by clients, but not maintained here");
            }
            version = published.version();
            targets.putAll(published.targets());
            delegations.addAll(published.delegations());
            changed = false;
        }
    }

    /** Receives published files. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes one file. Files arrive in an order in which a client never sees one that names another not yet there.
         *
         * @param path relative to the metadata base
         * @param bytes its content
         * @throws IOException if it cannot be kept
         */
        void write(String path, byte[] bytes) throws IOException;
    }

    /**
     * Begins an empty repository.
     *
     * @param clock decides when metadata expires
     * @param signers of all four top-level roles
     * @throws IllegalArgumentException if a role is missing
     */
    public TufRepository(InstantSource clock, Map<TopLevelRole, RoleSigners> signers) {
        this.clock = clock;
        for (TopLevelRole role : TopLevelRole.values()) {
            RoleSigners given = signers.get(role);
            if (given == null) {
                throw new IllegalArgumentException("no signers for " + role);
            }
            this.signers.put(role, given);
        }
        roles.put(TopLevelRole.TARGETS.roleName(), new Role(null));
    }

    /**
     * Goes on with a published repository; what it says is checked with the signers' own keys.
     *
     * @param clock decides when metadata expires
     * @param signers of all four top-level roles, with the keys that the published root names
     * @param published brings the published metadata
     * @return the repository as it was published; delegated roles stay as they are, unless they are {@link #adopt
     *     adopted}
     * @throws IOException if it cannot be read, is refused, or holds what this class would lose in writing it again
     */
    public static TufRepository open(InstantSource clock, Map<TopLevelRole, RoleSigners> signers, Fetcher published)
            throws IOException {
        TufRepository repository = new TufRepository(clock, signers);
        try {
            repository.load(published);
        } catch (RefusedException e) {
            throw new IOException("the published repository is refused: " + e.result(), e);
        }
        return repository;
    }

    private void load(Fetcher published) throws IOException, RefusedException {
        Root root = Root.parse(read(published, TopLevelRole.ROOT.fileName()), true, TopLevelRole.ROOT.fileName());
        for (TopLevelRole role : TopLevelRole.values()) {
            if (!root.keys(role).equals(signersOf(role).keys())) {
                throw new IOException("the signers of " + role.roleName() + " are not those of the published root");
            }
        }
        root.keys(TopLevelRole.ROOT).requireSigned(root.envelope(), TopLevelRole.ROOT.fileName());
        rootVersion = root.version();
        rootChanged = false;
        Snapshot timestamp = Snapshot.parse(read(published, TopLevelRole.TIMESTAMP.fileName()), TopLevelRole.TIMESTAMP);
        root.keys(TopLevelRole.TIMESTAMP).requireSigned(timestamp.envelope(), TopLevelRole.TIMESTAMP.fileName());
        timestampVersion = timestamp.version();
        snapshotVersion = timestamp.required(TopLevelRole.SNAPSHOT).version();
        String snapshotFile = snapshotVersion + "." + TopLevelRole.SNAPSHOT.fileName();
        Snapshot snapshot = Snapshot.parse(read(published, snapshotFile), TopLevelRole.SNAPSHOT);
        root.keys(TopLevelRole.SNAPSHOT).requireSigned(snapshot.envelope(), snapshotFile);
        listed.putAll(snapshot.meta());
        long version = snapshot.required(TopLevelRole.TARGETS).version();
        String targetsFile = version + "." + TopLevelRole.TARGETS.fileName();
        Targets targets = Targets.parse(read(published, targetsFile), true, targetsFile);
        root.keys(TopLevelRole.TARGETS).requireSigned(targets.envelope(), targetsFile);
        role(TopLevelRole.TARGETS.roleName()).load(targets);
    }

    /**
     * Goes on with a delegated role of a published repository, which can then be given targets, renewed and rotated.
     *
     * @param name of the role
     * @param by who signs for it, with the keys that a delegation names
     * @param published brings the published metadata
     * @throws IllegalArgumentException if no role of this repository delegates to that name and these keys
     * @throws IOException if the role's metadata cannot be read or is refused
     */
    public void adopt(String name, RoleSigners by, Fetcher published) throws IOException {
        RoleKeys keys = by.keys();
        if (delegationsTo(name).noneMatch(delegation -> delegation.keys().equals(keys))) {
            throw new IllegalArgumentException("no role delegates to '" + name + "' with the keys given");
        }
        MetaFile entry = listed.get(name + ".json");
        if (entry == null) {
            throw new IOException("the published snapshot does not list '" + name + "'");
        }
        String file = entry.version() + "." + PercentEncoding.part(name + ".json");
        byte[] bytes = read(published, file);
        try {
            Targets targets = Targets.parse(bytes, true, file);
            keys.requireSigned(targets.envelope(), file);
            Role role = new Role(by);
            role.load(targets);
            roles.put(name, role);
        } catch (RefusedException e) {
            throw new IOException("the published role is refused: " + e.result(), e);
        }
    }

    private Stream<Delegation> delegationsTo(String name) {
        return roles.values().stream()
                .flatMap(role -> role.delegations.stream())
                .filter(delegation -> delegation.name().equals(name));
    }

    /**
     * Whether clients look for a target in a role.
     *
     * @param roleName any role
     * @param targetPath of the target
     * @return true for the top-level role, and for one to which a role of this repository delegates that path
     */
    public boolean trusts(String roleName, String targetPath) {
        return roleName.equals(TopLevelRole.TARGETS.roleName())
                || delegationsTo(roleName).anyMatch(delegation -> delegation.covers(targetPath));
    }

    private static byte[] read(Fetcher published, String file) throws IOException {
        Optional<InputStream> opened = published.open(file);
        if (opened.isEmpty()) {
            throw new IOException("the published repository lacks " + file);
        }
        try (InputStream in = opened.get()) {
            return in.readNBytes(TufLimits.DEFAULT.maxTargetsBytes());
        }
    }

    /**
     * Sets how long a role's metadata stays good after it is published.
     *
     * @param role which role
     * @param howLong positive; defaults are 365, 90, 30 and 7 days for root, targets, snapshot and timestamp
     */
    public void setValidity(TopLevelRole role, Duration howLong) {
        if (howLong.isNegative() || howLong.isZero()) {
            throw new IllegalArgumentException("a validity is positive: " + howLong);
        }
        validity.put(role, howLong);
    }

    /**
     * Adds or replaces a target of the top-level role.
     *
     * @param target its description
     */
    public void addTarget(TargetFile target) {
        addTarget(TopLevelRole.TARGETS.roleName(), target);
    }

    /**
     * Adds or replaces a target of a role.
     *
     * @param roleName the top-level or a delegated targets role
     * @param target its description
     * @throws IllegalArgumentException if there is no such role
     */
    public void addTarget(String roleName, TargetFile target) {
        Role role = role(roleName);
        role.targets.put(target.path(), target);
        role.changed = true;
    }

    /**
     * Takes a target of the top-level role back.
     *
     * @param path of the target
     * @return whether it was there
     */
    public boolean removeTarget(String path) {
        Role top = role(TopLevelRole.TARGETS.roleName());
        boolean there = top.targets.remove(path) != null;
        top.changed |= there;
        return there;
    }

    /**
     * What a role lists.
     *
     * @param roleName the top-level or a delegated targets role
     * @return descriptions by path, a copy
     * @throws IllegalArgumentException if there is no such role
     */
    public Map<String, TargetFile> targets(String roleName) {
        return Map.copyOf(role(roleName).targets);
    }

    /**
     * Trusts another role for some target paths, after those trusted before.
     *
     * @param parent the role that trusts
     * @param name of the trusted role, which may be trusted by several
     * @param by who signs for it
     * @param paths patterns of target paths
     * @param terminating whether a search for a matching target ends there
     * @throws IllegalArgumentException if there is no such parent, or the name is a top-level role's
     */
    public void delegate(String parent, String name, RoleSigners by, List<String> paths, boolean terminating) {
        if (TopLevelRole.isTopLevel(name) || name.isEmpty() || name.length() > Delegation.MAX_NAME_CHARS) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a delegated role");
        }
        Role role = role(parent);
        role.delegations.removeIf(delegation -> delegation.name().equals(name));
        role.delegations.add(
                new Delegation(name, by.keys(), Optional.of(List.copyOf(paths)), Optional.empty(), terminating));
        role.changed = true;
        roles.putIfAbsent(name, new Role(by));
    }

    /**
     * Replaces who signs for a top-level role. A new root is published, signed by the old and the new root keys.
     *
     * @param role which role
     * @param by who signs from now on
     */
    public void rotate(TopLevelRole role, RoleSigners by) {
        if (role == TopLevelRole.ROOT) {
            List<TufSigner> retired = new ArrayList<>(retiredRootSigners);
            retired.addAll(signersOf(TopLevelRole.ROOT).signers());
            retiredRootSigners = List.copyOf(retired);
        }
        signers.put(role, by);
        rootChanged = true;
        if (role == TopLevelRole.TARGETS) {
            role(TopLevelRole.TARGETS.roleName()).changed = true;
        }
    }

    /**
     * Replaces who signs for a delegated role, in all its delegations here.
     *
     * @param roleName a delegated role made or adopted here
     * @param by who signs from now on
     * @throws IllegalArgumentException if there is no such role
     */
    public void rotate(String roleName, RoleSigners by) {
        if (TopLevelRole.isTopLevel(roleName)) {
            throw new IllegalArgumentException("'" + roleName + "' is a top-level role");
        }
        Role rotated = role(roleName);
        rotated.signers = by;
        rotated.changed = true;
        for (Role role : roles.values()) {
            role.delegations.replaceAll(delegation -> {
                if (!delegation.name().equals(roleName)) {
                    return delegation;
                }
                role.changed = true;
                return delegation.withKeys(by.keys());
            });
        }
    }

    /**
     * Has the next publication sign a delegated role again, with a new expiry, although nothing in it changed.
     *
     * @param roleName the top-level targets role, or a delegated one made or adopted here
     * @throws IllegalArgumentException if there is no such role
     */
    public void renew(String roleName) {
        role(roleName).changed = true;
    }

    /**
     * Has the next publication sign a role again, with a new expiry, although nothing in it changed. Snapshot and
     * timestamp are signed anew at every publication anyway.
     *
     * @param role which role
     */
    public void renew(TopLevelRole role) {
        rootChanged |= role == TopLevelRole.ROOT;
        role(TopLevelRole.TARGETS.roleName()).changed |= role == TopLevelRole.TARGETS;
    }

    /**
     * Where clients look for a target below the targets' base.
     *
     * @param target any target
     * @return a percent-encoded relative path with the target's SHA-256 in it
     * @throws IllegalArgumentException if the target has no SHA-256
     */
    public static String location(TargetFile target) {
        String hash = target.sha256()
                .orElseThrow(() -> new IllegalArgumentException("no SHA-256: " + target.path()))
                .hex();
        int slash = target.path().lastIndexOf('/') + 1;
        return PercentEncoding.path(
                target.path().substring(0, slash) + hash + "." + target.path().substring(slash));
    }

    /**
     * Signs and publishes what changed, and always a new snapshot and timestamp.
     *
     * @param sink receives the files
     * @throws IOException if a signer or the sink fails; publishing again then mends it
     */
    public void publish(Sink sink) throws IOException {
        if (rootChanged) {
            publishRoot(sink);
        }
        for (Map.Entry<String, Role> entry : roles.entrySet()) {
            if (entry.getValue().changed) {
                publishTargets(entry.getKey(), entry.getValue(), sink);
            }
        }
        snapshotVersion++;
        byte[] snapshot = signersOf(TopLevelRole.SNAPSHOT)
                .sign(
                        Snapshot.toJson(TopLevelRole.SNAPSHOT, snapshotVersion, expires(TopLevelRole.SNAPSHOT), listed),
                        List.of());
        sink.write(snapshotVersion + "." + TopLevelRole.SNAPSHOT.fileName(), snapshot);
        publishTimestamp(snapshot, sink);
    }

    private void publishRoot(Sink sink) throws IOException {
        Map<TopLevelRole, RoleKeys> keys = new EnumMap<>(TopLevelRole.class);
        signers.forEach((role, by) -> keys.put(role, by.keys()));
        long version = rootVersion + 1;
        byte[] bytes = signersOf(TopLevelRole.ROOT)
                .sign(Root.toJson(version, expires(TopLevelRole.ROOT), true, keys), retiredRootSigners);
        sink.write(version + "." + TopLevelRole.ROOT.fileName(), bytes);
        sink.write(TopLevelRole.ROOT.fileName(), bytes);
        rootVersion = version;
        rootChanged = false;
        retiredRootSigners = List.of();
    }

    private void publishTargets(String name, Role role, Sink sink) throws IOException {
        long version = role.version + 1;
        RoleSigners by = role.signers == null ? signersOf(TopLevelRole.TARGETS) : role.signers;
        byte[] bytes = by.sign(
                Targets.toJson(version, expires(TopLevelRole.TARGETS), role.targets, role.delegations), List.of());
        String file = name + ".json";
        sink.write(version + "." + PercentEncoding.part(file), bytes);
        listed.put(file, describe(version, bytes));
        role.version = version;
        role.changed = false;
    }

    private void publishTimestamp(byte[] snapshot, Sink sink) throws IOException {
        TreeMap<String, MetaFile> meta = new TreeMap<>();
        meta.put(TopLevelRole.SNAPSHOT.fileName(), describe(snapshotVersion, snapshot));
        timestampVersion++;
        byte[] bytes = signersOf(TopLevelRole.TIMESTAMP)
                .sign(
                        Snapshot.toJson(
                                TopLevelRole.TIMESTAMP, timestampVersion, expires(TopLevelRole.TIMESTAMP), meta),
                        List.of());
        sink.write(TopLevelRole.TIMESTAMP.fileName(), bytes);
    }

    private static MetaFile describe(long version, byte[] bytes) {
        return new MetaFile(
                version,
                OptionalLong.of(bytes.length),
                Map.of("sha256", Digest.sha256(bytes).hex()));
    }

    private String expires(TopLevelRole role) {
        Duration howLong = validity.get(role);
        if (howLong == null) {
            throw new IllegalStateException("no validity for " + role);
        }
        return Envelope.dateTime(clock.instant().plus(howLong));
    }

    private RoleSigners signersOf(TopLevelRole role) {
        RoleSigners by = signers.get(role);
        if (by == null) {
            throw new IllegalStateException("no signers for " + role);
        }
        return by;
    }

    private Role role(String name) {
        Role role = roles.get(name);
        if (role == null) {
            throw new IllegalArgumentException("no role '" + name + "'");
        }
        return role;
    }
}
