package dev.fieldproof.ota.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.MemoryKeyStore;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Section 4 of TUF 1.0, document formats, where a file is odd rather than wrong, or wrong in an odd way. */
class FormatClausesTest {
    private static final TufSigner TARGETS = RepositoryFixture.signer(4);
    private static final TufSigner SNAPSHOT = RepositoryFixture.signer(5);
    private static final byte[] IMAGE = "firmware".getBytes(StandardCharsets.UTF_8);

    private final RepositoryFixture fixture = new RepositoryFixture();

    @BeforeEach
    void aDeviceTrustsVersionOne() throws IOException {
        fixture.repository.addTarget(TargetFile.of("a", IMAGE));
        fixture.publish().trustFirstRoot();
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh());
    }

    private static Refusal refusal(TufResult result) {
        return assertInstanceOf(TufResult.Refused.class, result).refusal();
    }

    private TufClient lenient() {
        return new TufClient(fixture.store, fixture.fetcher(), fixture.clock, TufLimits.DEFAULT.withUniqueKeyIds());
    }

    // Keys and signatures

    private byte[] rootWith(Map<String, TufKey> keys, int threshold, Map<String, TufSigner> signatures) {
        JsonObject root = Tampering.at(fixture.root(1), List.of("keys"), all -> {
            JsonObject more = all;
            for (Map.Entry<String, TufKey> key : keys.entrySet()) {
                more = Tampering.with(more, key.getKey(), key.getValue().toJson());
            }
            return more;
        });
        JsonObject ready = Tampering.at(
                root,
                List.of("roles"),
                roles -> Tampering.with(
                        roles,
                        "root",
                        JsonObject.builder()
                                .put("keyids", keys.keySet())
                                .put("threshold", threshold)
                                .build()));
        List<JsonValue> signed = new ArrayList<>();
        signatures.forEach((id, signer) -> signed.add(Tampering.signature(ready, signer, id)));
        return Tampering.envelope(ready, signed);
    }

    private static Optional<Refusal> initialised(byte[] root, TufLimits limits) throws IOException {
        return TufClient.initialise(TrustedStore.inMemory(), root, limits).map(TufResult.Refused::refusal);
    }

    /** One key, spelled differently: strict key ids differ, the key does not. */
    private void countsOnce(TufSigner signer, TufKey... spellings) throws IOException {
        Map<String, TufKey> keys = new LinkedHashMap<>();
        Map<String, TufSigner> signatures = new LinkedHashMap<>();
        for (TufKey spelling : spellings) {
            assertTrue(spelling.usable(), spelling.toString());
            keys.put(spelling.keyId(), spelling);
            signatures.put(spelling.keyId(), signer);
        }
        assertEquals(spellings.length, keys.size(), "as many ids as spellings");
        assertEquals(Optional.empty(), initialised(rootWith(keys, 1, signatures), TufLimits.DEFAULT));
        assertEquals(
                Optional.of(Refusal.UNTRUSTED_SIGNATURES),
                initialised(rootWith(keys, 2, signatures), TufLimits.DEFAULT));
    }

    @Test
    void anEd25519KeyInTwoSpellingsCountsOnce() throws IOException {
        TufSigner signer = RepositoryFixture.signer(9);
        String hex = signer.key().publicValue();
        countsOnce(signer, signer.key(), new TufKey("ed25519", "ed25519", hex.toUpperCase(Locale.ROOT)));
    }

    @Test
    void aP256KeyInThreeSpellingsCountsOnce() throws Exception {
        MemoryKeyStore keys = new MemoryKeyStore();
        keys.generate("k", KeyAlgorithm.P256);
        TufSigner signer = TufSigner.of(keys, "k");
        String pem = signer.key().publicValue();
        countsOnce(
                signer,
                signer.key(),
                new TufKey("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", pem),
                new TufKey("ecdsa", "ecdsa-sha2-nistp256", pem.replace("\n", "\r\n")));
    }

    @Test
    void rsaKeysComeAsSubjectPublicKeyInfoAndAsPkcs1() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        byte[] pkcs1 = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())
                .getPublicKeyData()
                .getOctets();
        TufKey one = new TufKey(
                "rsa", "rsassa-pss-sha256", pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        TufKey two = new TufKey("rsa", "rsassa-pss-sha256", pem("RSA PUBLIC KEY", pkcs1));
        countsOnce(rsa(pair, one), one, two);
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----";
    }

    private static TufSigner rsa(KeyPair pair, TufKey key) {
        return new TufSigner() {
            @Override
            public TufKey key() {
                return key;
            }

            @Override
            public byte[] sign(byte[] message) throws IOException {
                try {
                    Signature signature = Signature.getInstance("RSASSA-PSS");
                    signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                    signature.initSign(pair.getPrivate());
                    signature.update(message);
                    return signature.sign();
                } catch (GeneralSecurityException e) {
                    throw new IOException(e);
                }
            }
        };
    }

    /** Under the neutral element as a key, everyone's signature would be good. */
    @Test
    void ed25519KeysOfSmallOrderVerifyNothing() {
        byte[] neutral = new byte[32];
        neutral[0] = 1;
        assertFalse(TufKey.ed25519(neutral).usable());
    }

    @Test
    void aKeyOfAnUnknownKindMayHoldWhatItLikes() throws IOException {
        JsonObject identity = JsonObject.builder()
                .put("keytype", "someone-else")
                .put("scheme", "by-identity")
                .put(
                        "keyval",
                        JsonObject.builder().put("identity", "a@example.org").build())
                .build();
        JsonObject root =
                Tampering.at(fixture.root(2), List.of("keys"), keys -> Tampering.with(keys, "an id", identity));
        fixture.publishRoot(2, root);
        assertEquals(Refusal.MALFORMED, refusal(fixture.refresh()), "its id is not its digest");
        assertInstanceOf(TufResult.Refreshed.class, lenient().refresh());
    }

    @Test
    void aSignatureThatIsNoneDoesNotSpoilTheOthers() throws IOException {
        JsonObject timestamp = Tampering.signed(fixture.file("timestamp.json"));
        JsonObject next = Tampering.with(timestamp, "version", new JsonValue.Whole(2));
        TufSigner right = RepositoryFixture.signer(6);
        fixture.files.put(
                "timestamp.json",
                Tampering.envelope(
                        next,
                        List.of(
                                JsonObject.builder()
                                        .put("keyid", "x")
                                        .put("sig", "")
                                        .build(),
                                JsonObject.builder()
                                        .put("keyid", "y")
                                        .put("sig", "zz")
                                        .build(),
                                Tampering.signature(next, right, right.key().keyId()))));
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh());
    }

    @Test
    void aRoleWhoseKeyIdsHaveNoKeyTrustsNobody() throws IOException {
        fixture.publishRoot(
                2,
                Tampering.at(
                        fixture.root(2),
                        List.of("roles", "snapshot"),
                        role -> Tampering.with(role, "keyids", new JsonValue.Array(List.of()))));
        byte[] next = Tampering.sign(fixture.snapshot(2), SNAPSHOT);
        fixture.files.put("2.snapshot.json", next);
        fixture.publishTimestamp(2, next, true);
        assertEquals(Refusal.UNTRUSTED_SIGNATURES, refusal(fixture.refresh()));
    }

    // Dates

    @Test
    void aDayThatIsNotInTheCalendarIsRefused() throws IOException {
        for (String date : List.of(
                "2027-02-30T00:00:00Z", "2027-01-01T24:00:00Z", "2027-01-01T00:00:00+00:00", "2027-1-1T00:00:00Z")) {
            fixture.publishRoot(2, Tampering.with(fixture.root(2), "expires", new JsonValue.Text(date)));
            assertEquals(Refusal.MALFORMED, refusal(fixture.refresh()), date);
        }
        fixture.publishRoot(2, Tampering.with(fixture.root(2), "expires", new JsonValue.Text("2028-02-29T23:59:59Z")));
        assertInstanceOf(TufResult.Refreshed.class, fixture.refresh());
    }

    @Test
    void aRefreshSaysWhenTheFirstFileExpires() throws IOException {
        for (TopLevelRole role : List.of(TopLevelRole.ROOT, TopLevelRole.SNAPSHOT, TopLevelRole.TARGETS)) {
            RepositoryFixture other = new RepositoryFixture();
            other.repository.setValidity(role, Duration.ofDays(2));
            other.publish().trustFirstRoot();
            assertEquals(
                    RepositoryFixture.START.plus(Duration.ofDays(2)),
                    assertInstanceOf(TufResult.Refreshed.class, other.refresh()).expires(),
                    role.roleName());
        }
    }

    // Lengths

    @Test
    void aStatedLengthDoesNotOverruleTheBudget() throws IOException {
        byte[] padded = new byte[TufLimits.DEFAULT.maxSnapshotBytes() + 1];
        fixture.files.put("2.snapshot.json", padded);
        fixture.publishTimestamp(2, padded, true);
        assertEquals(Refusal.ENDLESS_DATA, refusal(fixture.refresh()));
    }

    @Test
    void aTargetOfEnormousLengthIsReadToItsEnd() throws IOException {
        JsonObject huge = Tampering.at(
                fixture.targets(2),
                List.of("targets", "a"),
                target -> Tampering.with(target, "length", new JsonValue.Whole(Long.MAX_VALUE)));
        fixture.publishTargets(Tampering.sign(huge, TARGETS), 2, true);
        TufClient client = fixture.client();
        client.refresh();
        TargetFile target =
                assertInstanceOf(TufResult.Found.class, client.lookup("a")).target();
        Fetcher two = path -> Optional.of(new InputStream() {
            private int left = 2;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                assertTrue(length > 0, "asked for nothing, so that it would never end");
                return super.read(into, offset, length);
            }
        });
        assertEquals(Refusal.TARGET_MISMATCH, refusal(client.download(target, two, OutputStream.nullOutputStream())));
    }

    // Names

    @Test
    void aQuestionMarkMatchesAnyOneCharacter() {
        assertTrue(PathPattern.matches("fw-?.bin", "fw-\uD83D\uDE00.bin"));
        assertTrue(PathPattern.matches("[\uD83D\uDE00-\uD83D\uDE02]", "\uD83D\uDE01"));
        assertFalse(PathPattern.matches("??", "\uD83D\uDE00"));
        assertTrue(PathPattern.matches("*\uDE00", "\uD83D\uDE00") == false, "no half characters");
    }

    /** On a file system that does not tell case apart, its file would take the place of the root's. */
    @Test
    void aRoleNamedLikeTheRootInCapitalsIsKeptUnderAnotherName() throws IOException {
        List<String> written = new ArrayList<>();
        TrustedStore store = new TrustedStore() {
            @Override
            public Optional<byte[]> read(String file) throws IOException {
                return fixture.store.read(file);
            }

            @Override
            public void write(String file, byte[] bytes) throws IOException {
                written.add(file.toLowerCase(Locale.ROOT));
                fixture.store.write(file, bytes);
            }

            @Override
            public void delete(String file) throws IOException {
                fixture.store.delete(file);
            }
        };
        fixture.repository.delegate(
                "targets", "ROOT", RoleSigners.of(RepositoryFixture.signer(40)), List.of("p"), false);
        fixture.repository.addTarget("ROOT", TargetFile.of("p", IMAGE));
        fixture.publish();
        TufClient client = new TufClient(store, fixture.fetcher(), fixture.clock);
        client.refresh();
        assertInstanceOf(TufResult.Found.class, client.lookup("p"));
        assertFalse(written.contains("root.json"), written.toString());
    }

    @Test
    void oneOfSeveralHashesIsInTheLocationAndAlwaysTheSame() throws IOException {
        TufClient client = fixture.client();
        client.refresh();
        Map<String, String> hashes = Map.of("sha512", "ab".repeat(64), "sha384", "cd".repeat(48));
        assertEquals("d/" + "cd".repeat(48) + ".t", client.location(new TargetFile("d/t", 1, hashes, "{}")));
    }

    @Test
    void aDelegationWithoutPathsIsTrustedForNone() throws IOException {
        JsonObject delegations = JsonObject.builder()
                .put("keys", JsonObject.builder().build())
                .put(
                        "roles",
                        new JsonValue.Array(List.of(JsonObject.builder()
                                .put("name", "r")
                                .put("keyids", List.of())
                                .put("threshold", 1)
                                .build())))
                .build();
        JsonObject top = Tampering.with(fixture.targets(2), "delegations", delegations);
        fixture.publishTargets(Tampering.sign(top, TARGETS), 2, true);
        TufClient client = fixture.client();
        assertInstanceOf(TufResult.Refreshed.class, client.refresh());
        assertEquals(Refusal.UNKNOWN_TARGET, refusal(client.lookup("b")), "the role is not even asked for");
    }
}
