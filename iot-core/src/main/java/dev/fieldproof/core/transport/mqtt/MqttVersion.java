package dev.fieldproof.core.transport.mqtt;

/** Version of the protocol. */
public enum MqttVersion {
    /** MQTT 3.1.1 (OASIS, 2014). Knows no session expiry but "never" and no will delay. */
    V3_1_1,
    /** MQTT 5.0 (OASIS, 2019). */
    V5
}
