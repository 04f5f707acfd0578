package dev.fieldproof.ota.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a device holds after every refusal, and after a power cut at every change of what it holds. */
class TrustedStateTest {
    private static final TufSigner TARGETS = RepositoryFixture.signer(4);
    private static final TufSigner SNAPSHOT = RepositoryFixture.signer(5);
    private static final TufSigner TIMESTAMP = RepositoryFixture.signer(6);
    private static final JsonValue LONG_AGO = new JsonValue.Text("2026-02-01T00:00:00Z");
    private static final byte[] IMAGE = "firmware".getBytes(StandardCharsets.UTF_8);

    private final RepositoryFixture fixture = new RepositoryFixture();
    private MapStore store = new MapStore();

    @BeforeEach
    void aDeviceTrustsVersionOne() throws IOException {
        fixture.repository.addTarget(TargetFile.of("a", IMAGE));
        fixture.publish();
        TufClient.initialise(store, fixture.file("1.root.json"), TufLimits.DEFAULT);
        assertInstanceOf(TufResult.Refreshed.class, refresh());
    }

    private TufResult refresh() throws IOException {
        return refresh(store);
    }

    private TufResult refresh(TrustedStore from) throws IOException {
        return new TufClient(from, fixture.fetcher(), fixture.clock).refresh();
    }

    private Refusal refused() throws IOException {
        return assertInstanceOf(TufResult.Refused.class, refresh()).refusal();
    }

    private static long version(TrustedStore from, String file) throws IOException {
        JsonObject signed = Tampering.signed(from.read(file).orElseThrow());
        return ((JsonValue.Whole) signed.members().get("version")).value();
    }

    // 5.3.11: the order, and what a rotation is

    private JsonObject fastForwarded() {
        return Tampering.at(
                fixture.snapshot(2),
                List.of("meta", "targets.json"),
                entry -> Tampering.with(entry, "version", new JsonValue.Whole(1000)));
    }

    private JsonObject rootWithTimestampKeys(long version, TufSigner... signers) {
        JsonObject root = Tampering.at(fixture.root(version), List.of("keys"), keys -> {
            JsonObject more = keys;
            for (TufSigner signer : signers) {
                more = Tampering.with(more, signer.key().keyId(), signer.key().toJson());
            }
            return more;
        });
        List<JsonValue> ids = Arrays.stream(signers)
                .map(signer -> (JsonValue) new JsonValue.Text(signer.key().keyId()))
                .toList();
        return Tampering.at(
                root, List.of("roles", "timestamp"), role -> Tampering.with(role, "keyids", new JsonValue.Array(ids)));
    }

    @Test
    void aRotationTakesEffectBehindTheCheckOfExpiry() throws IOException {
        byte[] timestamp = store.read("timestamp.json").orElseThrow();
        JsonObject rotated = rootWithTimestampKeys(2, RepositoryFixture.signer(60));
        fixture.publishRoot(2, Tampering.with(rotated, "expires", LONG_AGO));
        assertEquals(Refusal.EXPIRED, refused());
        assertEquals(2, version(store, "root.json"));
        assertArrayEquals(timestamp, store.read("timestamp.json").orElseThrow(), "the cycle ended before 5.3.11");
        fixture.publishRoot(3, Tampering.with(rotated, "version", new JsonValue.Whole(3)));
        assertEquals(Refusal.UNTRUSTED_SIGNATURES, refused(), "the served timestamp is of the old key");
        assertTrue(store.read("timestamp.json").isEmpty());
        assertTrue(store.read("snapshot.json").isEmpty());
    }

    @Test
    void aRotationIsRememberedWhenALaterRootIsRefused() throws IOException {
        fixture.publishRoot(2, rootWithTimestampKeys(2, RepositoryFixture.signer(60)));
        fixture.publishRoot(3, fixture.root(7));
        assertEquals(Refusal.ROLLBACK, refused());
        fixture.publishRoot(3, rootWithTimestampKeys(3, RepositoryFixture.signer(60)));
        refresh();
        assertTrue(store.read("snapshot.json").isEmpty(), "version 3 changed nothing, but version 2 did");
    }

    @Test
    void aFurtherKeyIsNoRotation() throws IOException {
        fixture.publish();
        byte[] older = fixture.file("timestamp.json");
        fixture.publish();
        assertInstanceOf(TufResult.Refreshed.class, refresh());
        fixture.publishRoot(2, rootWithTimestampKeys(2, TIMESTAMP, RepositoryFixture.signer(60)));
        fixture.files.put("timestamp.json", older);
        assertEquals(Refusal.ROLLBACK, refused(), "who may sign more may still not go back");
    }

    @Test
    void aNewerShippedRootThatRotatesForgetsToo() throws IOException {
        fixture.publishSnapshot(fastForwarded());
        assertEquals(Refusal.MISSING, refused());
        RepositoryFixture restored = new RepositoryFixture();
        restored.repository.addTarget(TargetFile.of("a", IMAGE));
        restored.publish();
        restored.repository.rotate(TopLevelRole.TIMESTAMP, RoleSigners.of(RepositoryFixture.signer(60)));
        restored.publish();
        fixture.files.clear();
        fixture.files.putAll(restored.files);
        assertEquals(Optional.empty(), TufClient.initialise(store, restored.file("2.root.json"), TufLimits.DEFAULT));
        assertInstanceOf(TufResult.Refreshed.class, refresh());
    }

    @Test
    void anotherRootOfTheTrustedVersionIsNotTakenSilently() throws IOException {
        RepositoryFixture other = new RepositoryFixture();
        other.repository.setValidity(TopLevelRole.ROOT, java.time.Duration.ofDays(3));
        other.publish();
        byte[] before = store.read("root.json").orElseThrow();
        assertEquals(
                Refusal.ROLLBACK,
                TufClient.initialise(store, other.file("1.root.json"), TufLimits.DEFAULT)
                        .orElseThrow()
                        .refusal());
        assertArrayEquals(before, store.read("root.json").orElseThrow());
        assertEquals(Optional.empty(), TufClient.initialise(store, before, TufLimits.DEFAULT));
    }

    // "Clients MUST NOT replace a metadata file with a version number less than the one currently trusted."

    @Test
    void aSnapshotDoesNotGoBackEvenIfTheTimestampWasLost() throws IOException {
        byte[] timestamp = fixture.file("timestamp.json");
        fixture.publish();
        assertInstanceOf(TufResult.Refreshed.class, refresh());
        store.delete("timestamp.json");
        fixture.files.put("timestamp.json", timestamp);
        assertEquals(Refusal.ROLLBACK, refused());
        assertEquals(2, version(store, "snapshot.json"));
    }

    // What a refusal leaves

    private interface Attack {
        void on(RepositoryFixture served);
    }

    private static void put(RepositoryFixture served, String file, JsonObject signed, TufSigner signer) {
        served.files.put(file, Tampering.sign(signed, signer));
    }

    private static JsonObject changed(RepositoryFixture served, String file, String member, JsonValue value) {
        return Tampering.with(Tampering.signed(served.file(file)), member, value);
    }

    /** Each is played against a device of version 1 by a repository of version 2, with a new root and all else new. */
    private static Map<String, Attack> attacks() {
        JsonValue nine = new JsonValue.Whole(9);
        JsonValue two = new JsonValue.Text("2.0.0");
        Map<String, Attack> attacks = new LinkedHashMap<>();
        for (String file : List.of("2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json")) {
            attacks.put(
                    "cut short: " + file,
                    served -> served.files.computeIfPresent(
                            file, (name, bytes) -> Arrays.copyOf(bytes, bytes.length / 2)));
            attacks.put("empty: " + file, served -> served.files.put(file, new byte[0]));
            attacks.put("no JSON: " + file, served -> served.files.put(file, new byte[100]));
            attacks.put("not there: " + file, served -> served.files.remove(file));
            attacks.put(
                    "forged: " + file,
                    served -> put(served, file, changed(served, file, "version", nine), RepositoryFixture.signer(66)));
            attacks.put(
                    "unsigned: " + file,
                    served ->
                            served.files.put(file, Tampering.envelope(Tampering.signed(served.file(file)), List.of())));
        }
        for (var role : Map.of("timestamp.json", TIMESTAMP, "2.snapshot.json", SNAPSHOT, "2.targets.json", TARGETS)
                .entrySet()) {
            String file = role.getKey();
            attacks.put(
                    "expired: " + file,
                    served -> put(served, file, changed(served, file, "expires", LONG_AGO), role.getValue()));
            attacks.put(
                    "of a new specification: " + file,
                    served -> put(served, file, changed(served, file, "spec_version", two), role.getValue()));
        }
        return attacks;
    }

    @Test
    void onlyVerifiedFilesAreKeptAndWhatWasKeptStays() throws IOException {
        RepositoryFixture good = new RepositoryFixture();
        good.files.putAll(fixture.files);
        fixture.repository.rotate(TopLevelRole.ROOT, fixture.signers.get(TopLevelRole.ROOT));
        fixture.repository.addTarget(TargetFile.of("b", IMAGE));
        fixture.publish();
        Map<String, byte[]> before = new TreeMap<>(store.files);
        MapStore upToDate = new MapStore(store);
        assertInstanceOf(TufResult.Refreshed.class, refresh(upToDate));
        Map<String, byte[]> served = new TreeMap<>(fixture.files);
        for (Map.Entry<String, Attack> attack : attacks().entrySet()) {
            store = new MapStore();
            store.files.putAll(before);
            fixture.files.clear();
            fixture.files.putAll(served);
            attack.getValue().on(fixture);
            boolean nothingNew = attack.getKey().equals("not there: 2.root.json");
            assertEquals(nothingNew, refresh() instanceof TufResult.Refreshed, attack.getKey());
            for (Map.Entry<String, byte[]> file : store.files.entrySet()) {
                boolean old = Arrays.equals(before.get(file.getKey()), file.getValue());
                boolean fresh = Arrays.equals(upToDate.files.get(file.getKey()), file.getValue());
                assertTrue(old || fresh, attack.getKey() + " left another " + file.getKey());
            }
            assertEquals(before.keySet(), store.files.keySet(), attack.getKey());
            fixture.files.putAll(served);
            assertInstanceOf(TufResult.Refreshed.class, refresh(), "after " + attack.getKey());
        }
    }

    // Power cuts

    /** A device that was fast-forwarded meets a repository that was recovered, with a delegated role to fetch. */
    private void recover() throws IOException {
        fixture.publishSnapshot(fastForwarded());
        assertEquals(Refusal.MISSING, refused());
        RepositoryFixture restored = new RepositoryFixture();
        TufRepository repository = restored.repository;
        repository.addTarget(TargetFile.of("a", IMAGE));
        restored.publish();
        repository.rotate(TopLevelRole.TIMESTAMP, RoleSigners.of(RepositoryFixture.signer(60)));
        restored.publish();
        repository.rotate(TopLevelRole.ROOT, restored.signers.get(TopLevelRole.ROOT));
        repository.delegate("targets", "r", RoleSigners.of(RepositoryFixture.signer(20)), List.of("b"), false);
        repository.addTarget("r", TargetFile.of("b", IMAGE));
        restored.publish();
        fixture.files.clear();
        fixture.files.putAll(restored.files);
    }

    private boolean update(TrustedStore from) throws IOException {
        TufClient client = new TufClient(from, fixture.fetcher(), fixture.clock);
        return client.refresh() instanceof TufResult.Refreshed && client.lookup("b") instanceof TufResult.Found;
    }

    /** Cuts the power once, or once and twice, everywhere; returns how many of the devices do not come back. */
    private int lost(UnaryOperator<TrustedStore> view, boolean pairs) throws IOException {
        recover();
        MapStore whole = new MapStore(store);
        whole.cut(-1, false);
        assertTrue(update(view.apply(whole)));
        int ways = 2 * whole.changes();
        int lost = 0;
        for (int first = 0; first < ways; first++) {
            MapStore once = new MapStore(store);
            once.cut(first / 2, first % 2 == 0);
            assertThrows(IOException.class, () -> update(view.apply(once)));
            for (int second = -1; second < (pairs ? ways : 0); second++) {
                MapStore twice = new MapStore(once);
                twice.cut(second < 0 ? -1 : second / 2, second % 2 == 0);
                try {
                    update(view.apply(twice));
                } catch (IOException e) {
                    twice.cut(-1, false);
                }
                boolean back = update(view.apply(twice));
                lost += back
                                && version(twice, "root.json") == 3
                                && twice.files.keySet().equals(whole.files.keySet())
                        ? 0
                        : 1;
            }
        }
        return lost;
    }

    @Test
    void noPowerCutAtAnyChangeStopsARecovery() throws IOException {
        assertEquals(0, lost(store -> store, true));
    }

    @Test
    void withTheMarkBehindTheRootTheEnumerationFails() throws IOException {
        assertTrue(lost(TrustedStateTest::markingLate, false) > 0);
    }

    private static TrustedStore markingLate(TrustedStore under) {
        return new TrustedStore() {
            private byte[] mark;

            @Override
            public Optional<byte[]> read(String file) throws IOException {
                return under.read(file);
            }

            @Override
            public void write(String file, byte[] bytes) throws IOException {
                if (file.equals("rotation")) {
                    mark = bytes;
                    return;
                }
                under.write(file, bytes);
                if (mark != null) {
                    under.write("rotation", mark);
                    mark = null;
                }
            }

            @Override
            public void delete(String file) throws IOException {
                under.delete(file);
            }
        };
    }
}
