/**
 * A strict simulated chip: ROM loader, stub, flash and boot loader, in memory on simulated time or served over TCP.
 * Part of the published test kit.
 */
package dev.fieldproof.serial.sim;
