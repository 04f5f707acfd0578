package dev.fieldproof.ota.delta.bzip2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against two programs that know the format, and against streams that break its rules. */
class Bzip2Test {
    @TempDir
    Path folder;

    private static byte[] theirs(byte[] content, int level) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BZip2CompressorOutputStream bzip2 = new BZip2CompressorOutputStream(out, level)) {
            bzip2.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] theyRead(byte[] stream) {
        try (BZip2CompressorInputStream in = new BZip2CompressorInputStream(new ByteArrayInputStream(stream))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads in pieces of one size; a damaged stream may well be of many megabytes, which need not be waited for. */
    private static byte[] read(byte[] stream, int piece, int limit) throws Bzip2Exception {
        Bzip2Decoder decoder = new Bzip2Decoder(stream, 0, stream.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[piece + 2];
        int count;
        do {
            count = decoder.read(buffer, 1, piece);
            out.write(buffer, 1, count);
        } while (count == piece && out.size() <= limit);
        if (out.size() > limit) {
            throw new Bzip2Exception(decoder.offset(), "too long");
        }
        assertEquals(stream.length, decoder.offset());
        return out.toByteArray();
    }

    private static byte[] read(byte[] stream) {
        try {
            return read(stream, 8192, Integer.MAX_VALUE);
        } catch (Bzip2Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void agrees(byte[] content) {
        byte[] ours = Bzip2Encoder.encode(content);
        assertArrayEquals(content, read(ours));
        assertArrayEquals(content, theyRead(ours));
        byte[] theirs = theirs(content, 9);
        assertArrayEquals(content, read(theirs));
        assertTrue(ours.length <= 1.03 * theirs.length + 16, ours.length + " bytes, theirs " + theirs.length);
    }

    /** Runs, repetitions and noise of few or many different bytes. */
    private static byte[] content(RandomGenerator random) {
        byte[] content = new byte[random.nextInt(5000)];
        int different = 1 + random.nextInt(256);
        for (int at = 0; at < content.length; ) {
            int end = Math.min(content.length, at + 1 + random.nextInt(600));
            int kind = random.nextInt(3);
            int period = 1 + random.nextInt(9);
            for (int begun = at; at < end; at++) {
                boolean copies = kind == 0 ? at > begun : kind == 1 && at >= period;
                content[at] = copies ? content[at - (kind == 0 ? 1 : period)] : (byte) random.nextInt(different);
            }
        }
        return content;
    }

    @Test
    void anyContentIsReadByBoth() {
        SeededRuns.check(300, random -> agrees(content(random)));
    }

    @Test
    void theEdgesOfRunsAndBlocks() throws Bzip2Exception {
        for (int run : new int[] {0, 1, 2, 3, 4, 5, 254, 255, 256, 257, 258, 259, 260, 510, 511, 1000}) {
            byte[] content = new byte[run + 1];
            content[run] = 1;
            agrees(content);
            agrees(Arrays.copyOf(content, run));
            assertArrayEquals(content, read(Bzip2Encoder.encode(content), 1, Integer.MAX_VALUE));
        }
        agrees(new byte[2_000_000]);
        byte[] noise = new byte[950_000];
        new SplittableRandom(1).nextBytes(noise);
        agrees(noise);
        assertArrayEquals(noise, read(theirs(noise, 1)));
    }

    @Test
    void repetitionsSortInLinearTime() {
        for (int period : new int[] {2, 3, 64, 1000}) {
            byte[] content = new byte[900_000];
            for (int i = 0; i < content.length; i++) {
                content[i] = (byte) (i % period * 37 + i % period / 7);
            }
            byte[] stream = Bzip2Encoder.encode(content);
            assertArrayEquals(content, read(stream));
            assertArrayEquals(content, theyRead(stream));
        }
    }

    @Test
    void rareSymbolsHaveWordsOfAtMost17Bits() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int[] times = {1, 1};
        for (int value = 0; value < 27; value++) {
            for (int i = 0; i < times[0]; i++) {
                content.write(value);
                content.write(((i * value) >>> 3) & 1);
            }
            times = new int[] {times[1], times[0] + times[1]};
        }
        agrees(content.toByteArray());
    }

    @Test
    void theToolAgrees() throws Exception {
        byte[] content = new byte[1_200_000];
        for (int at = 0; at < content.length; ) {
            byte[] part = content(new SplittableRandom(at));
            System.arraycopy(part, 0, content, at, Math.min(part.length, content.length - at));
            at += part.length + 1;
        }
        Files.write(folder.resolve("ours.bz2"), Bzip2Encoder.encode(content));
        Files.write(folder.resolve("theirs"), content);
        assertArrayEquals(content, tool("bzip2", "-dc", "ours.bz2"));
        assertArrayEquals(content, read(tool("bzip2", "-1c", "theirs")));
        assertArrayEquals(content, read(tool("bzip2", "-9c", "theirs")));
    }

    private byte[] tool(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            byte[] output = process.getInputStream().readAllBytes();
            assertEquals(0, process.waitFor());
            return output;
        } catch (IOException e) {
            return abort("skipped: " + command[0] + " is not installed (Debian package bzip2)");
        }
    }

    /** Every single bit flipped: never other content; and some are seen by nothing but each of the two sums. */
    @Test
    void everyFlippedBitIsSeen() {
        byte[] content = Arrays.copyOf(content(new SplittableRandom(7)), 700);
        byte[] stream = Bzip2Encoder.encode(content);
        Map<String, Integer> rules = new HashMap<>();
        for (int bit = 0; bit < 8 * stream.length; bit++) {
            byte[] damaged = stream.clone();
            damaged[bit >>> 3] ^= (byte) (1 << (bit & 7));
            try {
                assertArrayEquals(content, read(damaged, 4096, 1 << 20), "bit " + bit);
            } catch (Bzip2Exception e) {
                assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= stream.length, e::getMessage);
                rules.merge(e.getMessage(), 1, Integer::sum);
            }
        }
        for (String rule : List.of(
                "a block must have the CRC before it",
                "a stream must have the CRC at its end",
                "a stream must begin with BZh",
                "a block must begin with its magic number",
                "a block must not be randomised",
                "the origin must lie within the block")) {
            assertTrue(rules.containsKey(rule), rule + ": " + rules);
        }
    }

    @Test
    void everyShortenedStreamIsSeen() {
        byte[] stream = Bzip2Encoder.encode(Arrays.copyOf(content(new SplittableRandom(3)), 700));
        for (int length = 0; length < stream.length; length++) {
            byte[] shorter = Arrays.copyOf(stream, length);
            assertThrows(Bzip2Exception.class, () -> read(shorter, 4096, 1 << 20), "length " + length);
        }
    }

    @Test
    void mutatedStreamsAreRefusedOrReadAlike() {
        byte[][] streams = new byte[8][];
        byte[][] contents = new byte[8][];
        for (int i = 0; i < streams.length; i++) {
            contents[i] = Arrays.copyOf(content(new SplittableRandom(i)), 300);
            streams[i] = Bzip2Encoder.encode(contents[i]);
        }
        SeededRuns.check(50, random -> {
            for (int n = 0; n < 400; n++) {
                int i = random.nextInt(streams.length);
                byte[] mutated = streams[i].clone();
                for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                try {
                    assertArrayEquals(contents[i], read(mutated, 512, 1 << 20));
                } catch (Bzip2Exception e) {
                    // Refused, as it should be.
                }
            }
        });
    }

    @Test
    void aBlockIsNotLargerThanItSays() {
        byte[] content = new byte[150_000];
        new SplittableRandom(2).nextBytes(content);
        byte[] stream = Bzip2Encoder.encode(content);
        stream[3] = '1';
        Bzip2Exception e = assertThrows(Bzip2Exception.class, () -> read(stream, 4096, 1 << 20));
        assertEquals("a block must not be larger than it says", e.getMessage());
    }
}
