package dev.fieldproof.ota.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TufClientTest {
    private static final byte[] IMAGE = "firmware".getBytes(StandardCharsets.UTF_8);

    private final RepositoryFixture fixture = new RepositoryFixture();

    private static Refusal refusal(TufResult result) {
        return assertInstanceOf(TufResult.Refused.class, result).refusal();
    }

    @Test
    void refreshesLooksUpAndDownloads() throws IOException {
        Digest old = Digest.sha256(new byte[] {1});
        Digest now = Digest.sha256(IMAGE);
        FirmwareInfo.Delta delta = new FirmwareInfo.Delta(old, now, "p/1-2.patch", old, 5, "fieldproof/1", 4096);
        FirmwareInfo info = new FirmwareInfo("2.0", List.of("board-a"), 7, 4096, now, List.of(delta));
        fixture.repository.addTarget(TargetFile.of("board-a/2.0.bin", IMAGE).withFirmware(info));
        fixture.publish().trustFirstRoot();
        TufClient client = fixture.client();
        assertEquals(
                new TufResult.Refreshed(1, 1, 1, 1, RepositoryFixture.START.plus(Duration.ofDays(7))),
                client.refresh());
        TufResult.Found found = assertInstanceOf(TufResult.Found.class, client.lookup("board-a/2.0.bin"));
        assertEquals("targets", found.role());
        assertEquals(info, found.target().firmware().orElseThrow());
        assertEquals(delta, info.deltaFrom(old, 4096).orElseThrow());
        assertTrue(info.deltaFrom(old, 4095).isEmpty());
        assertEquals("board-a/" + now + ".2.0.bin", client.location(found.target()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Fetcher targets = RepositoryFixture.from(Map.of(client.location(found.target()), IMAGE));
        assertInstanceOf(TufResult.Downloaded.class, client.download(found.target(), targets, out));
        assertArrayEquals(IMAGE, out.toByteArray());
        assertEquals(Refusal.UNKNOWN_TARGET, refusal(client.lookup("other")));
    }

    @Test
    void followsRootsToTheNewestWithRotatedKeys() throws IOException {
        fixture.publish().trustFirstRoot();
        fixture.refresh();
        fixture.repository.rotate(
                TopLevelRole.ROOT,
                new RoleSigners(List.of(RepositoryFixture.signer(11), RepositoryFixture.signer(12)), 2));
        fixture.publish();
        fixture.repository.rotate(TopLevelRole.TIMESTAMP, RoleSigners.of(RepositoryFixture.signer(13)));
        fixture.publish();
        assertEquals(
                3,
                assertInstanceOf(TufResult.Refreshed.class, fixture.refresh()).rootVersion());
    }

    @Test
    void aRootNeedsTheThresholdOfItsPredecessor() throws IOException {
        fixture.publish().trustFirstRoot();
        RepositoryFixture other = new RepositoryFixture();
        other.signers.put(TopLevelRole.ROOT, RoleSigners.of(RepositoryFixture.signer(1)));
        TufRepository thief = new TufRepository(other.clock, other.signers);
        thief.publish((name, bytes) -> {});
        thief.rotate(TopLevelRole.TARGETS, RoleSigners.of(RepositoryFixture.signer(66)));
        thief.publish(fixture.files::put);
        assertEquals(Refusal.UNTRUSTED_SIGNATURES, refusal(fixture.refresh()));
    }

    @Test
    void rotatedTimestampKeysForgetAFastForward() throws IOException {
        for (int i = 0; i < 9; i++) {
            fixture.publish();
        }
        fixture.trustFirstRoot();
        fixture.refresh();
        RepositoryFixture restored = new RepositoryFixture();
        restored.publish();
        restored.repository.rotate(TopLevelRole.TIMESTAMP, RoleSigners.of(RepositoryFixture.signer(60)));
        restored.publish();
        fixture.files.clear();
        fixture.files.putAll(restored.files);
        assertEquals(
                2,
                assertInstanceOf(TufResult.Refreshed.class, fixture.refresh()).timestampVersion());
    }

    @Test
    void anExpiredRootStopsTheUpdate() throws IOException {
        fixture.publish().trustFirstRoot();
        fixture.clock.advance(Duration.ofDays(366));
        assertEquals(Refusal.EXPIRED, refusal(fixture.refresh()));
    }

    @Test
    void anUnchangedTimestampIsNoError() throws IOException {
        fixture.publish().trustFirstRoot();
        TufResult first = fixture.refresh();
        assertEquals(first, fixture.refresh());
    }

    @Test
    void searchesDelegationsInOrderAndStopsAtATerminatingOne() throws IOException {
        TufRepository repository = fixture.repository;
        repository.delegate("targets", "a", RoleSigners.of(RepositoryFixture.signer(20)), List.of("x/*"), false);
        repository.delegate("targets", "b", RoleSigners.of(RepositoryFixture.signer(21)), List.of("x/b*"), true);
        repository.delegate("targets", "c", RoleSigners.of(RepositoryFixture.signer(22)), List.of("x/*"), false);
        repository.addTarget("a", TargetFile.of("x/b1", IMAGE));
        repository.addTarget("c", TargetFile.of("x/b2", IMAGE));
        repository.addTarget("c", TargetFile.of("x/c", IMAGE));
        repository.addTarget("c", TargetFile.of("y/c", IMAGE));
        fixture.publish().trustFirstRoot();
        TufClient client = fixture.client();
        client.refresh();
        assertEquals(
                "a",
                assertInstanceOf(TufResult.Found.class, client.lookup("x/b1")).role());
        assertEquals(Refusal.UNKNOWN_TARGET, refusal(client.lookup("x/b2")));
        assertEquals(
                "c",
                assertInstanceOf(TufResult.Found.class, client.lookup("x/c")).role());
        assertEquals(Refusal.UNKNOWN_TARGET, refusal(client.lookup("y/c")), "no delegation covers its path");
    }

    @Test
    void aRoleReachedByTwoWaysIsVerifiedUnderEach() throws IOException {
        RoleSigners good = RoleSigners.of(RepositoryFixture.signer(20));
        RoleSigners wrong = RoleSigners.of(RepositoryFixture.signer(21));
        TufRepository repository = fixture.repository;
        repository.delegate("targets", "a", good, List.of("a/*"), false);
        repository.delegate("targets", "b", good, List.of("b/*"), false);
        repository.delegate("a", "shared", good, List.of("*/*"), false);
        repository.delegate("b", "shared", wrong, List.of("*/*"), false);
        repository.addTarget("shared", TargetFile.of("a/1", IMAGE));
        repository.addTarget("shared", TargetFile.of("b/1", IMAGE));
        fixture.publish().trustFirstRoot();
        TufClient client = fixture.client();
        client.refresh();
        assertInstanceOf(TufResult.Found.class, client.lookup("a/1"));
        assertEquals(Refusal.UNTRUSTED_SIGNATURES, refusal(client.lookup("b/1")), "kept, but not for this delegation");
        assertInstanceOf(TufResult.Found.class, client.lookup("a/1"));
    }

    @Test
    void theSearchVisitsABoundedNumberOfRoles() throws IOException {
        RoleSigners by = RoleSigners.of(RepositoryFixture.signer(20));
        String parent = "targets";
        for (int i = 0; i < 40; i++) {
            fixture.repository.delegate(parent, "r" + i, by, List.of("*"), false);
            parent = "r" + i;
        }
        fixture.repository.addTarget("r39", TargetFile.of("deep", IMAGE));
        fixture.publish().trustFirstRoot();
        TufClient client = fixture.client();
        client.refresh();
        assertEquals(Refusal.TOO_MANY_DELEGATIONS, refusal(client.lookup("deep")));
    }

    @Test
    void aRepositoryGoesOnFromWhatItPublished() throws IOException {
        fixture.repository.addTarget(TargetFile.of("one", IMAGE));
        fixture.publish().trustFirstRoot();
        fixture.refresh();
        TufRepository again = TufRepository.open(fixture.clock, fixture.signers, fixture.fetcher());
        again.addTarget(TargetFile.of("two", IMAGE));
        again.publish(fixture.files::put);
        TufClient client = fixture.client();
        assertEquals(
                2, assertInstanceOf(TufResult.Refreshed.class, client.refresh()).targetsVersion());
        assertInstanceOf(TufResult.Found.class, client.lookup("one"));
        assertInstanceOf(TufResult.Found.class, client.lookup("two"));
    }

    @Test
    void anOlderShippedRootDoesNotReplaceATrustedOne() throws IOException {
        fixture.publish().trustFirstRoot();
        fixture.repository.rotate(TopLevelRole.TARGETS, RoleSigners.of(RepositoryFixture.signer(30)));
        fixture.publish();
        fixture.refresh();
        fixture.trustFirstRoot();
        assertArrayEquals(
                fixture.file("2.root.json"), fixture.store.read("root.json").orElseThrow());
    }

    @Test
    void aLookUpNeedsARefresh() {
        assertThrows(IllegalStateException.class, () -> fixture.client().lookup("x"));
    }
}
