/**
 * A flasher for ESP chips that survives the cable: {@link dev.fieldproof.serial.EspFlasher} is the way in.
 *
 * <p>{@code image} knows what lies in flash, {@code rom} and {@code slip} the loader's protocol, {@code flash} what is
 * written and the pure state machine that writes it, {@code port} the ways to a device, {@code sim} a strict simulated
 * chip for tests.
 */
package dev.fieldproof.serial;
