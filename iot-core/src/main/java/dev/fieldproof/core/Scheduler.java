package dev.fieldproof.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Time as drivers see it: a wall clock that may be wrong or step, a monotonic clock that never does, and tasks that run
 * later. Handed in everywhere, so that a simulation can replace it ({@link dev.fieldproof.core.sim.SimClock}).
 * Implementations state their own thread-safety.
 */
public interface Scheduler extends InstantSource {
    /**
     * Monotonic time.
     *
     * @return nanoseconds since an arbitrary origin, never decreasing, unaffected by wall-clock steps
     */
    long nanoTime();

    /**
     * Runs a task once, later.
     *
     * @param delay from now, on the monotonic clock; zero or negative means as soon as possible
     * @param task runs on a thread of the scheduler's choosing; must not block
     * @return cancels the task if it has not begun
     */
    Cancellable schedule(Duration delay, Runnable task);

    /** Takes a scheduled task back. Thread-safe and idempotent. */
    @FunctionalInterface
    interface Cancellable {
        /** Prevents the task from running, if it has not begun; otherwise does nothing. */
        void cancel();
    }

    /**
     * The machine's clocks, with tasks on the given executor.
     *
     * @param executor owned and shut down by the caller
     * @return a scheduler as thread-safe as {@code executor}
     */
    static Scheduler of(ScheduledExecutorService executor) {
        return new Scheduler() {
            @Override
            public Instant instant() {
                return InstantSource.system().instant();
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public Cancellable schedule(Duration delay, Runnable task) {
                ScheduledFuture<?> future = executor.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
                return () -> future.cancel(false);
            }
        };
    }
}
