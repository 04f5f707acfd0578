package dev.fieldproof.crdt.sync;

import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.Version;

/** What two replicas say to each other. Every message may be lost, doubled or late without harm. Immutable. */
public sealed interface SyncMessage {
    /**
     * How far its sender has come, and how far it has followed the receiver.
     *
     * @param sender the sender's present life
     * @param mine the sender's version
     * @param seen how far it has followed the receiver's log; another log, or {@link Version#NONE}, if not at all
     * @param trustedMillis the present by a clock that others may trust, milliseconds since 1970; 0 from a sender
     *     without one
     * @param answer whether the receiver is to say the same of itself
     */
    record Have(Boot sender, Version mine, Version seen, long trustedMillis, boolean answer) implements SyncMessage {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the time is negative
         */
        public Have {
            if (trustedMillis < 0) {
                throw new IllegalArgumentException("negative time: " + trustedMillis);
            }
        }
    }

    /**
     * Changes that the receiver has not confirmed yet.
     *
     * @param delta the changes
     */
    record Changes(Delta delta) implements SyncMessage {}
}
