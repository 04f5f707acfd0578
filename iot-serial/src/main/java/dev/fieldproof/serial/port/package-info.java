/** Byte streams to a device: the interface, and adapters for TCP, device files and serial libraries. */
package dev.fieldproof.serial.port;
