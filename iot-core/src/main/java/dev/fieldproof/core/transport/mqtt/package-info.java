/**
 * The {@code Transport} to real MQTT brokers, versions 3.1.1 and 5, over the HiveMQ client library. That library is an
 * optional dependency: add {@code com.hivemq:hivemq-mqtt-client} to use this package. None of its types is exposed.
 *
 * <pre>{@code
 * Transport node = MqttTransport.builder("broker.example", 8883)
 *         .tls(new MqttTls(Optional.of(ca), Optional.of(certificate), Optional.of(key), Optional.empty()))
 *         .queue(50_000, Overflow.DROP_OLDEST)
 *         .build();
 * }</pre>
 *
 * <p>What happens when: a lost connection is made again by full-jitter backoff, for ever; publications wait in a
 * bounded queue, and the one that the overflow policy drops fails with that cause; a refusal that lasts (a wrong
 * certificate, bad credentials) ends the first attempt with a {@code TransportException} that says what to check.
 */
package dev.fieldproof.core.transport.mqtt;
