package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.rom.Command;
import java.util.List;

/** What a session wants done before it waits. */
public sealed interface Effect {
    /**
     * Sends a request, after dropping whatever input is there, so that a late or doubled reply to an earlier request is
     * not taken for this one's.
     *
     * @param command the request
     */
    record Send(Command command) implements Effect {}

    /** Sends a lone frame delimiter: brings a loader that lost count of them back in step. */
    record SendDelimiter() implements Effect {}

    /**
     * Acknowledges a packet of a stub's reading; input is kept.
     *
     * @param totalBytes received since the reading began
     */
    record Acknowledge(int totalBytes) implements Effect {}

    /**
     * Sets the speed of this side.
     *
     * @param baud bits per second
     */
    record SetBaud(int baud) implements Effect {}

    /**
     * Moves the control lines, if the port has any.
     *
     * @param sequence which way
     */
    record Reset(ResetSequence sequence) implements Effect {}

    /** Closes the port and opens it again; answered by {@link Event.Opened} or {@link Event.Lost}. */
    record Reopen() implements Effect {}

    /**
     * Keeps what a new process needs to go on.
     *
     * @param lines of text, which replace what was kept before
     */
    record Remember(List<String> lines) implements Effect {
        /** Copies the list. */
        public Remember {
            lines = List.copyOf(lines);
        }
    }

    /** Drops what was kept: nothing is unfinished. */
    record Forget() implements Effect {}

    /**
     * Tells the caller how far the session is.
     *
     * @param progress how far
     */
    record Report(FlashProgress progress) implements Effect {}
}
