package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A repository in memory, its published files, and a client of it. */
final class RepositoryFixture {
    private static final TufSigner SNAPSHOT = signer(5);
    private static final TufSigner TIMESTAMP = signer(6);

    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    final SimClock clock = new SimClock(START);
    final Map<String, byte[]> files = new TreeMap<>();
    final TrustedStore store = TrustedStore.inMemory();
    final Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
    final TufRepository repository;

    RepositoryFixture() {
        signers.put(TopLevelRole.ROOT, new RoleSigners(List.of(signer(1), signer(2), signer(3)), 2));
        signers.put(TopLevelRole.TARGETS, RoleSigners.of(signer(4)));
        signers.put(TopLevelRole.SNAPSHOT, RoleSigners.of(signer(5)));
        signers.put(TopLevelRole.TIMESTAMP, RoleSigners.of(signer(6)));
        repository = new TufRepository(clock, signers);
    }

    static TufSigner signer(int number) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        return TufSigner.ed25519(seed);
    }

    RepositoryFixture publish() throws IOException {
        repository.publish(files::put);
        return this;
    }

    RepositoryFixture trustFirstRoot() throws IOException {
        if (TufClient.initialise(store, file("1.root.json"), TufLimits.DEFAULT).isPresent()) {
            throw new AssertionError("the first root is good");
        }
        return this;
    }

    byte[] file(String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new AssertionError("no " + name + " in " + files.keySet());
        }
        return bytes;
    }

    Fetcher fetcher() {
        return from(files);
    }

    static Fetcher from(Map<String, byte[]> files) {
        return path -> Optional.ofNullable(files.get(path)).<InputStream>map(ByteArrayInputStream::new);
    }

    TufClient client() {
        return new TufClient(store, fetcher(), clock);
    }

    TufResult refresh() throws IOException {
        return client().refresh();
    }

    /** Changes a file and all that names it, and signs all with the right keys. */
    void publishSnapshot(JsonObject snapshot) {
        long version = longOf(snapshot, "version");
        byte[] bytes = Tampering.sign(snapshot, SNAPSHOT);
        files.put(version + ".snapshot.json", bytes);
        publishTimestamp(version, bytes, true);
    }

    void publishTimestamp(long snapshotVersion, byte[] snapshot, boolean withHash) {
        JsonObject timestamp = Tampering.signed(file("timestamp.json"));
        JsonObject.Builder entry = JsonObject.builder().put("version", snapshotVersion);
        if (withHash) {
            entry.put("length", snapshot.length)
                    .put(
                            "hashes",
                            JsonObject.builder()
                                    .put("sha256", Digest.sha256(snapshot).hex())
                                    .build());
        }
        JsonObject next = Tampering.with(
                Tampering.with(
                        timestamp,
                        "meta",
                        JsonObject.builder().put("snapshot.json", entry.build()).build()),
                "version",
                new JsonValue.Whole(longOf(timestamp, "version") + 1));
        files.put("timestamp.json", Tampering.sign(next, TIMESTAMP));
    }

    private static long longOf(JsonObject object, String member) {
        return ((JsonValue.Whole) object.members().get(member)).value();
    }

    JsonObject snapshot(long version) {
        JsonObject first = Tampering.signed(file("1.snapshot.json"));
        return Tampering.with(first, "version", new JsonValue.Whole(version));
    }

    JsonObject root(long version) {
        JsonObject first = Tampering.signed(file("1.root.json"));
        return Tampering.with(first, "version", new JsonValue.Whole(version));
    }

    void publishRoot(long version, JsonObject root) {
        files.put(version + ".root.json", Tampering.sign(root, signer(1), signer(2)));
    }

    void publishTargets(byte[] targets, long statedVersion, boolean withHash) {
        files.put(statedVersion + ".targets.json", targets);
        JsonObject.Builder entry = JsonObject.builder().put("version", statedVersion);
        if (withHash) {
            entry.put(
                    "hashes",
                    JsonObject.builder()
                            .put("sha256", Digest.sha256(targets).hex())
                            .build());
        }
        publishSnapshot(Tampering.at(
                snapshot(2), List.of("meta"), meta -> Tampering.with(meta, "targets.json", entry.build())));
    }

    JsonObject targets(long version) {
        return Tampering.with(Tampering.signed(file("1.targets.json")), "version", new JsonValue.Whole(version));
    }
}
