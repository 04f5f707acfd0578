package dev.fieldproof.serial.flash;

/** What can happen to a session while it waits. */
public sealed interface Event {
    /**
     * A packet came.
     *
     * @param packet without framing; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Received(byte[] packet) implements Event {}

    /** Nothing that the session wanted came in time. */
    record TimedOut() implements Event {}

    /**
     * The port failed, or could not be opened again.
     *
     * @param why in words
     */
    record Lost(String why) implements Event {}

    /** All effects were carried out and nothing was to be waited for; answers {@link Effect.Reopen}. */
    record Opened() implements Event {}
}
