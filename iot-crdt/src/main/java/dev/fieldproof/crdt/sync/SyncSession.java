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
     */
    public record State(Optional<Boot> reader, Version peer, Version acked, long pushedTo, int attempts) {
        /** Before the first message. */
        public static final State INITIAL = new State(Optional.empty(), Version.NONE, Version.NONE, 0, 0);
    }

    /**
     * The replica at the moment of the step.
     *
     * @param mine its version
     * @param seen how far it has followed the log of the peer that the event or else the state names
     */
    public record View(Version mine, Version seen) {}

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

        /** A delta of the peer was merged. */
        record Merged() implements Event {}

        /** The replica was written to. */
        record Changed() implements Event {}

        /**
         * Changes went out as an effect {@link Effect.Push} asked.
         *
         * @param to the position they reach
         */
        record Pushed(long to) implements Event {}

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
        State next = state;
        if (event instanceof Event.Connected) {
            next = retry(state, 0);
            effects.add(new Effect.Announce(true));
        } else if (event instanceof Event.Received received) {
            if (received.message() instanceof SyncMessage.Have have) {
                next = heard(state, view, have);
                if (have.answer()) {
                    effects.add(new Effect.Announce(false));
                }
            } else if (received.message() instanceof SyncMessage.Changes changes) {
                effects.add(new Effect.Merge(changes.delta()));
                return new Step(announced(state, changes.delta().to()), effects);
            }
        } else if (event instanceof Event.Merged) {
            effects.add(new Effect.Announce(false));
        } else if (event instanceof Event.Pushed pushed) {
            next = pushedTo(state, pushed.to());
            return new Step(next, effects);
        } else if (event instanceof Event.TimedOut) {
            if (settled(state, view)) {
                return new Step(state, effects);
            }
            next = retry(state, state.attempts() + 1);
            effects.add(new Effect.Announce(true));
        }
        if (next.reader().isPresent()
                && next.pushedTo() < view.mine().position()
                && !(event instanceof Event.TimedOut)) {
            effects.add(new Effect.Push(next.reader().get(), next.pushedTo()));
        }
        effects.add(settled(next, view) ? new Effect.Settled() : new Effect.Arm(next.attempts()));
        return new Step(next, effects);
    }

    /** What was sent and never confirmed counts as lost. */
    private static State retry(State state, int attempts) {
        return new State(
                state.reader(), state.peer(), state.acked(), state.acked().position(), attempts);
    }

    private static State pushedTo(State state, long to) {
        return new State(state.reader(), state.peer(), state.acked(), to, state.attempts());
    }

    private static State announced(State state, Version peer) {
        boolean further = peer.logId() == state.peer().logId()
                && peer.position() > state.peer().position();
        Version furthest = further ? peer : state.peer();
        return new State(state.reader(), furthest, state.acked(), state.pushedTo(), state.attempts());
    }

    private static State heard(State state, View view, SyncMessage.Have have) {
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
        return new State(Optional.of(have.sender()), peer, acked, pushedTo, progress ? 0 : state.attempts());
    }
}
