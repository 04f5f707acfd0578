package dev.fieldproof.sparkplug.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whatever is encoded is decoded the same, and whatever bytes come, a fault is a {@link PayloadException}. */
class CodecPropertyTest {
    private final PayloadEncoder encoder = new PayloadEncoder();
    private final PayloadEncoder longSlot = new PayloadEncoder(UInt32Slot.LONG_VALUE);

    @Test
    void decodesWhatWasEncoded() {
        SeededRuns.check(20_000, random -> {
            Payload payload = new RandomPayloads(random, false).payload();
            byte[] bytes = encoder.toBytes(payload);
            assertEquals(payload, decode(bytes));
            assertEquals(payload, decode(longSlot.toBytes(payload)), "both slots of UInt32 are read");
            assertTrue(Arrays.equals(bytes, encoder.toBytes(decode(bytes))), "encoding is a function of the payload");
        });
    }

    @Test
    void cursorSeesWhatTheDecoderSees() {
        PayloadCursor cursor = new PayloadCursor();
        SeededRuns.check(5_000, random -> {
            Payload payload = new RandomPayloads(random, false).payload();
            byte[] bytes = encoder.toBytes(payload);
            try {
                cursor.reset(bytes);
                assertEquals(payload.seq(), (Long) cursor.seq());
                assertEquals(payload.metrics().size(), cursor.metricCount());
                for (Metric metric : payload.metrics()) {
                    assertTrue(cursor.next());
                    assertEquals(metric.name(), cursor.name());
                    assertEquals(metric.alias() != null, cursor.hasAlias());
                    assertEquals(metric.timestamp(), cursor.metricInstant());
                    assertEquals(metric.historical(), cursor.isHistorical());
                    assertEquals(metric.timestamp().toEpochMilli(), cursor.metricTimestamp(TimeUnit.MILLISECONDS));
                    assertEquals(metric.value(), PayloadDecoder.DEFAULT.value(cursor, null));
                }
                assertEquals(false, cursor.next());
            } catch (PayloadException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void mutatedBytesNeverThrowAnythingUnchecked() {
        SeededRuns.check(30_000, random -> {
            byte[] bytes = encoder.toBytes(new RandomPayloads(random, false).payload());
            int cut = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            byte[] mutated = Arrays.copyOf(bytes, cut);
            for (int i = 1 + random.nextInt(4); i > 0 && cut > 0; i--) {
                mutated[random.nextInt(cut)] = (byte) random.nextInt();
            }
            try {
                Payload payload = PayloadDecoder.DEFAULT.decode(mutated);
                assertEquals(payload, decode(encoder.toBytes(payload)), "what is read can be written");
            } catch (PayloadException e) {
                assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= cut, e.getMessage());
            }
        });
    }

    private static Payload decode(byte[] bytes) {
        try {
            return PayloadDecoder.DEFAULT.decode(bytes);
        } catch (PayloadException e) {
            throw new AssertionError(e);
        }
    }
}
