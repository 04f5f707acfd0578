/** Messages between devices and their site or cloud: the {@code Transport} SPI and its values, after MQTT 5.0. */
package dev.fieldproof.core.transport;
