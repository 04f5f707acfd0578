package dev.fieldproof.crdt.sync;

import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.BootTrail;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.Version;
import java.util.List;

/** What two replicas say to each other. Every message may be lost, doubled or late without harm. Immutable. */
public sealed interface SyncMessage {
    /**
     * How far its sender has come, and how far it has followed the receiver.
     *
     * @param sender the sender's present life
     * @param mine the sender's version
     * @param seen how far it has followed the receiver's log; another log, or {@link Version#NONE}, if not at all
     * @param entries how many entries the sender holds, at least 0
     * @param trustedMillis the present by a clock that others may trust, milliseconds since 1970; 0 from a sender
     *     without one
     * @param answer whether the receiver is to say the same of itself
     * @param marks of the sender's last boots, see {@link BootTrail}; may be empty
     */
    record Have(
            Boot sender,
            Version mine,
            Version seen,
            int entries,
            long trustedMillis,
            boolean answer,
            List<BootTrail.Mark> marks)
            implements SyncMessage {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the time or the number of entries is negative, or the marks are not a
         *     trail of the sender's
         */
        public Have {
            if (trustedMillis < 0 || entries < 0) {
                throw new IllegalArgumentException("negative: time " + trustedMillis + ", entries " + entries);
            }
            marks = new BootTrail(sender, marks).marks();
        }

        /** The same, in terms of the receiver's present log. */
        Have seeing(Version here) {
            return new Have(sender, mine, here, entries, trustedMillis, answer, marks);
        }
    }

    /**
     * Changes that the receiver has not confirmed yet.
     *
     * @param delta the changes
     */
    record Changes(Delta delta) implements SyncMessage {}

    /**
     * Asks whether the receiver holds the same; begins a reconciliation without a common log.
     *
     * @param salt drawn for this reconciliation, after the entries were there
     * @param entries how many entries the sender holds
     * @param digest of the sender's whole map under the salt
     */
    record Ask(int salt, int entries, long digest) implements SyncMessage {}

    /**
     * Answers {@link Ask}.
     *
     * @param salt of the question
     * @param digest of the whole map
     * @param sums power sums of the whole map; none if the digests agree
     * @param coarse bits of the coarse estimator; none if the digests agree
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    record Answer(int salt, long digest, int[] sums, byte[] coarse) implements SyncMessage {}

    /**
     * Asks for as many sums as it takes.
     *
     * @param salt of the reconciliation
     * @param marginPercent how much more than estimated to provide for
     * @param firstLevel of the fine estimator, 0 to 63
     * @param fine bits of the fine estimator
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    record AskMore(int salt, int marginPercent, int firstLevel, byte[] fine) implements SyncMessage {}

    /**
     * Answers {@link AskMore}, in one or several messages.
     *
     * @param salt of the reconciliation
     * @param groups into how many groups the keys are divided
     * @param capacity how many differing keys each group's sums can find
     * @param first the first group in this message
     * @param sums one after another, 2 * capacity + 1 for each group
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    record Groups(int salt, int groups, int capacity, int first, int[] sums) implements SyncMessage {}

    /**
     * Brings what the asker holds of the differing keys, to be merged and answered with what is later.
     *
     * @param salt of the reconciliation
     * @param absent differing keys that the asker does not hold, ascending
     * @param last whether no more of these follow, so that {@link Compared} is due
     * @param delta its entries
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    record Compare(int salt, int[] absent, boolean last, Delta delta) implements SyncMessage {}

    /**
     * Says what the answerer holds now.
     *
     * @param salt of the reconciliation
     * @param digest of its whole map after {@link Compare}
     */
    record Compared(int salt, long digest) implements SyncMessage {}
}
