/**
 * Messages between devices and their site or cloud: the {@code Transport} SPI and its values, after MQTT 5.0.
 *
 * <pre>{@code
 * try (Transport node = Transport.open(URI.create("tcp://broker.example:1883"))) {
 *     node.subscribe(new TopicFilter("site/+/level"), Qos.AT_LEAST_ONCE, message -> System.out.println(message));
 *     node.connect(ConnectOptions.of("gateway-1").withPersistentSession(Duration.ofDays(1)));
 *     node.publish(new Message("site/7/level", bytes, Qos.AT_LEAST_ONCE, false)).join();
 * }
 * }</pre>
 *
 * <p>Addresses: {@code tcp:} and {@code ssl:} lead to MQTT brokers through {@code core.transport.mqtt}; {@code
 * memory:/NAME} to a broker inside this process. Further schemes come from {@code TransportProvider}s on the class or
 * module path. A program that wants simulated time or faults makes a {@code LoopbackBroker} itself: on a {@code
 * SimClock} every loss, delay, duplicate, reorder, cut and half-open connection replays from a seed.
 *
 * <p>What every implementation promises is written down twice: in the Javadoc of {@code Transport}, and as the tests of
 * {@code TransportContract} in this module's test jar.
 */
package dev.fieldproof.core.transport;
