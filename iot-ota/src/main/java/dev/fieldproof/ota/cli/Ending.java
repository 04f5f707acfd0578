package dev.fieldproof.ota.cli;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps a command going until the process is told to end (SIGTERM, Ctrl-C), and lets it end in order then. */
final class Ending {
    private static final int CLOSE_SECONDS = 10;

    private final CountDownLatch end = new CountDownLatch(1);

    Ending() {}

    /** Waits, then closes; the process stays until that is done, or took too long. */
    void await(Closeable what) throws IOException, InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            end.countDown();
            try {
                closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            end.await();
            what.close();
        } finally {
            closed.countDown();
        }
    }

    /** Ends it now. */
    void now() {
        end.countDown();
    }
}
