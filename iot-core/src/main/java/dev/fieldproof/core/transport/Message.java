package dev.fieldproof.core.transport;

import java.util.Arrays;

/**
 * One application message (MQTT 5.0, section 3.3).
 *
 * <p>The payload array is handed over, not copied: after construction neither the sender nor any receiver may change
 * it. Under that rule instances are immutable and thread-safe.
 *
 * @param topic a topic name: 1 to 65,535 bytes of UTF-8, no wildcard, no U+0000 (section 4.7.3)
 * @param payload 0 to 268,435,455 bytes; MQTT's own limit, brokers may set a lower one
 * @param qos the promise asked for when publishing; the one kept when receiving
 * @param retain when publishing: keep as the topic's last value; when received: this is such a kept value
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose, see above
public record Message(String topic, byte[] payload, Qos qos, boolean retain) {
    /**
     * Checks the topic.
     *
     * @throws IllegalArgumentException if {@code topic} is not a topic name
     */
    public Message {
        TopicFilter.requireTopicName(topic);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message that
                && topic.equals(that.topic)
                && Arrays.equals(payload, that.payload)
                && qos == that.qos
                && retain == that.retain;
    }

    @Override
    public int hashCode() {
        return 31 * topic.hashCode() + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return topic + " (" + payload.length + " bytes, " + qos + (retain ? ", retained)" : ")");
    }
}
