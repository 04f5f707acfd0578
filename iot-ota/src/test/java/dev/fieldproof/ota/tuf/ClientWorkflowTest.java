package dev.fieldproof.ota.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The detailed client workflow of TUF 1.0, clause by clause; the number in a name is that of section 5. */
class ClientWorkflowTest {
    private static final TufSigner TARGETS = RepositoryFixture.signer(4);
    private static final TufSigner SNAPSHOT = RepositoryFixture.signer(5);
    private static final TufSigner TIMESTAMP = RepositoryFixture.signer(6);
    private static final byte[] IMAGE = "firmware".getBytes(StandardCharsets.UTF_8);

    private final RepositoryFixture fixture = new RepositoryFixture();
    private final List<String> requests = new ArrayList<>();

    @BeforeEach
    void aDeviceTrustsVersionOne() throws IOException {
        fixture.repository.addTarget(TargetFile.of("a", IMAGE));
        fixture.publish().trustFirstRoot();
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh());
    }

    private static Refusal refusal(TufResult result) {
        return assertInstanceOf(TufResult.Refused.class, result).refusal();
    }

    private void assertRefused(Refusal why) throws IOException {
        assertEquals(why, refusal(fixture.refresh()));
    }

    private TufClient lenient() {
        Fetcher fetcher = path -> {
            requests.add(path);
            return Optional.ofNullable(fixture.files.get(path)).map(ByteArrayInputStream::new);
        };
        return new TufClient(fixture.store, fetcher, fixture.clock, TufLimits.DEFAULT.withUniqueKeyIds());
    }

    // 5.1

    @Test
    void s51TheTimeIsThatOfTheBeginning() throws IOException {
        fixture.publish();
        Fetcher slow = path -> {
            fixture.clock.advance(Duration.ofDays(5));
            return Optional.ofNullable(fixture.files.get(path)).map(ByteArrayInputStream::new);
        };
        assertInstanceOf(TufResult.Refreshed.class, new TufClient(fixture.store, slow, fixture.clock).refresh());
    }

    // 5.3

    @Test
    void s533ARootThatIsTooLongIsNotReadToItsEnd() throws IOException {
        fixture.files.put("2.root.json", new byte[TufLimits.DEFAULT.maxRootBytes() + 1]);
        assertRefused(Refusal.ENDLESS_DATA);
    }

    @Test
    void s533AtMostSoManyRootsAtOnce() throws IOException {
        for (int version = 2; version <= 6; version++) {
            fixture.publishRoot(version, fixture.root(version));
        }
        TufClient client = new TufClient(
                fixture.store, fixture.fetcher(), fixture.clock, TufLimits.DEFAULT.withMaxRootRotations(3));
        assertEquals(
                4, assertInstanceOf(TufResult.Refreshed.class, client.refresh()).rootVersion());
        assertEquals(
                6, assertInstanceOf(TufResult.Refreshed.class, client.refresh()).rootVersion());
    }

    @Test
    void s534ARootNeedsItsOwnThresholdToo() throws IOException {
        JsonObject mine = Tampering.at(
                fixture.root(2),
                List.of("roles", "root"),
                role -> Tampering.with(role, "threshold", new JsonValue.Whole(3)));
        fixture.publishRoot(2, mine);
        assertRefused(Refusal.UNTRUSTED_SIGNATURES);
        assertArrayEquals(
                fixture.file("1.root.json"), fixture.store.read("root.json").orElseThrow());
    }

    @Test
    void s534AKeyIdMayNotSignTwice() throws IOException {
        JsonObject root = fixture.root(2);
        TufSigner one = RepositoryFixture.signer(1);
        JsonObject signature = Tampering.signature(root, one, one.key().keyId());
        fixture.files.put("2.root.json", Tampering.envelope(root, List.of(signature, signature)));
        assertRefused(Refusal.MALFORMED);
    }

    @Test
    void s534AKeyUnderTwoIdsCountsOnce() throws IOException {
        RepositoryFixture other = new RepositoryFixture();
        TufSigner one = RepositoryFixture.signer(1);
        JsonObject key = one.key().toJson();
        JsonObject doubled = Tampering.at(fixture.root(1), List.of("keys"), keys -> Tampering.with(keys, "alias", key));
        doubled = Tampering.at(
                doubled,
                List.of("roles", "root"),
                role -> JsonObject.builder()
                        .put("keyids", List.of(one.key().keyId(), "alias"))
                        .put("threshold", 2)
                        .build());
        byte[] file = Tampering.envelope(
                doubled,
                List.of(
                        Tampering.signature(doubled, one, one.key().keyId()),
                        Tampering.signature(doubled, one, "alias")));
        TufLimits lenient = TufLimits.DEFAULT.withUniqueKeyIds();
        assertEquals(
                Refusal.UNTRUSTED_SIGNATURES,
                TufClient.initialise(other.store, file, lenient).orElseThrow().refusal());
    }

    @Test
    void s535ARootFileThatSkipsAVersionIsRefused() throws IOException {
        fixture.publishRoot(2, fixture.root(3));
        assertRefused(Refusal.ROLLBACK);
        fixture.publishRoot(2, fixture.root(1));
        assertRefused(Refusal.ROLLBACK);
    }

    @Test
    void s536AnIntermediateRootMayHaveExpired() throws IOException {
        fixture.publishRoot(2, Tampering.with(fixture.root(2), "expires", new JsonValue.Text("2020-01-01T00:00:00Z")));
        fixture.publishRoot(3, fixture.root(3));
        assertEquals(
                3,
                assertInstanceOf(TufResult.Refreshed.class, fixture.refresh()).rootVersion());
    }

    @Test
    void s5310TheLastRootMayNot() throws IOException {
        fixture.publishRoot(2, Tampering.with(fixture.root(2), "expires", new JsonValue.Text("2026-03-01T00:00:00Z")));
        assertRefused(Refusal.EXPIRED);
        assertArrayEquals(
                fixture.file("2.root.json"), fixture.store.read("root.json").orElseThrow(), "but it is kept");
    }

    @Test
    void s5311RotatedSnapshotKeysForgetAFastForward() throws IOException {
        JsonObject far = Tampering.at(
                fixture.snapshot(2),
                List.of("meta", "targets.json"),
                entry -> Tampering.with(entry, "version", new JsonValue.Whole(1000)));
        fixture.publishSnapshot(far);
        assertRefused(Refusal.MISSING);
        fixture.repository.rotate(TopLevelRole.SNAPSHOT, RoleSigners.of(RepositoryFixture.signer(77)));
        fixture.publish();
        fixture.publish();
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh());
    }

    @Test
    void s5312WithoutConsistentSnapshotsFilesHaveNoVersion() throws IOException {
        fixture.publishRoot(2, Tampering.with(fixture.root(2), "consistent_snapshot", new JsonValue.Truth(false)));
        fixture.store.delete("snapshot.json");
        fixture.store.delete("targets.json");
        fixture.files.put("snapshot.json", fixture.file("1.snapshot.json"));
        fixture.files.put("targets.json", fixture.file("1.targets.json"));
        TufClient client = lenient();
        assertInstanceOf(TufResult.Refreshed.class, client.refresh());
        assertEquals(
                List.of("2.root.json", "3.root.json", "timestamp.json", "snapshot.json", "targets.json"), requests);
        assertEquals("a b", client.location(TargetFile.of("a b", IMAGE)).replace("%20", " "));
    }

    // 5.4

    @Test
    void s542ATimestampOfOtherKeysIsRefused() throws IOException {
        fixture.files.put("timestamp.json", Tampering.sign(Tampering.signed(fixture.file("timestamp.json")), SNAPSHOT));
        assertRefused(Refusal.UNTRUSTED_SIGNATURES);
    }

    @Test
    void s5431AnOlderTimestampIsRefused() throws IOException {
        byte[] old = fixture.file("timestamp.json");
        fixture.publish();
        fixture.refresh();
        fixture.files.put("timestamp.json", old);
        assertRefused(Refusal.ROLLBACK);
    }

    @Test
    void s5432ATimestampOfAnOlderSnapshotIsRefused() throws IOException {
        fixture.publish();
        fixture.refresh();
        fixture.publishTimestamp(1, fixture.file("1.snapshot.json"), true);
        assertRefused(Refusal.ROLLBACK);
    }

    @Test
    void s544AnExpiredTimestampIsRefusedAndNotKept() throws IOException {
        byte[] kept = fixture.store.read("timestamp.json").orElseThrow();
        JsonObject old = Tampering.with(
                Tampering.signed(fixture.file("timestamp.json")),
                "expires",
                new JsonValue.Text("2026-02-28T23:59:59Z"));
        fixture.files.put(
                "timestamp.json", Tampering.sign(Tampering.with(old, "version", new JsonValue.Whole(9)), TIMESTAMP));
        assertRefused(Refusal.EXPIRED);
        assertArrayEquals(kept, fixture.store.read("timestamp.json").orElseThrow());
    }

    // 5.5

    @Test
    void s551LengthAndHashesOfTheSnapshotAreOptional() throws IOException {
        byte[] next = Tampering.sign(fixture.snapshot(2), SNAPSHOT);
        fixture.files.put("2.snapshot.json", next);
        fixture.publishTimestamp(2, next, false);
        assertEquals(
                2,
                assertInstanceOf(TufResult.Refreshed.class, fixture.refresh()).snapshotVersion());
    }

    @Test
    void s552ASnapshotOfAnotherHashIsRefused() throws IOException {
        fixture.publishSnapshot(fixture.snapshot(2));
        JsonObject other = Tampering.with(fixture.snapshot(2), "x", new JsonValue.Whole(1));
        fixture.files.put("2.snapshot.json", Tampering.sign(other, SNAPSHOT));
        assertEquals(Refusal.ENDLESS_DATA, refusal(fixture.refresh()), "longer than stated");
        JsonObject same = Tampering.with(fixture.snapshot(2), "expires", new JsonValue.Text("2026-03-31T00:00:01Z"));
        fixture.files.put("2.snapshot.json", Tampering.sign(same, SNAPSHOT));
        assertRefused(Refusal.MIX_AND_MATCH);
    }

    @Test
    void s553ASnapshotOfOtherKeysIsRefused() throws IOException {
        byte[] next = Tampering.sign(fixture.snapshot(2), TIMESTAMP);
        fixture.files.put("2.snapshot.json", next);
        fixture.publishTimestamp(2, next, true);
        assertRefused(Refusal.UNTRUSTED_SIGNATURES);
    }

    @Test
    void s554ASnapshotOfAnotherVersionIsRefused() throws IOException {
        byte[] next = Tampering.sign(fixture.snapshot(3), SNAPSHOT);
        fixture.files.put("2.snapshot.json", next);
        fixture.publishTimestamp(2, next, true);
        assertRefused(Refusal.MIX_AND_MATCH);
    }

    @Test
    void s555ATargetsFileMayNotFallBackOrVanish() throws IOException {
        fixture.repository.addTarget(TargetFile.of("b", IMAGE));
        fixture.repository.delegate("targets", "r", RoleSigners.of(TARGETS), List.of("x/*"), false);
        fixture.publish();
        fixture.refresh();
        JsonObject listed = Tampering.signed(fixture.file("2.snapshot.json"));
        JsonObject third = Tampering.with(listed, "version", new JsonValue.Whole(3));
        fixture.publishSnapshot(Tampering.at(
                third,
                List.of("meta", "targets.json"),
                entry -> Tampering.with(entry, "version", new JsonValue.Whole(1))));
        assertRefused(Refusal.ROLLBACK);
        fixture.publishSnapshot(Tampering.at(third, List.of("meta"), meta -> Tampering.with(meta, "r.json", null)));
        assertRefused(Refusal.ROLLBACK);
    }

    @Test
    void s556AnExpiredSnapshotIsRefused() throws IOException {
        fixture.publishSnapshot(
                Tampering.with(fixture.snapshot(2), "expires", new JsonValue.Text("2026-02-28T00:00:00Z")));
        assertRefused(Refusal.EXPIRED);
    }

    // 5.6

    @Test
    void s561LengthAndHashesOfTargetsAreOptional() throws IOException {
        fixture.publishTargets(Tampering.sign(fixture.targets(2), TARGETS), 2, false);
        assertEquals(
                2,
                assertInstanceOf(TufResult.Refreshed.class, fixture.refresh()).targetsVersion());
    }

    @Test
    void s562TargetsOfAnotherHashAreRefused() throws IOException {
        fixture.publishTargets(Tampering.sign(fixture.targets(2), TARGETS), 2, true);
        fixture.files.put(
                "2.targets.json",
                Tampering.sign(Tampering.with(fixture.targets(2), "x", new JsonValue.Whole(1)), TARGETS));
        assertRefused(Refusal.MIX_AND_MATCH);
    }

    @Test
    void s563TargetsOfOtherKeysAreRefused() throws IOException {
        fixture.publishTargets(Tampering.sign(fixture.targets(2), SNAPSHOT), 2, true);
        assertRefused(Refusal.UNTRUSTED_SIGNATURES);
    }

    @Test
    void s564TargetsOfAnotherVersionAreRefused() throws IOException {
        fixture.publishTargets(Tampering.sign(fixture.targets(3), TARGETS), 2, true);
        assertRefused(Refusal.MIX_AND_MATCH);
    }

    @Test
    void s565ExpiredTargetsAreRefused() throws IOException {
        JsonObject old = Tampering.with(fixture.targets(2), "expires", new JsonValue.Text("2026-02-28T00:00:00Z"));
        fixture.publishTargets(Tampering.sign(old, TARGETS), 2, true);
        assertRefused(Refusal.EXPIRED);
    }

    // section 4: formats

    @Test
    void s4UnknownMembersKeyTypesAndSchemesAreTolerated() throws IOException {
        JsonObject key = JsonObject.builder()
                .put("keytype", "post-quantum")
                .put("scheme", "tbd")
                .put(
                        "keyval",
                        JsonObject.builder()
                                .put("public", "?")
                                .put("more", true)
                                .build())
                .build();
        JsonObject root =
                Tampering.with(fixture.root(2), "extension", new JsonValue.Array(List.of(new JsonValue.Null())));
        root = Tampering.at(root, List.of("keys"), keys -> Tampering.with(keys, "not a hash", key));
        root = Tampering.at(
                root,
                List.of("roles", "timestamp"),
                role -> Tampering.with(
                        role,
                        "keyids",
                        new JsonValue.Array(List.of(
                                new JsonValue.Text("not a hash"),
                                new JsonValue.Text(TIMESTAMP.key().keyId())))));
        fixture.publishRoot(2, root);
        assertInstanceOf(TufResult.Refreshed.class, lenient().refresh());
    }

    @Test
    void s4AnotherMajorVersionOfTheSpecificationIsRefused() throws IOException {
        fixture.publishRoot(2, Tampering.with(fixture.root(2), "spec_version", new JsonValue.Text("2.0.0")));
        assertRefused(Refusal.UNSUPPORTED_SPECIFICATION);
        fixture.publishRoot(2, Tampering.with(fixture.root(2), "spec_version", null));
        assertRefused(Refusal.MALFORMED);
        fixture.publishRoot(2, Tampering.with(fixture.root(2), "spec_version", new JsonValue.Text("1.99.7")));
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh());
    }

    @Test
    void s4AnotherRolesFileIsRefused() throws IOException {
        fixture.files.put("timestamp.json", fixture.file("1.snapshot.json"));
        assertRefused(Refusal.MALFORMED);
    }

    @Test
    void s4RolesOfAnyNameAreFetchedAndKept() throws IOException {
        RoleSigners by = RoleSigners.of(RepositoryFixture.signer(40));
        List<String> names = List.of(
                "?", "#", "/delegatedrole", "../../x", "a b", "100%", ".", "..", "ü\uD83D\uDE00", "漢".repeat(200));
        for (int i = 0; i < names.size(); i++) {
            fixture.repository.delegate("targets", names.get(i), by, List.of("p" + i), false);
            fixture.repository.addTarget(names.get(i), TargetFile.of("p" + i, IMAGE));
        }
        fixture.publish();
        for (int round = 0; round < 2; round++) {
            TufClient client = lenient();
            assertInstanceOf(TufResult.Refreshed.class, client.refresh());
            for (int i = 0; i < names.size(); i++) {
                assertEquals(
                        names.get(i),
                        assertInstanceOf(TufResult.Found.class, client.lookup("p" + i))
                                .role());
            }
        }
        assertTrue(requests.contains("1.%2Fdelegatedrole.json"), requests.toString());
        assertEquals(1, requests.stream().filter("1.%3F.json"::equals).count(), "kept");
    }

    @Test
    void tap15HashBins() throws IOException {
        TufSigner bins = RepositoryFixture.signer(50);
        String path = "fw/board-b.bin";
        byte[] hash = Digest.sha256(path.getBytes(StandardCharsets.UTF_8)).bytes();
        String name =
                "bin-" + Integer.toHexString((hash[0] & 0xFF) >> 3 | 0x100).substring(1);
        JsonObject succinct = JsonObject.builder()
                .put("bit_length", 5)
                .put("keyids", List.of(bins.key().keyId()))
                .put("name_prefix", "bin")
                .put("threshold", 1)
                .build();
        JsonObject delegations = JsonObject.builder()
                .put(
                        "keys",
                        JsonObject.builder()
                                .put(bins.key().keyId(), bins.key().toJson())
                                .build())
                .put("succinct_roles", succinct)
                .build();
        byte[] top = Tampering.sign(Tampering.with(fixture.targets(2), "delegations", delegations), TARGETS);
        JsonObject bin = Tampering.with(
                Tampering.with(fixture.targets(1), "delegations", null),
                "targets",
                JsonObject.builder()
                        .put(path, TargetFile.of(path, IMAGE).toJson())
                        .build());
        fixture.files.put("1." + name + ".json", Tampering.sign(bin, bins));
        fixture.files.put("2.targets.json", top);
        JsonObject first = JsonObject.builder().put("version", 1).build();
        JsonObject second = JsonObject.builder().put("version", 2).build();
        fixture.publishSnapshot(Tampering.at(
                fixture.snapshot(2),
                List.of("meta"),
                meta -> Tampering.with(Tampering.with(meta, "targets.json", second), name + ".json", first)));
        TufClient client = fixture.client();
        assertInstanceOf(TufResult.Refreshed.class, client.refresh());
        assertEquals(
                name,
                assertInstanceOf(TufResult.Found.class, client.lookup(path)).role());
        assertEquals(Refusal.MISSING, refusal(client.lookup("another/bin")));
    }

    @Test
    void patternsDoNotMatchASlash() {
        assertTrue(PathPattern.matches("targets/*.tgz", "targets/foo.tgz"));
        assertTrue(!PathPattern.matches("*.tgz", "targets/foo.tgz"));
        assertTrue(PathPattern.matches("foo-version-?.tgz", "foo-version-a.tgz"));
        assertTrue(!PathPattern.matches("foo-version-?.tgz", "foo-version-alpha.tgz"));
        assertTrue(PathPattern.matches("[a-c]/[!x]*", "b/yz"));
    }
}
