package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TelemetryBatchTest {
    private static final Boot WRITER = new Boot(new WriterId(0x1122334455667788L), 1, 7);

    private static TelemetryBatch example() {
        List<TelemetryLog.Sample> samples = List.of(
                new TelemetryLog.Sample(new Dot(WRITER, 5), 1000, 3, 21.5),
                new TelemetryLog.Sample(new Dot(WRITER, 6), 2000, 3, 21.75),
                new TelemetryLog.Sample(new Dot(WRITER, 8), 3000, 4, 22));
        return new TelemetryBatch(samples, Map.of(WRITER, 4L), true);
    }

    static TelemetryBatch random(RandomGenerator random) {
        List<TelemetryLog.Sample> samples = new ArrayList<>();
        for (WriterId writer : List.of(DEVICE, CLOUD)) {
            long number = 1L + random.nextInt(100);
            for (int n = random.nextInt(20); n > 0; n--) {
                double value = random.nextInt(4) == 0 ? random.nextGaussian() : random.nextInt(5000) / 100.0;
                Dot dot = new Dot(boot(writer, 1), number);
                samples.add(new TelemetryLog.Sample(dot, random.nextLong() >> 8, random.nextInt(50), value));
                number += 1 + random.nextInt(3);
            }
        }
        Map<Boot, Long> marks = random.nextBoolean() ? Map.of() : Map.of(boot(DEVICE, 1), random.nextLong(1000));
        return new TelemetryBatch(samples, marks, random.nextBoolean());
    }

    @Test
    void readsAndWritesTheExample() throws IOException, WireException {
        assertArrayEquals(FormatTest.example("telemetry"), example().encode());
        assertEquals(example(), TelemetryBatch.decode(FormatTest.example("telemetry"), WireBudget.DEFAULT));
    }

    @Test
    void decodingGivesBackWhatWasEncoded() {
        SeededRuns.check(100_000, random -> {
            TelemetryBatch batch = random(random);
            try {
                assertEquals(batch, TelemetryBatch.decode(batch.encode(), WireBudget.DEFAULT));
            } catch (WireException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aRegularSeriesTakesTwoBytesASample() {
        List<TelemetryLog.Sample> samples = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            double value = (2150 + 40 * Math.sin(i / 50.0));
            samples.add(new TelemetryLog.Sample(
                    new Dot(WRITER, i + 1), 1_790_000_000_000L + 1000L * i, 3, Math.rint(value) / 100));
        }
        int bytes = new TelemetryBatch(samples, Map.of(), false).encode().length;
        assertTrue(bytes < 1000, bytes + " bytes");
    }

    @Test
    void sectionsOfLaterVersionsArePassedOver() throws WireException {
        byte[] known = example().encode();
        byte[] later = Arrays.copyOf(known, known.length + 4);
        later[known.length] = 42;
        later[known.length + 1] = 2;
        assertEquals(example(), TelemetryBatch.decode(later, WireBudget.DEFAULT));
    }

    @Test
    void brokenBytesLeadToNothingButTheOneException() {
        byte[] whole = example().encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(WireException.class, () -> TelemetryBatch.decode(cut, WireBudget.DEFAULT));
        }
        assertThrows(WireException.class, () -> TelemetryBatch.decode(whole, new WireBudget(1 << 20, 2)));
        SeededRuns.check(30_000, random -> {
            byte[] bytes = random(random).encode();
            for (int i = random.nextInt(3); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                TelemetryBatch.decode(bytes, WireBudget.DEFAULT);
            } catch (WireException e) {
                assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= bytes.length);
            }
        });
    }
}
