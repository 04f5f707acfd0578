package dev.fieldproof.sparkplug.payload;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Sparkplug B payload (Sparkplug 3.0, section 6.4.4). Immutable; the body is handed over, not copied.
 *
 * @param timestamp when the message was sent, to the millisecond; null if not said
 * @param metrics in order of the wire
 * @param seq sequence number, unsigned; null if not said, as in NDEATH and commands
 * @param uuid names an encoding of the body; null for none
 * @param body bytes beside the metrics; null for none
 * @param unknown fields of later versions
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose, see above
public record Payload(
        @Nullable Instant timestamp,
        List<Metric> metrics,
        @Nullable Long seq,
        @Nullable String uuid,
        byte @Nullable [] body,
        UnknownFields unknown) {
    /** Copies the list. */
    public Payload {
        metrics = List.copyOf(metrics);
    }

    /**
     * A payload of metrics.
     *
     * @param timestamp when it is sent
     * @param seq sequence number; null for none
     * @param metrics in order
     */
    public Payload(@Nullable Instant timestamp, @Nullable Long seq, List<Metric> metrics) {
        this(timestamp, metrics, seq, null, null, UnknownFields.NONE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that
                && java.util.Objects.equals(timestamp, that.timestamp)
                && metrics.equals(that.metrics)
                && java.util.Objects.equals(seq, that.seq)
                && java.util.Objects.equals(uuid, that.uuid)
                && Arrays.equals(body, that.body)
                && unknown.equals(that.unknown);
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(timestamp, metrics, seq, uuid, Arrays.hashCode(body), unknown);
    }
}
