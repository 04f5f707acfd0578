package dev.fieldproof.core.transport;

import dev.fieldproof.core.Scheduler;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time in the order they came, on the scheduler's threads, whichever threads hand them in. What only
 * such tasks touch needs no lock. Thread-safe.
 */
final class Mailbox {
    private final Scheduler scheduler;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Mailbox(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    long nanoTime() {
        return scheduler.nanoTime();
    }

    void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            scheduler.schedule(Duration.ZERO, this::drain);
        }
    }

    Scheduler.Cancellable after(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> execute(task));
    }

    /** Runs only what waits now: tasks that keep adding tasks must not keep others from the thread for ever. */
    private void drain() {
        int batch = waiting.get();
        int ran = 0;
        try {
            while (ran < batch) {
                Runnable task = tasks.remove();
                ran++;
                task.run();
            }
        } finally {
            if (waiting.addAndGet(-ran) > 0) {
                scheduler.schedule(Duration.ZERO, this::drain);
            }
        }
    }
}
