package dev.fieldproof.core.sim;

import dev.fieldproof.core.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Simulated time that moves only when told to, with tasks that run on the caller's thread in order of their due time,
 * first come first served at equal times. The wall clock can be set independently of the monotonic clock, as a device
 * without a battery does when it restarts in 1970. Not thread-safe: one simulation, one thread.
 */
public final class SimClock implements Scheduler {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::order));
    private long nanos;
    private long order;
    private Instant wallAtZero;

    /**
     * Starts at a wall time, monotonic zero.
     *
     * @param start the first wall time
     */
    public SimClock(Instant start) {
        this.wallAtZero = start;
    }

    private record Task(long dueNanos, long order, Runnable body) {}

    @Override
    public Instant instant() {
        return wallAtZero.plusNanos(nanos);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    /**
     * Sets the wall clock; monotonic time and scheduled tasks are unaffected.
     *
     * @param now the new wall time
     */
    public void setInstant(Instant now) {
        wallAtZero = now.minusNanos(nanos);
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable body) {
        Task task = new Task(nanos + Math.max(0, delay.toNanos()), order++, body);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    /**
     * Moves time forward and runs everything that falls due on the way, including what those tasks schedule.
     *
     * @param by not negative
     * @return how many tasks ran
     * @throws IllegalArgumentException if {@code by} is negative
     */
    public int advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time moves forward only: " + by);
        }
        long end = nanos + by.toNanos();
        int ran = 0;
        for (Task next = tasks.peek(); next != null && next.dueNanos <= end; next = tasks.peek()) {
            tasks.remove();
            nanos = next.dueNanos;
            next.body.run();
            ran++;
        }
        nanos = end;
        return ran;
    }

    /**
     * Jumps from task to task until none is left or the limit is reached.
     *
     * @param maxTasks most tasks to run, at least 0
     * @return how many tasks ran; equal to {@code maxTasks} if some may be left
     */
    public int runUntilIdle(int maxTasks) {
        int ran = 0;
        while (ran < maxTasks && !tasks.isEmpty()) {
            Task next = tasks.remove();
            nanos = next.dueNanos;
            next.body.run();
            ran++;
        }
        return ran;
    }

    /**
     * How many tasks wait.
     *
     * @return tasks scheduled and neither run nor cancelled
     */
    public int pending() {
        return tasks.size();
    }
}
