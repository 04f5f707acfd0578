package dev.fieldproof.ota.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Hostile metadata: every flipped bit, and random changes; nothing is believed, and nothing but a refusal comes out.
 */
class MetadataFuzzPropertyTest {
    private static final byte[] IMAGE = "an image of some length".getBytes(StandardCharsets.UTF_8);
    private static final List<String> FETCHED =
            List.of("2.root.json", "timestamp.json", "2.snapshot.json", "1.targets.json");
    /** Every bit in the full profile, otherwise every eleventh, so that all positions within a byte come up. */
    private static final int STRIDE = Integer.getInteger("fieldproof.runs", 1) >= 10 ? 1 : 11;

    private static final byte[][] TOKENS = tokens(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\\u0000",
            "\\ud800",
            "-1",
            "0",
            "9223372036854775807",
            "1e9",
            "null",
            "true",
            "{\"\":{}}",
            "\"keyids\"",
            "\"threshold\"",
            "\"version\"",
            "\"paths\"",
            "\"succinct_roles\"");

    private final RepositoryFixture fixture = new RepositoryFixture();
    private final TargetFile target = TargetFile.of("image", IMAGE);
    private Root trusted;

    private static byte[][] tokens(String... texts) {
        byte[][] tokens = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            tokens[i] = texts[i].getBytes(StandardCharsets.US_ASCII);
        }
        return tokens;
    }

    @BeforeEach
    void aRepository() throws IOException, RefusedException {
        FirmwareInfo.Delta delta = new FirmwareInfo.Delta(
                Digest.sha256(IMAGE), Digest.sha256(IMAGE), "p", Digest.sha256(IMAGE), 9, "fieldproof/small", 9);
        fixture.repository.addTarget(target.withFirmware(
                new FirmwareInfo("1.0", List.of("board"), 1, 4096, Digest.sha256(IMAGE), List.of(delta))));
        fixture.repository.delegate(
                "targets", "r", RoleSigners.of(RepositoryFixture.signer(9)), List.of("x/*", "y?"), true);
        fixture.publish().trustFirstRoot();
        fixture.repository.rotate(TopLevelRole.TIMESTAMP, RoleSigners.of(RepositoryFixture.signer(8)));
        fixture.publish();
        trusted = Root.parse(fixture.file("2.root.json"), true, "root");
    }

    private TufResult refreshWith(String name, byte[] bytes) {
        TrustedStore store = TrustedStore.inMemory();
        try {
            TufClient.initialise(store, fixture.file("1.root.json"), TufLimits.DEFAULT);
            Fetcher fetcher = path -> Optional.ofNullable(path.equals(name) ? bytes : fixture.files.get(path))
                    .map(ByteArrayInputStream::new);
            return new TufClient(store, fetcher, fixture.clock).refresh();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyFlippedBitOfEveryFileIsRefused() {
        List<String> believed = new ArrayList<>();
        for (String name : FETCHED) {
            byte[] good = fixture.file(name);
            assertTrue(isSigned(name, good), name);
            assertInstanceOf(TufResult.Refreshed.class, refreshWith(name, good), name);
            for (int bit = 0; bit < 8 * good.length; bit += STRIDE) {
                byte[] bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                if (isSigned(name, bad) && !sameMeaning(good, bad)) {
                    believed.add(name + " bit " + bit);
                }
            }
        }
        assertEquals(List.of(), believed);
    }

    /** The one question that a client cannot do without; versions and hashes come on top. */
    private boolean isSigned(String name, byte[] bytes) {
        String role = name.replaceFirst("^[0-9]+[.]", "").replaceFirst("[.]json$", "");
        try {
            RoleKeys keys = trusted.keys(TopLevelRole.valueOf(role.toUpperCase(java.util.Locale.ROOT)));
            keys.requireSigned(Envelope.parse(bytes, role, name), name);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    /**
     * Signatures are over the meaning of a file and not over its bytes, so a flip that leaves what is signed as it was,
     * and the threshold met, is none: in a hex digit's case, or in one signature more than needed.
     */
    private static boolean sameMeaning(byte[] good, byte[] bad) {
        try {
            return Tampering.signed(bad).equals(Tampering.signed(good));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void everyFlippedBitOfAnImageIsRefused() throws IOException {
        TufClient client = fixture.client();
        client.refresh();
        String location = client.location(target);
        for (int bit = 0; bit < 8 * IMAGE.length; bit++) {
            byte[] bad = IMAGE.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            TufResult result =
                    client.download(target, RepositoryFixture.from(Map.of(location, bad)), new ByteArrayOutputStream());
            assertEquals(
                    Refusal.TARGET_MISMATCH,
                    assertInstanceOf(TufResult.Refused.class, result).refusal());
            assertTrue(!target.matches(new ByteArrayInputStream(bad)));
        }
    }

    /** 10,000 inputs by default, 100,000 in the full profile. */
    @Test
    void randomChangesGiveARefusalOrTheSameMeaning() {
        List<String> names = List.copyOf(fixture.files.keySet());
        SeededRuns.check(10_000, random -> {
            String name = names.get(random.nextInt(names.size()));
            byte[] bytes = changed(fixture.file(name), random);
            parse(bytes);
            if (random.nextInt(64) == 0
                    && FETCHED.contains(name)
                    && refreshWith(name, bytes) instanceof TufResult.Refreshed) {
                assertTrue(sameMeaning(fixture.file(name), bytes), () -> new String(bytes, StandardCharsets.UTF_8));
            }
        });
    }

    /** Every parser, whatever the file calls itself; only its own refusal may come out. */
    private static void parse(byte[] bytes) {
        try {
            Root.parse(bytes, false, "f");
        } catch (RefusedException e) {
            assertTrue(e.refusal() != Refusal.ROLLBACK);
        }
        try {
            Targets targets = Targets.parse(bytes, false, "f");
            targets.targets().values().forEach(TargetFile::firmware);
            targets.delegationsFor("x/y");
        } catch (RefusedException e) {
            assertTrue(e.refusal() != Refusal.ROLLBACK);
        }
        for (TopLevelRole role : List.of(TopLevelRole.SNAPSHOT, TopLevelRole.TIMESTAMP)) {
            try {
                Snapshot.parse(bytes, role);
            } catch (RefusedException e) {
                assertTrue(e.refusal() != Refusal.ROLLBACK);
            }
        }
    }

    private static byte[] changed(byte[] good, RandomGenerator random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = spliced(bytes, at, 0, TOKENS[random.nextInt(TOKENS.length)]);
                case 3 -> bytes = spliced(bytes, at, Math.min(bytes.length - at, random.nextInt(20)), new byte[0]);
                default -> {
                    int length = Math.min(bytes.length - at, random.nextInt(60));
                    byte[] piece = java.util.Arrays.copyOfRange(bytes, at, at + length);
                    bytes = spliced(bytes, random.nextInt(bytes.length), 0, piece);
                }
            }
            if (bytes.length == 0) {
                return good;
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, int removed, byte[] inserted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(inserted);
        out.write(bytes, at + removed, bytes.length - at - removed);
        return out.toByteArray();
    }
}
