package dev.fieldproof.sparkplug.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.eclipse.tahu.message.SparkplugBPayloadDecoder;
import org.eclipse.tahu.message.SparkplugBPayloadEncoder;
import org.eclipse.tahu.message.model.SparkplugBPayload;
import org.junit.jupiter.api.Test;

/** Eclipse Tahu reads what is written here, and what Tahu writes of it is read back the same. */
class TahuInteroperabilityTest {
    private final PayloadEncoder encoder = new PayloadEncoder(UInt32Slot.LONG_VALUE);

    private Payload through(Payload payload) {
        try {
            SparkplugBPayload read = new SparkplugBPayloadDecoder().buildFromByteArray(encoder.toBytes(payload), null);
            return PayloadDecoder.DEFAULT.decode(new SparkplugBPayloadEncoder().getBytes(read, false));
        } catch (Exception e) {
            throw new AssertionError(payload.toString(), e);
        }
    }

    @Test
    void everyDatatypeSurvivesTheRoundTrip() {
        SeededRuns.check(6_000, random -> {
            RandomPayloads payloads = new RandomPayloads(random, true);
            List<Metric> metrics = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                metrics.add(payloads.metric(2));
            }
            Payload read = through(new Payload(Instant.ofEpochMilli(1), 1L, metrics));
            assertEquals(
                    metrics.stream().map(TahuInteroperabilityTest::normal).toList(),
                    read.metrics().stream()
                            .map(TahuInteroperabilityTest::normal)
                            .toList());
        });
    }

    /** Tahu sorts properties by hash, gives every file metadata, and makes absent texts of templates empty. */
    private static Metric normal(Metric metric) {
        Metric known = metric.withValue(normal(metric.value()))
                .withProperties(metric.properties() == null ? null : (PropertySet) normal((Value) metric.properties()));
        return metric.value().type() == DataType.FILE ? known.withMetadata(null) : known;
    }

    private static Value normal(Value value) {
        if (value instanceof PropertySet set) {
            return new PropertySet(set.properties().stream()
                    .map(each -> new PropertySet.Property(each.key(), normal(each.value())))
                    .sorted(Comparator.comparing(PropertySet.Property::key))
                    .toList());
        }
        if (value instanceof PropertySetList list) {
            return new PropertySetList(list.sets().stream()
                    .map(set -> (PropertySet) normal((Value) set))
                    .toList());
        }
        if (value instanceof Template template) {
            return new Template(
                    template.version() == null ? "" : template.version(),
                    template.definition(),
                    template.reference() == null ? "" : template.reference(),
                    template.members().stream()
                            .map(TahuInteroperabilityTest::normal)
                            .toList(),
                    template.parameters(),
                    template.unknown());
        }
        return value;
    }

    @Test
    void dataMessagesAreATenthSmaller() throws Exception {
        Instant now = Instant.parse("2026-11-22T08:00:00Z");
        List<Metric> metrics = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Value value = switch (i % 4) {
                case 0 -> Value.of(i * 1000);
                case 1 -> Value.of(i * 1.5f);
                case 2 -> Value.of(i * 1.5);
                default -> Value.of(i % 3 == 0);
            };
            metrics.add(new Metric(null, (long) i, now, value, true, false, false, null, null, UnknownFields.NONE));
        }
        byte[] typed = encoder.toBytes(new Payload(now, 7L, metrics));
        byte[] tahu = new SparkplugBPayloadEncoder()
                .getBytes(new SparkplugBPayloadDecoder().buildFromByteArray(typed, null), true);
        byte[] ours = encoder.toBytes(new Payload(
                now,
                7L,
                metrics.stream()
                        .map(m -> Metric.data(m.alias(), m.timestamp(), m.value()))
                        .toList()));
        assertTrue(ours.length <= tahu.length * 0.9, ours.length + " against " + tahu.length);
    }
}
