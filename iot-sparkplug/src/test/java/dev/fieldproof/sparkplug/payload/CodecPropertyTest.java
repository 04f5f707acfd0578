package dev.fieldproof.sparkplug.payload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    /**
     * Metrics of a birth share a timestamp, which is read once; each that differs, or is written longer, is its own.
     */
    @Test
    void timestampsAreEachMetricsOwn() throws PayloadException {
        long now = 1_780_000_000_000L;
        long[] millis = {now, now, now + 1, 5, now + 1, now + 2, now + 1, 0, now, now};
        int[] sizes = {6, 6, 6, 1, 6, 10, 6, 1, 9, 6};
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        for (int i = 0; i < millis.length; i++) {
            payload.write(2 << 3 | 2);
            payload.write(sizes[i] + 5);
            payload.write(3 << 3);
            for (int at = 0; at < sizes[i]; at++) {
                boolean last = at == sizes[i] - 1;
                payload.write(((int) (millis[i] >>> (7 * at)) & 0x7F) | (last ? 0 : 0x80));
            }
            payload.writeBytes(new byte[] {4 << 3, 3, 10 << 3, 1});
        }
        PayloadCursor cursor = new PayloadCursor();
        cursor.reset(payload.toByteArray());
        for (long each : millis) {
            assertTrue(cursor.next());
            assertEquals(each, cursor.metricTimestamp(TimeUnit.MILLISECONDS));
        }
    }

    /** Everything that a cursor says of a payload, the fault that ends it included. */
    private static List<String> walk(byte[] bytes, int from, int length) {
        List<String> seen = new ArrayList<>();
        PayloadCursor cursor = new PayloadCursor();
        try {
            cursor.reset(bytes, from, length);
            while (cursor.next()) {
                MetricFields f = cursor.fields();
                seen.add(cursor.name() + " " + cursor.hasAlias() + " " + (f.hasAlias() ? f.alias : 0) + " "
                        + cursor.metricInstant() + " " + cursor.datatype() + " " + cursor.isHistorical() + " "
                        + cursor.isTransient() + " " + cursor.isNull() + " " + cursor.slot() + " " + f.bits + " "
                        + (f.valueAt - from) + " " + (f.valueEnd - from) + " " + f.unknown.length);
            }
        } catch (PayloadException e) {
            seen.add(e.getMessage());
        }
        return seen;
    }

    /** Numbers are read eight bytes at a time where the array is long enough, and byte by byte where it is not. */
    @Test
    void whatFollowsAPayloadInItsArrayIsNotSeen() {
        SeededRuns.check(20_000, random -> {
            byte[] bytes = encoder.toBytes(new RandomPayloads(random, false).payload());
            for (int i = random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int cut = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            byte[] around = new byte[5 + cut + 12];
            random.nextBytes(around);
            System.arraycopy(bytes, 0, around, 5, cut);
            assertEquals(walk(Arrays.copyOf(bytes, cut), 0, cut), walk(around, 5, cut));
        });
    }

    /** A metric with an unknown field takes the long way: it is the same message with that field behind it. */
    @Test
    void plainMetricsAreWrittenAsAllOthers() {
        UnknownFields unknown = new UnknownFields(new byte[] {(byte) 0xA0, 6, 1});
        SeededRuns.check(20_000, random -> {
            Metric drawn = new RandomPayloads(random, true).metric(1);
            Metric plain = new Metric(
                    random.nextBoolean() ? drawn.name() : null,
                    drawn.alias(),
                    random.nextInt(4) > 0 ? drawn.timestamp() : null,
                    drawn.value(),
                    random.nextBoolean(),
                    drawn.historical(),
                    false,
                    null,
                    null,
                    UnknownFields.NONE);
            Metric marked = new Metric(
                    plain.name(),
                    plain.alias(),
                    plain.timestamp(),
                    plain.value(),
                    plain.typed(),
                    plain.historical(),
                    false,
                    null,
                    null,
                    unknown);
            byte[] body = body(plain);
            byte[] other = body(marked);
            byte[] expected = Arrays.copyOf(body, body.length + 3);
            System.arraycopy(unknown.wire(), 0, expected, body.length, 3);
            assertArrayEquals(expected, other);
        });
    }

    private byte[] body(Metric metric) {
        byte[] bytes = encoder.toBytes(new Payload(null, null, List.of(metric)));
        WireReader in = new WireReader();
        in.reset(bytes, 0, 0, bytes.length);
        try {
            assertEquals(2 << 3 | WireWriter.BYTES, in.tag());
            byte[] body = in.byteArray();
            assertTrue(in.atEnd());
            return body;
        } catch (PayloadException e) {
            throw new AssertionError(e);
        }
    }

    private static Payload decode(byte[] bytes) {
        try {
            return PayloadDecoder.DEFAULT.decode(bytes);
        } catch (PayloadException e) {
            throw new AssertionError(e);
        }
    }
}
