/**
 * What is to be written, what is checked before the first erase, and the pure state machine of a session.
 *
 * <p>A session is a value of {@link dev.fieldproof.serial.flash.Move}: what to send, how long to wait, and a pure
 * function from what then happens to the next move. Nothing in it reads a clock or a port, so that a test can try every
 * event at every point.
 */
package dev.fieldproof.serial.flash;
