/**
 * Values that edge nodes and host applications share: identifiers and the way to a broker.
 *
 * <p>An edge node that is born, dies, is reborn and loses nothing:
 *
 * <pre>{@code
 * EdgeNode node = EdgeNode.builder("Plant", "Line 1", TransportSource.of(URI.create("tcp://broker:1883")))
 *         .metric("Temperature", Value.of(20.5))
 *         .build();
 * node.start();
 * node.metric("Temperature").set(21.0);
 * }</pre>
 *
 * and a host that hears it:
 *
 * <pre>{@code
 * HostApplication host = HostApplication.builder("SCADA", TransportSource.of(URI.create("tcp://broker:1883")))
 *         .onEvent(System.out::println)
 *         .build();
 * host.start();
 * }</pre>
 *
 * {@code tcp://} and {@code ssl://} need {@code com.hivemq:hivemq-mqtt-client} beside this module.
 */
package dev.fieldproof.sparkplug;
