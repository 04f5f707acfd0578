package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The decoder in C against the one in Java, built with the machine's compiler. Property {@code fieldproof.cflags} adds
 * compiler flags, such as those of the sanitizers.
 */
class DeviceDecoderTest {
    private static final int REFUSED = 3;
    private static final String MALFORMED = "-1";
    private static final String LIMIT = "-3";

    @TempDir
    static Path folder;

    private static Path program;
    private static String output = "";

    @BeforeAll
    static void build() throws Exception {
        for (String name : List.of("fieldproof_delta.c", "fieldproof_delta.h", "apply.c")) {
            try (InputStream in = DeviceDecoderTest.class.getResourceAsStream("c/" + name)) {
                Files.copy(Objects.requireNonNull(in, name), folder.resolve(name));
            }
        }
        program = folder.resolve("apply");
        String flags = "cc -std=c99 -O2 -Wall -Wextra -Werror " + System.getProperty("fieldproof.cflags", "")
                + " -o apply apply.c fieldproof_delta.c";
        try {
            assertEquals(0, run(List.of(flags.split(" +"))));
        } catch (IOException e) {
            abort("skipped: no C compiler (cc): " + e.getMessage());
        }
    }

    private static int run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(true, process.waitFor(1, TimeUnit.MINUTES), output);
        int code = process.exitValue();
        assertEquals(true, code == 0 || code == REFUSED, output);
        return code;
    }

    private static int apply(byte[] old, byte[] patch, int chunk, Object... more) throws Exception {
        Files.write(folder.resolve("old"), old);
        Files.write(folder.resolve("patch"), patch);
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "old", "patch", "new", Integer.toString(chunk)));
        for (Object argument : more) {
            command.add(argument.toString());
        }
        return run(command);
    }

    @ParameterizedTest
    @MethodSource("dev.fieldproof.ota.delta.Corpus#some")
    void appliesRealPatches(Corpus.Pair pair) throws Exception {
        assertEquals(0, apply(pair.oldBytes(), Patches.small(pair), 64));
        assertArrayEquals(pair.targetBytes(), Files.readAllBytes(folder.resolve("new")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 4096})
    void anyChunkingGivesTheSame(int chunk) throws Exception {
        byte[][] images = DeltaRoundTripTest.sample();
        byte[] patch =
                DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch();
        assertEquals(0, apply(images[0], patch, chunk));
        assertArrayEquals(images[1], Files.readAllBytes(folder.resolve("new")));
    }

    private static List<byte[][]> withTails() {
        List<byte[][]> pairs = new ArrayList<>(List.<byte[][]>of(TailTest.espPair()));
        byte[][] inner = TailTest.espPair();
        byte[][] dump = new byte[2][];
        for (int i = 0; i < 2; i++) {
            dump[i] = Arrays.copyOf(TailTest.noise(9, 4096), 4096 + 1200);
            System.arraycopy(inner[i], 0, dump[i], 4096, inner[i].length);
        }
        pairs.add(dump);
        byte[] content = TailTest.noise(8, 3000);
        byte[] changed = content.clone();
        changed[1500]++;
        for (int form = 0; form < 4; form++) {
            pairs.add(new byte[][] {TailTest.crc(form, content), TailTest.crc(form, changed)});
        }
        return pairs;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 4096})
    void makesTails(int chunk) throws Exception {
        for (byte[][] pair : withTails()) {
            byte[] patch =
                    DeltaEncoder.create(pair[0], pair[1], DeltaOptions.DEFAULT).patch();
            assertEquals(8, patch[4], "the flag of a tail");
            assertEquals(0, apply(pair[0], patch, chunk));
            assertArrayEquals(pair[1], Files.readAllBytes(folder.resolve("new")));
            assertEquals(0, apply(pair[0], patch, chunk, patch.length - 2), "from a checkpoint");
            assertArrayEquals(pair[1], Files.readAllBytes(folder.resolve("new")));
        }
    }

    @Test
    void refusesATailThatDoesNotFit() throws Exception {
        byte[][] pair = TailTest.espPair();
        byte[] patch =
                DeltaEncoder.create(pair[0], pair[1], DeltaOptions.DEFAULT).patch();
        for (int[] lie : TailTest.lies()) {
            assertEquals(REFUSED, apply(pair[0], TailTest.lying(patch, lie), 64), Arrays.toString(lie));
            assertTrue(output.startsWith(MALFORMED), output);
        }
    }

    @Test
    void refusesImagesThatItsCopiesCannotName() throws Exception {
        byte[][] images = DeltaRoundTripTest.sample();
        byte[] patch =
                DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch();
        byte[] larger = new byte[patch.length + 2];
        System.arraycopy(patch, 0, larger, 0, 6);
        System.arraycopy(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, 8}, 0, larger, 6, 4);
        System.arraycopy(patch, 8, larger, 10, patch.length - 8);
        assertEquals(REFUSED, apply(images[0], larger, 64));
        assertTrue(output.startsWith(LIMIT), output);
    }

    @Test
    void refusesWrongSourceDamageAndTrailingBytes() throws Exception {
        byte[][] images = DeltaRoundTripTest.sample();
        byte[] patch =
                DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch();
        assertEquals(REFUSED, apply(images[1], patch, 64));
        assertEquals(0, Files.size(folder.resolve("new")));
        assertEquals(REFUSED, apply(images[0], Arrays.copyOf(patch, patch.length + 1), 64));
        assertEquals(REFUSED, apply(images[0], Arrays.copyOf(patch, patch.length - 1), 64));
        for (int at = 0; at < patch.length; at += 37) {
            byte[] damaged = patch.clone();
            damaged[at] ^= 0x10;
            assertEquals(REFUSED, apply(images[0], damaged, 64), "byte " + at);
        }
    }

    /** Two images and the patch between them, most of which does not fit the ring of the decoder. */
    private static byte[][] sample() {
        byte[][] images = DeltaRoundTripTest.sample();
        for (int i = 0; i < images[1].length; i += 16) {
            images[1][i] ^= 0x55;
        }
        return new byte[][] {
            images[0],
            images[1],
            DeltaEncoder.create(images[0], images[1], DeltaOptions.DEFAULT).patch()
        };
    }

    @Test
    void goesOnFromACheckpointAnywhereInThePatch() throws Exception {
        byte[][] sample = sample();
        for (int cut = 0; cut <= sample[2].length; cut += 23) {
            assertEquals(0, apply(sample[0], sample[2], 64, cut), "cut at " + cut);
            assertArrayEquals(sample[1], Files.readAllBytes(folder.resolve("new")), "cut at " + cut);
        }
    }

    @Test
    void theDecoderInJavaGoesOnFromItsCheckpoint() throws Exception {
        byte[][] sample = sample();
        assertEquals(0, apply(sample[0], sample[2], 64, sample[2].length - 1));
        byte[] checkpoint = Files.readAllBytes(folder.resolve("checkpoint"));
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        DeltaDecoder decoder =
                DeltaDecoder.resume(SourceImage.of(sample[0]), rest::write, DeltaLimits.DEFAULT, checkpoint);
        int written = (int) decoder.targetOffset();
        assertTrue(written > 0);
        decoder.feed(sample[2], 0, 100);
        assertArrayEquals(checkpoint, decoder.checkpoint());
        decoder.feed(sample[2], 100, sample[2].length - 100);
        decoder.finish();
        assertArrayEquals(Arrays.copyOfRange(sample[1], written, sample[1].length), rest.toByteArray());
    }

    @Test
    void refusesACheckpointThatIsTornOrOfAnotherPatch() throws Exception {
        byte[][] sample = sample();
        int cut = sample[2].length - 1;
        for (int bit = 0; bit < 8 * Checkpoint.BYTES; bit += 13) {
            assertEquals(REFUSED, apply(sample[0], sample[2], 64, cut, bit), "bit " + bit);
        }
        byte[] otherTarget = sample[1].clone();
        otherTarget[5900]++;
        Files.write(
                folder.resolve("other"),
                DeltaEncoder.create(sample[0], otherTarget, DeltaOptions.DEFAULT)
                        .patch());
        assertEquals(REFUSED, apply(sample[0], sample[2], 64, cut, -1, "other"));
        assertEquals(0, apply(sample[0], sample[2], 64, 3, -1, "other"), "nothing was known of the first patch");
    }
}
