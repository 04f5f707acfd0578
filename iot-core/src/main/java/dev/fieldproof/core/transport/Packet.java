package dev.fieldproof.core.transport;

import java.time.Duration;
import java.util.Optional;

/** What travels between a loopback client and its broker: MQTT's control packets (MQTT 5.0, section 3) as values. */
sealed interface Packet {
    record Connect(
            String clientId, Duration keepAlive, boolean cleanStart, Duration sessionExpiry, Optional<LastWill> will)
            implements Packet {}

    record ConnAck(boolean sessionPresent) implements Packet {}

    /** The packet id is 0 for quality of service 0, which has none. */
    record Publish(int packetId, boolean dup, Message message) implements Packet {}

    record PubAck(int packetId) implements Packet {}

    record PubRec(int packetId) implements Packet {}

    record PubRel(int packetId) implements Packet {}

    record PubComp(int packetId) implements Packet {}

    record Subscribe(int packetId, TopicFilter filter, Qos qos) implements Packet {}

    record SubAck(int packetId) implements Packet {}

    record Unsubscribe(int packetId, TopicFilter filter) implements Packet {}

    record UnsubAck(int packetId) implements Packet {}

    record PingReq() implements Packet {}

    record PingResp() implements Packet {}

    /**
     * From the client: goodbye, and whether the will is to be published all the same. From the broker: why it ends the
     * connection.
     */
    record Disconnect(ConnectionState.LossCause cause, boolean publishWill) implements Packet {}
}
