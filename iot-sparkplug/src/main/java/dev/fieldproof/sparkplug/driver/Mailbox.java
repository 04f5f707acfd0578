package dev.fieldproof.sparkplug.driver;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time, in order, on whichever thread finds it idle, and without holding a lock meanwhile; so a
 * task may call out to anything, and what comes back in waits its turn. Thread-safe.
 */
public final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    /**
     * Runs a task after those before it.
     *
     * @param task what to run; one that throws is logged
     */
    public void submit(Runnable task) {
        synchronized (tasks) {
            if (running) {
                tasks.add(task);
                return;
            }
            running = true;
        }
        for (Runnable next = task; next != null; next = poll()) {
            try {
                next.run();
            } catch (RuntimeException e) {
                LOG.error("a task failed", e);
            }
        }
    }

    private @Nullable Runnable poll() {
        synchronized (tasks) {
            Runnable next = tasks.poll();
            running = next != null;
            return next;
        }
    }
}
