package dev.fieldproof.serial.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.serial.Bench;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimalDeflateTest {
    private static byte[] inflated(byte[] stream, int length) throws DataFormatException {
        Inflater inflater = new Inflater();
        inflater.setInput(stream);
        byte[] bytes = new byte[length + 1];
        int count = inflater.inflate(bytes);
        assertTrue(inflater.finished(), "the stream ends where its bytes do");
        assertEquals(0, inflater.getRemaining());
        inflater.end();
        return Arrays.copyOf(bytes, count);
    }

    private static int zlibSize(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        deflater.setInput(bytes);
        deflater.finish();
        int size = deflater.deflate(new byte[bytes.length + bytes.length / 100 + 1000]);
        deflater.end();
        return size;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] periodic(int length, int period) {
        byte[] unit = random(period);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = unit[i % period];
        }
        return bytes;
    }

    static Stream<byte[]> inputs() {
        int segment = Segment.MAX_BYTES;
        return Stream.of(
                new byte[segment + 1],
                random(70_000),
                periodic(segment, 3),
                periodic(100_000, 257),
                periodic(100_000, 32_768),
                periodic(100_000, 32_769),
                Bench.code(segment - 1, 1),
                Bench.code(segment, 2),
                Bench.code(5 * segment + 1, 3));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void anyInflaterGetsTheBytesBack(byte[] bytes) throws DataFormatException {
        assertArrayEquals(bytes, inflated(OptimalDeflate.zlib(bytes, 0, bytes.length), bytes.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 257, 258, 259, 260, 1023, 65_535})
    void lengthsAtEveryLimitComeBack(int length) throws DataFormatException {
        for (byte[] bytes : new byte[][] {new byte[length], random(length), Bench.code(length, length)}) {
            assertArrayEquals(bytes, inflated(OptimalDeflate.zlib(bytes, 0, length), length));
        }
    }

    @Test
    void shortInputsOfFewValuesComeBack() {
        SeededRuns.check(300, random -> {
            byte[] bytes = new byte[random.nextInt(2000)];
            int values = 1 + random.nextInt(4);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) random.nextInt(values);
            }
            assertArrayEquals(bytes, backFromTheMiddleOf(bytes, random));
        });
    }

    /** What lies around a piece must neither be copied from nor get into the stream. */
    private static byte[] backFromTheMiddleOf(byte[] bytes, RandomGenerator random) {
        byte[] around = new byte[bytes.length + 200];
        random.nextBytes(around);
        int from = random.nextInt(200);
        System.arraycopy(bytes, 0, around, from, bytes.length);
        try {
            return inflated(OptimalDeflate.zlib(around, from, bytes.length), bytes.length);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itIsSmallerThanZlibAtItsBest() {
        byte[] code = Bench.code(600_000, 4);
        double share = (double) OptimalDeflate.zlib(code, 0, code.length).length / zlibSize(code);
        assertTrue(share < 0.985, "share " + share);
    }

    @Test
    void whatCannotBeCompressedGrowsByFiveBytesForEachBlockAtMost() {
        byte[] noise = random(500_000);
        int size = OptimalDeflate.zlib(noise, 0, noise.length).length;
        assertTrue(size <= noise.length + 6 + 5 * (noise.length / 0xFFFF + 3), "size " + size);
    }

    @Test
    void theSameBytesGiveTheSameStream() {
        byte[] code = Bench.code(3 * Segment.MAX_BYTES, 5);
        assertArrayEquals(OptimalDeflate.zlib(code, 0, code.length), OptimalDeflate.zlib(code.clone(), 0, code.length));
    }

    @Test
    void aPieceOutsideTheArrayIsTheCallersMistake() {
        assertThrows(IndexOutOfBoundsException.class, () -> OptimalDeflate.zlib(new byte[10], 5, 6));
    }
}
