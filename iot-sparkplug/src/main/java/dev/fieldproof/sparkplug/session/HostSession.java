package dev.fieldproof.sparkplug.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One edge node's session as a host sees it: a pure state machine over births, deaths and sequence numbers (Sparkplug
 * 3.0, sections 5.5, 5.8 and 6.4.4). What it wants done comes back as effects, in order.
 *
 * @param status what the host knows
 * @param bdSeq of the birth that stands; -1 for none
 * @param birthMillis its timestamp
 * @param expected sequence number of the next message
 * @param held messages that came too early, in order of arrival
 * @param deadlineNanos when a gap has lasted too long; {@link Long#MAX_VALUE} for no gap
 * @param asked whether a rebirth was asked for since the last birth
 * @param lastMillis timestamp of the latest message taken
 * @param repeats messages in a row that looked like repetitions
 * @param <M> the messages, which the session only passes on
 */
public record HostSession<M>(
        Status status,
        int bdSeq,
        long birthMillis,
        int expected,
        List<Held<M>> held,
        long deadlineNanos,
        boolean asked,
        long lastMillis,
        int repeats) {
    /** What a host knows of an edge node. */
    public enum Status {
        /** No birth seen, or trust in it was lost. */
        UNKNOWN,
        /** Born and not dead. */
        ONLINE,
        /** Dead. */
        OFFLINE
    }

    /**
     * A message that came before its turn.
     *
     * @param seq its sequence number
     * @param millis its timestamp
     * @param message passed on
     * @param <M> the messages
     */
    public record Held<M>(int seq, long millis, M message) {}

    /**
     * The owner's choices.
     *
     * @param reorderNanos how long a gap may last
     * @param maxHeld most messages held
     */
    public record Rules(long reorderNanos, int maxHeld) {}

    /**
     * What happens.
     *
     * @param <M> the messages
     */
    public sealed interface Event<M> {
        /**
         * A birth certificate.
         *
         * @param seq its sequence number
         * @param bdSeq its number; -1 if it has none
         * @param millis its timestamp
         * @param message passed on
         * @param <M> the messages
         */
        record Nbirth<M>(int seq, int bdSeq, long millis, M message) implements Event<M> {}

        /**
         * A death certificate, from the node or as its will.
         *
         * @param bdSeq its number; -1 if it has none
         * @param <M> the messages
         */
        record Ndeath<M>(int bdSeq) implements Event<M> {}

        /**
         * Any other message that carries a sequence number.
         *
         * @param seq its sequence number
         * @param millis its timestamp
         * @param nowNanos monotonic time
         * @param message passed on
         * @param <M> the messages
         */
        record Sequenced<M>(int seq, long millis, long nowNanos, M message) implements Event<M> {}

        /**
         * Time passes.
         *
         * @param nowNanos monotonic time
         * @param <M> the messages
         */
        record Tick<M>(long nowNanos) implements Event<M> {}

        /**
         * The messages do not make sense: an unknown alias, bytes that cannot be read.
         *
         * @param reason for people
         * @param <M> the messages
         */
        record Distrust<M>(String reason) implements Event<M> {}

        /**
         * The host lost its broker: nothing is known any more.
         *
         * @param <M> the messages
         */
        record LinkLost<M>() implements Event<M> {}
    }

    /**
     * What is to be done.
     *
     * @param <M> the messages
     */
    public sealed interface Effect<M> {
        /**
         * Take a message, in order; the first of a session is its NBIRTH.
         *
         * @param message to take
         * @param birth whether it is an NBIRTH
         * @param <M> the messages
         */
        record Take<M>(M message, boolean birth) implements Effect<M> {}

        /**
         * The node is dead, and its devices with it.
         *
         * @param <M> the messages
         */
        record NodeDied<M>() implements Effect<M> {}

        /**
         * Values are not current any more, though nothing says that the node is dead.
         *
         * @param reason for people
         * @param <M> the messages
         */
        record Stale<M>(String reason) implements Effect<M> {}

        /**
         * Ask the node to be born again.
         *
         * @param reason for people
         * @param <M> the messages
         */
        record AskRebirth<M>(String reason) implements Effect<M> {}

        /**
         * Do not take a message.
         *
         * @param message not taken
         * @param reason for people
         * @param <M> the messages
         */
        record Discard<M>(M message, String reason) implements Effect<M> {}
    }

    /**
     * A new state and what is to be done, in order.
     *
     * @param session the state
     * @param effects in order
     * @param <M> the messages
     */
    public record Step<M>(HostSession<M> session, List<Effect<M>> effects) {}

    private static final int MAX_REPEATS = 8;
    private static final int REPEAT_REACH = 64;

    /**
     * A node never heard of.
     *
     * @param <M> the messages
     * @return status {@link Status#UNKNOWN}
     */
    public static <M> HostSession<M> initial() {
        return new HostSession<>(Status.UNKNOWN, -1, 0, 0, List.of(), Long.MAX_VALUE, false, Long.MIN_VALUE, 0);
    }

    /**
     * Takes one event.
     *
     * @param rules the owner's choices
     * @param event what happened
     * @return the state after it, and what is to be done
     */
    public Step<M> step(Rules rules, Event<M> event) {
        if (event instanceof Event.Sequenced<M> message) {
            return sequenced(rules, message);
        } else if (event instanceof Event.Nbirth<M> birth) {
            return born(birth);
        } else if (event instanceof Event.Ndeath<M> death) {
            return died(death.bdSeq());
        } else if (event instanceof Event.Tick<M> tick) {
            return tick.nowNanos() - deadlineNanos >= 0 && deadlineNanos != Long.MAX_VALUE
                    ? distrust(
                            status == Status.ONLINE
                                    ? "a message with sequence number " + expected + " did not come in time"
                                    : "messages came without a birth certificate")
                    : stay();
        } else if (event instanceof Event.Distrust<M> distrust) {
            return distrust(distrust.reason());
        } else {
            return linkLost();
        }
    }

    private Step<M> sequenced(Rules rules, Event.Sequenced<M> event) {
        if (status == Status.ONLINE) {
            int ahead = event.seq() - expected & 0xFF;
            if (ahead == 0) {
                return inOrder(event);
            }
            if (ahead >= 256 - REPEAT_REACH && event.millis() <= lastMillis && repeats < MAX_REPEATS) {
                HostSession<M> next = new HostSession<>(
                        status, bdSeq, birthMillis, expected, held, deadlineNanos, asked, lastMillis, repeats + 1);
                return new Step<>(next, List.of(new Effect.Discard<>(event.message(), "it repeats an earlier one")));
            }
        }
        return hold(rules, event);
    }

    private Step<M> inOrder(Event.Sequenced<M> event) {
        if (held.isEmpty()) {
            return new Step<>(
                    new HostSession<>(
                            status,
                            bdSeq,
                            birthMillis,
                            expected + 1 & 0xFF,
                            held,
                            Long.MAX_VALUE,
                            asked,
                            event.millis(),
                            0),
                    List.of(new Effect.Take<>(event.message(), false)));
        }
        List<Effect<M>> effects = new ArrayList<>();
        effects.add(new Effect.Take<>(event.message(), false));
        return new Step<>(release(expected + 1 & 0xFF, event.millis(), held, effects), effects);
    }

    /** Takes what is held and follows on, and closes the gap or leaves the deadline as it is. */
    private HostSession<M> release(int from, long millis, List<Held<M>> waiting, List<Effect<M>> effects) {
        List<Held<M>> rest = new ArrayList<>(waiting);
        int next = from;
        long latest = millis;
        for (Held<M> follower = find(rest, next); follower != null; follower = find(rest, next)) {
            rest.remove(follower);
            effects.add(new Effect.Take<>(follower.message(), false));
            next = next + 1 & 0xFF;
            latest = follower.millis();
        }
        long deadline = rest.isEmpty() ? Long.MAX_VALUE : deadlineNanos;
        return new HostSession<>(
                Status.ONLINE, bdSeq, birthMillis, next, List.copyOf(rest), deadline, asked, latest, 0);
    }

    private static <M> @Nullable Held<M> find(List<Held<M>> waiting, int seq) {
        for (Held<M> each : waiting) {
            if (each.seq() == seq) {
                return each;
            }
        }
        return null;
    }

    private Step<M> hold(Rules rules, Event.Sequenced<M> event) {
        if (find(held, event.seq()) != null && status == Status.ONLINE) {
            return new Step<>(this, List.of(new Effect.Discard<>(event.message(), "it repeats one that waits")));
        }
        List<Held<M>> waiting = new ArrayList<>(held);
        List<Effect<M>> effects = new ArrayList<>();
        if (waiting.size() >= rules.maxHeld()) {
            effects.add(new Effect.Discard<>(waiting.remove(0).message(), "too many wait"));
        }
        waiting.add(new Held<>(event.seq(), event.millis(), event.message()));
        boolean full = !effects.isEmpty();
        long deadline = deadlineNanos != Long.MAX_VALUE
                ? deadlineNanos
                : asked ? Long.MAX_VALUE : event.nowNanos() + rules.reorderNanos();
        HostSession<M> next = new HostSession<>(
                status, bdSeq, birthMillis, expected, List.copyOf(waiting), deadline, asked, lastMillis, repeats);
        if (!asked && (full || rules.reorderNanos() == 0)) {
            Step<M> lost = next.distrust("a message with sequence number " + expected + " is missing");
            effects.addAll(lost.effects());
            return new Step<>(lost.session(), effects);
        }
        return new Step<>(next, effects);
    }

    private Step<M> born(Event.Nbirth<M> birth) {
        List<Effect<M>> effects = new ArrayList<>();
        effects.add(new Effect.Take<>(birth.message(), true));
        // What came before a birth cannot be told from what an earlier session left, whatever the timestamps say, since
        // the node's clock may have been set back. A follower that overtook its birth is missed, and asked for.
        held.forEach(each -> effects.add(new Effect.Discard<>(each.message(), "it came before its birth certificate")));
        return new Step<>(
                new HostSession<>(
                        Status.ONLINE,
                        birth.bdSeq(),
                        birth.millis(),
                        (birth.seq() + 1) & 0xFF,
                        List.of(),
                        Long.MAX_VALUE,
                        false,
                        birth.millis(),
                        0),
                effects);
    }

    /** A will may come after the next session's birth; only the number of the birth that stands counts. */
    private Step<M> died(int deathBdSeq) {
        if (status == Status.OFFLINE || (bdSeq >= 0 && deathBdSeq != bdSeq)) {
            return stay();
        }
        List<Effect<M>> effects = new ArrayList<>();
        held.forEach(each -> effects.add(new Effect.Discard<>(each.message(), "its session died")));
        effects.add(new Effect.NodeDied<>());
        return new Step<>(
                new HostSession<>(
                        Status.OFFLINE, bdSeq, birthMillis, expected, List.of(), Long.MAX_VALUE, false, lastMillis, 0),
                effects);
    }

    private Step<M> distrust(String reason) {
        List<Effect<M>> effects = new ArrayList<>();
        if (status == Status.ONLINE) {
            effects.add(new Effect.Stale<>(reason));
        }
        if (!asked) {
            effects.add(new Effect.AskRebirth<>(reason));
        }
        Status next = status == Status.OFFLINE ? Status.OFFLINE : Status.UNKNOWN;
        return new Step<>(
                new HostSession<>(next, bdSeq, birthMillis, expected, held, Long.MAX_VALUE, true, lastMillis, repeats),
                effects);
    }

    private Step<M> linkLost() {
        List<Effect<M>> effects = new ArrayList<>();
        held.forEach(each -> effects.add(new Effect.Discard<>(each.message(), "the broker was lost")));
        if (status == Status.ONLINE) {
            effects.add(new Effect.Stale<>("the host lost its broker"));
        }
        // The number stays: a will that comes after the reconnection still tells of a death.
        return new Step<>(
                new HostSession<>(
                        status == Status.OFFLINE ? Status.OFFLINE : Status.UNKNOWN,
                        bdSeq,
                        birthMillis,
                        expected,
                        List.of(),
                        Long.MAX_VALUE,
                        false,
                        lastMillis,
                        0),
                effects);
    }

    private Step<M> stay() {
        return new Step<>(this, List.of());
    }
}
