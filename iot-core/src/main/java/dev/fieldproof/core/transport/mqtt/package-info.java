/**
 * The {@code Transport} to real MQTT brokers, versions 3.1.1 and 5, over the HiveMQ client library. That library is an
 * optional dependency: add {@code com.hivemq:hivemq-mqtt-client} to use this package. None of its types is exposed.
 */
package dev.fieldproof.core.transport.mqtt;
