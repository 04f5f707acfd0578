package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Intel HEX: taken apart only if it can be put together again byte for byte. */
class IntelHexTest {
    /** The specification's records: upper address, data, a shorter one, entry point, end. */
    private static final String SAMPLE = """
            :020000040800F2
            :1000000000040020C1020008C9020008CB02000859
            :10001000CD020008CF020008D10200080000000055
            :04002000D5020008FD
            :0400000508000131BD
            :00000001FF
            """;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(IntelHex form, byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        form.wrap(out::write).write(payload, 0, payload.length);
        return out.toByteArray();
    }

    private static void roundTrips(byte[] file) throws IOException {
        IntelHex form = IntelHex.of(file).orElseThrow();
        byte[] payload = IntelHex.unwrap(file);
        assertEquals(form.payloadBytes(), payload.length);
        assertArrayEquals(file, hex(form, payload));
    }

    @Test
    void takesASampleApart() throws Exception {
        IntelHex form = IntelHex.of(ascii(SAMPLE)).orElseThrow();
        assertEquals(
                new IntelHex(IntelHex.START_LINEAR, 16, 0x0800_0131, List.of(new IntelHex.Run(0x0800_0000, 36))), form);
        roundTrips(ascii(SAMPLE));
        roundTrips(ascii(SAMPLE.replace("\n", "\r\n")));
        roundTrips(ascii(SAMPLE.strip()));
        roundTrips(ascii(SAMPLE.replace('A', 'a')
                .replace('B', 'b')
                .replace('C', 'c')
                .replace('D', 'd')
                .replace('E', 'e')
                .replace('F', 'f')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":00000001FF",
                ":020000040800F2\n:00000001FF\n",
                ":0100000001FF\n:00000001FF\n",
                ":0100000001FE\n:00000001FF\n:00000001FF\n",
                ":0100000001FE\n",
                ":0100000001FE\n\n:00000001FF\n",
                ":0100000001FE\n:0100000001FE\n:00000001FF\n",
                ":0100000001FE\r\n:00000001FF\n",
                ":0100000001Fe\n:00000001FF\n",
                ":010000060100F8\n:00000001FF\n",
                "S1130000285F245F2212226A000424290008237C2A\n",
            })
    void leavesWhatIsNotRegularAlone(String file) {
        assertTrue(IntelHex.of(ascii(file)).isEmpty());
    }

    private static IntelHex form(RandomGenerator random) {
        boolean segmented = random.nextBoolean();
        List<IntelHex.Run> runs = new ArrayList<>();
        int at = random.nextInt(3) * 0xFFF0;
        for (int n = random.nextInt(1, 5); n > 0; n--) {
            int length = random.nextInt(1, random.nextBoolean() ? 40 : 70_000);
            runs.add(new IntelHex.Run(at, length));
            at += length + (random.nextBoolean() ? 0 : random.nextInt(100_000));
        }
        int style = random.nextInt(4) | (segmented ? IntelHex.SEGMENTED : 0) | (random.nextBoolean() ? 64 : 0);
        int entry = random.nextInt(3);
        style |= entry == 1 ? IntelHex.START_LINEAR : entry == 2 ? IntelHex.START_SEGMENT : 0;
        return new IntelHex(style, random.nextBoolean() ? 16 : 32, entry == 0 ? 0 : random.nextInt(), runs);
    }

    @Test
    void anyRegularFileRoundTrips() {
        SeededRuns.check(100, random -> {
            try {
                IntelHex form = form(random);
                byte[] payload = new byte[form.payloadBytes()];
                random.nextBytes(payload);
                byte[] file = hex(form, payload);
                if (IntelHex.of(file).isPresent()) {
                    roundTrips(file);
                    assertArrayEquals(payload, IntelHex.unwrap(file));
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void mutatedFilesAreNeverMistaken() {
        SeededRuns.check(2000, random -> {
            byte[] file = ascii(SAMPLE);
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt(128);
            }
            try {
                if (IntelHex.of(file).isPresent()) {
                    roundTrips(file);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aPatchBetweenTwoCostsWhatOneBetweenTheirImagesDoes() throws Exception {
        byte[][] images = DeltaRoundTripTest.sample();
        IntelHex oldForm = new IntelHex(0, 16, 0, List.of(new IntelHex.Run(0x0800_0000, 6000)));
        IntelHex newForm = new IntelHex(
                IntelHex.START_LINEAR,
                16,
                0x0800_0101,
                List.of(new IntelHex.Run(0x0800_0000, 6000), new IntelHex.Run(0x0801_0000, 100)));
        byte[] oldFile = hex(oldForm, images[0]);
        byte[] newFile = hex(newForm, images[1]);
        for (DeltaProfile profile : DeltaProfile.values()) {
            DeltaOptions options = DeltaOptions.DEFAULT.withProfile(profile);
            byte[] plain = DeltaEncoder.create(images[0], images[1], options).patch();
            byte[] patch = DeltaEncoder.create(oldFile, newFile, options).patch();
            assertArrayEquals(newFile, DeltaRoundTripTest.apply(oldFile, patch));
            assertTrue(patch.length < plain.length + 30, profile + ": " + patch.length + " bytes, " + plain.length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"emonpi-avr-1.8", "atc-v58"})
    void soItIsForARealImage(String name) throws Exception {
        for (Corpus.Pair pair : Corpus.pairs()) {
            if (pair.name().equals(name)) {
                byte[] oldFile = hex(asHex(pair.oldBytes()), pair.oldBytes());
                byte[] newFile = hex(asHex(pair.targetBytes()), pair.targetBytes());
                byte[] patch = DeltaEncoder.create(oldFile, newFile, DeltaOptions.DEFAULT)
                        .patch();
                assertArrayEquals(newFile, DeltaRoundTripTest.apply(oldFile, patch));
                int plain = Patches.small(pair).length;
                assertTrue(patch.length <= plain + 20, patch.length + " bytes, " + plain);
            }
        }
    }

    private static IntelHex asHex(byte[] image) {
        return new IntelHex(0, 16, 0, List.of(new IntelHex.Run(0, image.length)));
    }

    @Test
    void aSourceThatIsNoneIsRefused() throws Exception {
        byte[] file = ascii(SAMPLE);
        byte[] patch = DeltaEncoder.create(file, file, DeltaOptions.DEFAULT).patch();
        assertArrayEquals(file, DeltaRoundTripTest.apply(file, patch));
        byte[] lies = patch.clone();
        int payloadAt = 4 + 2 + 2 + 2 + 1 + 1 + 64;
        assertEquals(36, lies[payloadAt]);
        lies[payloadAt]--;
        assertThrows(MalformedPatchException.class, () -> DeltaRoundTripTest.apply(file, lies));
        assertThrows(
                WrongSourceException.class,
                () -> DeltaRoundTripTest.apply(Arrays.copyOf(file, file.length - 1), patch));
    }
}
