package dev.fieldproof.serial.flash;

import java.util.List;
import java.util.function.Function;

/**
 * The state of a session, as what it does next. Pure: applying an event to {@link Await#next} changes nothing and may
 * be done any number of times with different events.
 *
 * @param <R> what the session results in
 */
public sealed interface Move<R> {
    /**
     * Carry out the effects, then wait for an event.
     *
     * @param <R> what the session results in
     * @param state what is being done, for logs
     * @param effects in order
     * @param timeoutMillis longest wait for {@link Event.Received}, in milliseconds
     * @param next from the event to the next move; {@link KeepWaiting} if the event does not matter
     */
    record Await<R>(String state, List<Effect> effects, int timeoutMillis, Function<Event, Move<R>> next)
            implements Move<R> {
        /** Copies the list. */
        public Await {
            effects = List.copyOf(effects);
        }
    }

    /**
     * Stay in the present state, with the same deadline.
     *
     * @param <R> what the session results in
     */
    record KeepWaiting<R>() implements Move<R> {}

    /**
     * The session is over.
     *
     * @param <R> what the session results in
     * @param result of the session
     */
    record Finish<R>(R result) implements Move<R> {}
}
