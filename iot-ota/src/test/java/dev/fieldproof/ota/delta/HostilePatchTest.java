package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;

/** Patches made to hurt, each refused by a checked exception; and many mutations of honest ones. */
class HostilePatchTest {
    private static final DeltaLimits LIMITS = new DeltaLimits(1 << 20, 1000);
    /** Little more than the honest image, so that a size that was mutated is not worked through a million times. */
    private static final DeltaLimits TIGHT = new DeltaLimits(1 << 8, 1000);

    /** With sizes of one byte each. */
    private static final int DIGESTS_AT = 6 + 1 + 1 + 1 + 1;

    private static final byte[] OLD = DeltaRoundTripTest.sample()[0];

    private static byte[] bzip2(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BZip2CompressorOutputStream bzip2 = new BZip2CompressorOutputStream(out)) {
            bzip2.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] bsdiff40(long targetBytes, long... control) {
        ByteBuffer numbers = ByteBuffer.allocate(8 * control.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long number : control) {
            numbers.putLong(number < 0 ? -number | Long.MIN_VALUE : number);
        }
        byte[] controls = bzip2(numbers.array());
        byte[] content = bzip2(new byte[4096]);
        ByteBuffer patch =
                ByteBuffer.allocate(32 + controls.length + 2 * content.length).order(ByteOrder.LITTLE_ENDIAN);
        patch.put("BSDIFF40".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        patch.putLong(controls.length).putLong(content.length).putLong(targetBytes);
        patch.put(controls).put(content).put(content);
        return patch.array();
    }

    private static void refused(byte[] patch) {
        assertThrows(
                MalformedPatchException.class,
                () -> Bsdiff40.apply(SourceImage.of(OLD), patch, (b, o, n) -> {}, LIMITS));
    }

    @Test
    void hugeTargets() {
        refused(bsdiff40(Integer.MAX_VALUE, 10, 10, 0));
        refused(bsdiff40((1L << 32) + 1000, 10, 10, 0));
        refused(bsdiff40(-1, 10, 10, 0));
    }

    @Test
    void negativeAndTooLongBlocks() {
        refused(bsdiff40(100, -1, 10, 0));
        refused(bsdiff40(100, 10, -1, 0));
        refused(bsdiff40(100, 101, 0, 0));
        refused(bsdiff40(100, 50, Long.MAX_VALUE, 0));
    }

    @Test
    void seeksOutsideTheSource() {
        refused(bsdiff40(100, 10, 0, -1_000_000, 10, 0, 0));
        refused(bsdiff40(100, 10, 0, Long.MAX_VALUE, 10, 0, 0));
        refused(bsdiff40(100, 10, 0, OLD.length - 15, 10, 0, 0));
    }

    @Test
    void endlessEmptyBlocks() {
        refused(bsdiff40(100, new long[3 * 100_000]));
    }

    @Test
    void trailingAndMissingBytes() throws Exception {
        byte[] patch = Bsdiff40.create(OLD, DeltaRoundTripTest.sample()[1]);
        refused(Arrays.copyOf(patch, patch.length + 5));
        refused(Arrays.copyOf(patch, patch.length - 10));
        refused(Arrays.copyOf(patch, 20));
    }

    @Test
    void mutatedPatchesNeverGiveAWrongImage() {
        byte[] old = Arrays.copyOf(OLD, 120);
        byte[] target = Arrays.copyOf(OLD, 126);
        target[60] ^= 7;
        System.arraycopy(OLD, 30, target, 90, 20);
        byte[][] patches = {
            DeltaEncoder.create(old, target, DeltaOptions.DEFAULT).patch(), withModel(old, target)
        };
        SeededRuns.check(100, random -> {
            for (int i = 0; i < 10_000; i++) {
                byte[] patch = mutate(patches[i & 1], random);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(old), out::write, TIGHT);
                try {
                    decoder.feed(patch);
                    decoder.finish();
                    assertArrayEquals(target, out.toByteArray());
                } catch (DeltaException e) {
                    // Refused, as it should be.
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    @Test
    void mutatedPatchesWithATailNeverGiveAWrongImage() {
        byte[][] pair = {TailTest.esp(Arrays.copyOf(OLD, 40)), TailTest.esp(Arrays.copyOf(OLD, 47))};
        byte[] honest =
                DeltaEncoder.create(pair[0], pair[1], DeltaOptions.DEFAULT).patch();
        SeededRuns.check(100, random -> {
            for (int i = 0; i < 1000; i++) {
                byte[] patch = mutate(honest, random);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(pair[0]), out::write, TIGHT);
                try {
                    decoder.feed(patch);
                    decoder.finish();
                    assertArrayEquals(pair[1], out.toByteArray());
                } catch (DeltaException e) {
                    // Refused, as it should be.
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    /** A patch whose header names an instruction set, so that mutations reach the models too. */
    private static byte[] withModel(byte[] old, byte[] target) {
        byte[] patch = DeltaEncoder.create(old, target, DeltaOptions.DEFAULT).patch();
        int digestsEnd = DIGESTS_AT + 64;
        byte[] longer = new byte[patch.length + 9];
        System.arraycopy(patch, 0, longer, 0, digestsEnd);
        longer[5] = 1;
        byte[] model = {(byte) 0xFF, (byte) 0xFF, 0x03, 0, 0, 0, 0};
        System.arraycopy(model, 0, longer, digestsEnd, model.length);
        System.arraycopy(patch, digestsEnd, longer, digestsEnd + model.length, patch.length - digestsEnd);
        return longer;
    }

    private static byte[] mutate(byte[] patch, RandomGenerator random) {
        byte[] mutated = Arrays.copyOf(patch, patch.length - (random.nextInt(8) == 0 ? random.nextInt(20) : 0));
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(random.nextInt(4) == 0 ? DIGESTS_AT : mutated.length);
            // Digests of the source are left alone mostly: past them there is more to break.
            at = at >= DIGESTS_AT && at < DIGESTS_AT + 32 ? DIGESTS_AT + 64 + at % 10 : at;
            mutated[Math.min(at, mutated.length - 1)] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) (1 << random.nextInt(8));
        }
        return mutated;
    }
}
