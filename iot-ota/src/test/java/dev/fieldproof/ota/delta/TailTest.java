package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tails: checksums and digests at the end of an image, which a patch need not carry. */
class TailTest {
    /** Ways to write the end of an ESP image; only the first is the right one. */
    enum Ending {
        RIGHT,
        OTHER_SEED,
        NO_PADDING,
        HEADERS_SUMMED,
        DIGEST_WITHOUT_CHECKSUM,
        NO_DIGEST
    }

    static byte[] esp(byte[]... segments) {
        return esp(Ending.RIGHT, segments);
    }

    private static byte[] esp(Ending ending, byte[]... segments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] header = new byte[24];
        header[0] = (byte) 0xE9;
        header[1] = (byte) segments.length;
        header[23] = 1;
        out.writeBytes(header);
        int sum = ending == Ending.OTHER_SEED ? 0 : 0xEF;
        for (int i = 0; i < segments.length; i++) {
            ByteBuffer head = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            head.putInt(0x4008_0000 + (i << 16)).putInt(segments[i].length);
            out.writeBytes(head.array());
            out.writeBytes(segments[i]);
            for (byte b : segments[i]) {
                sum ^= b;
            }
            for (byte b : ending == Ending.HEADERS_SUMMED ? head.array() : new byte[0]) {
                sum ^= b;
            }
        }
        while (ending != Ending.NO_PADDING && out.size() % 16 != 15) {
            out.write(0);
        }
        byte[] digested = out.toByteArray();
        out.write(sum);
        digested = ending == Ending.DIGEST_WITHOUT_CHECKSUM ? digested : out.toByteArray();
        out.writeBytes(
                ending == Ending.NO_DIGEST
                        ? new byte[32]
                        : Digest.sha256(digested).bytes());
        return out.toByteArray();
    }

    /** An image of three segments, and one in which bytes were changed and one segment has grown. */
    static byte[][] espPair() {
        byte[][] first = {noise(1, 500), noise(2, 0), noise(3, 333)};
        byte[][] then = {first[0].clone(), first[1], Arrays.copyOf(first[2], 346)};
        then[0][77]++;
        then[0][300]--;
        return new byte[][] {esp(first), esp(then)};
    }

    static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Content with the CRC-32 at its end, in one of the four forms. */
    static byte[] crc(int form, byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        int value = (int) crc.getValue() ^ ((form & Tail.PLAIN) != 0 ? -1 : 0);
        ByteOrder order = (form & Tail.BIG_ENDIAN) != 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return joined(content, ByteBuffer.allocate(4).order(order).putInt(value).array());
    }

    private static byte[] broken(byte[] image) {
        byte[] out = image.clone();
        out[out.length - 1] ^= 1;
        return out;
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void onlyTheRightEndingIsRecognised(Ending ending) {
        byte[] image = esp(ending, noise(1, 100), noise(2, 203));
        Optional<Tail.Place> place = Tail.of(image);
        assertEquals(ending == Ending.RIGHT, place.isPresent());
        place.ifPresent(p -> assertEquals(new Tail.Place(new Tail(Tail.ESP, 0), image.length - 33, 33), p));
    }

    @Test
    void anyChangedByteIsNoticed() {
        byte[] image = esp(noise(1, 100), noise(2, 203));
        for (int bit = 0; bit < 8 * image.length; bit++) {
            byte[] changed = image.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertTrue(Tail.of(changed).isEmpty(), "bit " + bit);
        }
    }

    @Test
    void anImageWithinAFlashDumpIsFound() {
        byte[] small = esp(noise(4, 200));
        byte[] large = esp(noise(5, 5000));
        byte[] dump = joined(Arrays.copyOf(small, 4096), new byte[4096], large, noise(6, 300));
        assertEquals(Optional.of(new Tail.Place(new Tail(Tail.ESP, 2), 8192 + large.length - 33, 33)), Tail.of(dump));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void eachFormOfTheCrcIsRecognised(int form) {
        byte[] image = crc(form, noise(7, 999));
        assertEquals(Optional.of(new Tail.Place(new Tail(Tail.CRC + form, 0), 999, 4)), Tail.of(image));
        assertTrue(Tail.of(broken(image)).isEmpty());
    }

    @Test
    void imagesOfFewBytesHaveNone() {
        for (int length = 0; length < 4; length++) {
            assertTrue(Tail.of(new byte[length]).isEmpty());
        }
    }

    @Test
    void piecesOfAnySizeGiveTheSame() {
        SeededRuns.check(300, random -> {
            byte[][] segments = new byte[1 + random.nextInt(16)][];
            for (int i = 0; i < segments.length; i++) {
                segments[i] = noise(random.nextLong(), random.nextInt(1, 40));
            }
            byte[] before = new byte[random.nextInt(2) * Tail.SECTOR_BYTES];
            byte[] image = joined(before, esp(segments), noise(1, random.nextInt(50)));
            boolean esp = random.nextBoolean();
            image = esp ? image : crc(random.nextInt(4), Arrays.copyOfRange(image, 1, image.length));
            Tail.Place place = Tail.of(image).orElseThrow();
            assertEquals(esp, place.tail().equals(new Tail(Tail.ESP, before.length / Tail.SECTOR_BYTES)));
            assertArrayEquals(image, completed(image, place, random));
        });
    }

    /** An image of which the tail was lost, completed piece by piece. */
    private static byte[] completed(byte[] image, Tail.Place place, RandomGenerator random) {
        byte[] lost = image.clone();
        Arrays.fill(lost, place.at(), place.at() + place.bytes(), (byte) 0x33);
        TailMaker maker = place.tail().begin(lost.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (int at = 0; at < lost.length; ) {
                int count = Math.min(lost.length - at, random.nextInt(1, 60));
                byte[] piece = Arrays.copyOfRange(lost, at, at + count);
                maker.complete(piece, count);
                out.writeBytes(piece);
                at += count;
            }
            maker.end();
        } catch (TailMaker.MisfitException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(DeltaProfile.class)
    void aPatchDoesNotCarryThem(DeltaProfile profile) throws Exception {
        DeltaOptions options = DeltaOptions.DEFAULT.withProfile(profile);
        byte[][] pair = espPair();
        byte[] patch = DeltaEncoder.create(pair[0], pair[1], options).patch();
        byte[] without = DeltaEncoder.create(pair[0], broken(pair[1]), options).patch();
        assertArrayEquals(pair[1], DeltaRoundTripTest.apply(pair[0], patch));
        assertTrue(patch.length <= without.length - 28, patch.length + " bytes, else " + without.length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void norTheCrc(int form) throws Exception {
        byte[] content = noise(8, 3000);
        byte[] old = crc(form, content);
        content[1500]++;
        byte[] target = crc(form, content);
        byte[] patch = DeltaEncoder.create(old, target, DeltaOptions.DEFAULT).patch();
        byte[] without =
                DeltaEncoder.create(old, broken(target), DeltaOptions.DEFAULT).patch();
        assertArrayEquals(target, DeltaRoundTripTest.apply(old, patch));
        assertTrue(patch.length <= without.length - 3, patch.length + " bytes, else " + without.length);
    }

    @Test
    void aTailThatStaysIsCopied() throws Exception {
        byte[] image = espPair()[0];
        byte[] patch = DeltaEncoder.create(image, image, DeltaOptions.DEFAULT).patch();
        assertEquals(0, patch[4], "no flag for a tail");
        assertArrayEquals(image, DeltaRoundTripTest.apply(image, patch));
    }

    @Test
    void goesOnFromACheckpointAnywhere() throws Exception {
        byte[][] pair = espPair();
        byte[] patch =
                DeltaEncoder.create(pair[0], pair[1], DeltaOptions.DEFAULT).patch();
        for (int cut = 0; cut <= patch.length; cut++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            DeltaDecoder first = DeltaDecoder.open(SourceImage.of(pair[0]), out::write, DeltaLimits.DEFAULT);
            first.feed(patch, 0, cut);
            DeltaDecoder second =
                    DeltaDecoder.resume(SourceImage.of(pair[0]), out::write, DeltaLimits.DEFAULT, first.checkpoint());
            second.feed(patch);
            second.finish();
            assertArrayEquals(pair[1], out.toByteArray(), "cut at " + cut);
        }
    }

    /** A patch that tells of another tail than that of its image; sizes of two bytes each, no instruction set. */
    static byte[] lying(byte[] patch, int... tail) {
        int at = 4 + 2 + 2 + 2 + 1 + 1 + 64;
        byte[] head = Arrays.copyOf(patch, at);
        assertEquals(8, head[4]);
        assertEquals(0, head[5]);
        byte[] told = new byte[tail.length];
        for (int i = 0; i < tail.length; i++) {
            told[i] = (byte) tail[i];
        }
        return joined(head, told, Arrays.copyOfRange(patch, at + 2, patch.length));
    }

    /** Tails that are none, or not of this image: unknown, another image's, beyond the end, cut off. */
    static int[][] lies() {
        return new int[][] {{0}, {6}, {255, 0}, {Tail.CRC}, {Tail.CRC + 3}, {Tail.ESP, 1}, {Tail.ESP, 0x80, 0}};
    }

    @ParameterizedTest
    @MethodSource("lies")
    void aTailThatDoesNotFitIsRefused(int[] tail) throws Exception {
        byte[][] pair = espPair();
        byte[] patch =
                DeltaEncoder.create(pair[0], pair[1], DeltaOptions.DEFAULT).patch();
        assertArrayEquals(patch, lying(patch, Tail.ESP, 0));
        byte[] lie = lying(patch, tail);
        assertThrows(MalformedPatchException.class, () -> DeltaRoundTripTest.apply(pair[0], lie));
    }

    @Test
    void anImageThatIsNoneOfItsKindIsRefused() {
        byte[] image = espPair()[1];
        int[] places = {0, 1, 1, 23, 30, 31};
        int[] values = {0xE8, 0, 17, 0, 0x70, 0x80};
        for (int i = 0; i < places.length; i++) {
            byte[] changed = image.clone();
            changed[places[i]] = (byte) values[i];
            TailMaker maker = new Tail(Tail.ESP, 0).begin(changed.length);
            assertThrows(TailMaker.MisfitException.class, () -> maker.complete(changed, changed.length));
        }
        byte[] cut = Arrays.copyOf(image, image.length - 1);
        TailMaker shorter = new Tail(Tail.ESP, 0).begin(cut.length);
        assertThrows(TailMaker.MisfitException.class, () -> shorter.complete(cut, cut.length));
        TailMaker beyond = new Tail(Tail.ESP, 1).begin(image.length);
        assertThrows(TailMaker.MisfitException.class, beyond::end);
    }
}
