package dev.fieldproof.crdt.sync;

import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One side of a synchronisation as a pure function: {@link #step} takes what is known of the peer and an event, and
 * gives what is known now and what to do. Both sides run the same rules.
 *
 * <p>Each side tells how far it has come and how far it has followed the other; whoever is ahead sends what is missing
 * and, until that is confirmed, asks again with growing delay. Nothing else is remembered, so a session may be cut
 * anywhere and taken up by anyone who holds the replica. Stateless.
 */
public final class SyncSession {
    private SyncSession() {}

    /**
     * What one side knows of the other.
     *
     * @param reader the peer's life; empty before its first message
     * @param peer the furthest version of the peer's log heard of
     * @param acked how far the peer has followed this side's log
     * @param pushedTo how far this side's log was sent, confirmed or not
     * @param attempts how often in a row asking led to nothing
     * @param reconciling how often a reconciliation was begun since the logs parted; 0 while the peer follows the log
     *     or is sent everything
     * @param waiting whether a reconciliation is under way, on this side or on the other
     */
    public record State(
            Optional<Boot> reader,
            Version peer,
            Version acked,
            long pushedTo,
            int attempts,
            int reconciling,
            boolean waiting) {
        /** Before the first message. */
        public static final State INITIAL = new State(Optional.empty(), Version.NONE, Version.NONE, 0, 0, 0, false);

        private State withAttempts(int count) {
            return new State(reader, peer, acked, pushedTo, count, reconciling, waiting);
        }

        private State withPeer(Version version) {
            return new State(reader, version, acked, pushedTo, attempts, reconciling, waiting);
        }

        private State withPushedTo(long position) {
            return new State(reader, peer, acked, position, attempts, reconciling, waiting);
        }

        private State withReconciling(int count, boolean wait) {
            return new State(reader, peer, acked, pushedTo, attempts, count, wait);
        }
    }

    /** Times a reconciliation is begun before everything is sent instead. */
    public static final int MAX_RECONCILIATIONS = 4;

    /** Entries below which everything is sent rather than compared. */
    public static final int FEW_ENTRIES = 64;

    /**
     * The replica at the moment of the step.
     *
     * @param mine its version
     * @param seen how far it has followed the log of the peer that the event or else the state names
     * @param self the life in which it writes
     * @param entries how many it holds
     */
    public record View(Version mine, Version seen, Boot self, int entries) {}

    /** What happens to a session. */
    public sealed interface Event {
        /** The connection stands, for the first time or again. */
        record Connected() implements Event {}

        /**
         * A message came.
         *
         * @param message from the peer
         */
        record Received(SyncMessage message) implements Event {}

        /**
         * A delta of the peer was merged.
         *
         * @param doubtful whether some of it was quarantined by a clock that the peer may be able to correct
         */
        record Merged(boolean doubtful) implements Event {}

        /** The replica was written to. */
        record Changed() implements Event {}

        /**
         * Changes went out as an effect {@link Effect.Push} asked.
         *
         * @param to the position they reach
         */
        record Pushed(long to) implements Event {}

        /** Both sides were found or made equal. */
        record Reconciled() implements Event {}

        /**
         * A reconciliation came to nothing.
         *
         * @param hopeless whether another one would too
         */
        record Failed(boolean hopeless) implements Event {}

        /** The time asked for by {@link Effect.Arm} has passed. */
        record TimedOut() implements Event {}
    }

    /** What a step asks its driver to do. */
    public sealed interface Effect {
        /**
         * Say how far this side has come.
         *
         * @param answer whether the peer is to do the same
         */
        record Announce(boolean answer) implements Effect {}

        /**
         * Send changes, as many as the window allows, and report {@link Event.Pushed}.
         *
         * @param reader who will read them
         * @param from the position to begin at
         */
        record Push(Boot reader, long from) implements Effect {}

        /**
         * Merge a delta and report {@link Event.Merged}.
         *
         * @param delta from the peer
         */
        record Merge(Delta delta) implements Effect {}

        /**
         * Begin a reconciliation with a new salt, and report {@link Event.Reconciled} or {@link Event.Failed}.
         *
         * @param peer the version of the peer that it will have caught up with
         * @param attempt from 1
         */
        record Reconcile(Version peer, int attempt) implements Effect {}

        /** Tell the peer that it has all that this side has. */
        record Claim() implements Effect {}

        /**
         * Hand a message of a reconciliation to whoever runs it.
         *
         * @param message from the peer
         */
        record Compare(SyncMessage message) implements Effect {}

        /**
         * Report {@link Event.TimedOut} after a while, instead of any time asked for before.
         *
         * @param attempt how often in a row it was in vain, from 0; the delay is the driver's to choose
         */
        record Arm(int attempt) implements Effect {}

        /** Both sides have the same; no time is to be waited for. */
        record Settled() implements Effect {}
    }

    /**
     * The outcome of a step.
     *
     * @param state what is known now
     * @param effects what to do, in order
     */
    public record Step(State state, List<Effect> effects) {}

    /**
     * Whether both sides have everything of each other, as far as is known.
     *
     * @param state what is known of the peer
     * @param view the replica
     * @return true if nothing is missing on either side
     */
    public static boolean settled(State state, View view) {
        return state.reader().isPresent()
                && state.acked().equals(view.mine())
                && view.seen().logId() == state.peer().logId()
                && view.seen().position() >= state.peer().position();
    }

    /**
     * Takes a step.
     *
     * @param state what is known of the peer
     * @param view the replica now
     * @param event what happened
     * @return what is known then, and what to do
     */
    public static Step step(State state, View view, Event event) {
        List<Effect> effects = new ArrayList<>();
        State next = advance(state, view, event, effects);
        boolean quiet = event instanceof Event.TimedOut || event instanceof Event.Pushed || next.waiting();
        if (!quiet && next.reader().isPresent() && next.pushedTo() < view.mine().position()) {
            effects.add(new Effect.Push(next.reader().get(), next.pushedTo()));
        }
        if (!(event instanceof Event.Pushed)) {
            effects.add(settled(next, view) ? new Effect.Settled() : new Effect.Arm(next.attempts()));
        }
        return new Step(next, effects);
    }

    private static State advance(State state, View view, Event event, List<Effect> effects) {
        if (event instanceof Event.Connected) {
            effects.add(new Effect.Announce(true));
            return retry(state, 0);
        } else if (event instanceof Event.Received received) {
            return received(state, view, received.message(), effects);
        } else if (event instanceof Event.Merged merged) {
            effects.add(new Effect.Announce(merged.doubtful()));
        } else if (event instanceof Event.Pushed pushed) {
            return state.withPushedTo(pushed.to());
        } else if (event instanceof Event.Reconciled) {
            effects.add(new Effect.Claim());
            effects.add(new Effect.Announce(true));
            return state.withReconciling(0, false).withPushedTo(view.mine().position());
        } else if (event instanceof Event.Failed failed) {
            int count = failed.hopeless() ? MAX_RECONCILIATIONS : state.reconciling();
            effects.add(new Effect.Announce(true));
            return state.withReconciling(count, false);
        } else if (event instanceof Event.TimedOut && !settled(state, view)) {
            effects.add(new Effect.Announce(true));
            return retry(state, state.attempts() + 1);
        }
        return state;
    }

    private static State received(State state, View view, SyncMessage message, List<Effect> effects) {
        if (message instanceof SyncMessage.Have have) {
            if (have.answer()) {
                effects.add(new Effect.Announce(false));
            }
            return heard(state, view, have, effects);
        } else if (message instanceof SyncMessage.Changes changes) {
            effects.add(new Effect.Merge(changes.delta()));
            Version to = changes.delta().to();
            boolean further = to.logId() == state.peer().logId()
                    && to.position() > state.peer().position();
            return further ? state.withPeer(to) : state;
        }
        effects.add(new Effect.Compare(message));
        return state;
    }

    /** What was sent and never confirmed counts as lost, and so does a reconciliation that has not ended. */
    private static State retry(State state, int attempts) {
        return state.withAttempts(attempts)
                .withPushedTo(state.acked().position())
                .withReconciling(state.reconciling(), false);
    }

    private static State heard(State state, View view, SyncMessage.Have have, List<Effect> effects) {
        boolean follows = have.seen().logId() == view.mine().logId()
                && have.seen().position() <= view.mine().position();
        Version acked = follows ? have.seen() : new Version(view.mine().logId(), 0);
        // A late message may report less than an earlier one; what is in flight is then not sent again until the
        // time for it has come.
        long pushedTo = Math.max(acked.position(), state.acked().logId() == acked.logId() ? state.pushedTo() : 0);
        Version peer = have.mine().logId() == state.peer().logId()
                        && have.mine().position() < state.peer().position()
                ? state.peer()
                : have.mine();
        boolean progress = acked.logId() != state.acked().logId()
                || acked.position() > state.acked().position();
        int attempts = progress ? 0 : state.attempts();
        int begun = follows ? 0 : state.reconciling();
        State next = new State(
                Optional.of(have.sender()), peer, acked, pushedTo, attempts, begun, !follows && state.waiting());
        if (follows || next.waiting() || begun >= MAX_RECONCILIATIONS || !comparable(view, have)) {
            return next;
        }
        // One side asks, and both know which.
        if (view.self().compareTo(have.sender()) > 0) {
            effects.add(new Effect.Reconcile(peer, begun + 1));
        }
        return next.withReconciling(begun + 1, true);
    }

    /** Whether both sides hold much, and so may hold much of the same. */
    private static boolean comparable(View view, SyncMessage.Have have) {
        int more = Math.max(view.entries(), have.entries());
        int fewer = Math.min(view.entries(), have.entries());
        return fewer >= FEW_ENTRIES && fewer >= more / 2;
    }
}
