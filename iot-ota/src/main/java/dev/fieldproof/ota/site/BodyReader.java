package dev.fieldproof.ota.site;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads bodies of requests, a bounded size within a bounded time. The platform's server has no time limit that a client
 * hears of: here the watch answers in place of the thread that waits for bytes, then frees that thread.
 */
final class BodyReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BodyReader.class);

    private final long withinMillis;
    private final int maxBytes;
    private final ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1);

    BodyReader(Duration within, int maxBytes) {
        this.withinMillis = within.toMillis();
        this.maxBytes = maxBytes;
        watch.setRemoveOnCancelPolicy(true);
    }

    /** The client took too long, and has been told so; the exchange can only be closed. */
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;

        TooSlow() {
            super("the body did not arrive in time");
        }
    }

    /** What the client is told that took too long. */
    HttpAnswer.Body refusal() {
        return (HttpAnswer.Body)
                HttpAnswer.refused(408, "TooSlow", "the body did not arrive within " + withinMillis + " ms");
    }

    /** All of the body, or its first bytes up to one more than allowed. */
    byte[] read(HttpExchange exchange) throws IOException {
        if (exchange.getRequestHeaders().getFirst("Transfer-Encoding") == null
                && exchange.getRequestHeaders().getFirst("Content-Length") == null) {
            return new byte[0];
        }
        Thread reader = Thread.currentThread();
        AtomicBoolean decided = new AtomicBoolean();
        AtomicBoolean answered = new AtomicBoolean();
        Future<?> end = schedule(() -> {
            if (decided.compareAndSet(false, true)) {
                try {
                    tell(exchange);
                } finally {
                    answered.set(true);
                    reader.interrupt(); // closes the connection under its hands
                }
            }
        });
        byte[] body = new byte[0];
        IOException failure = null;
        try {
            body = exchange.getRequestBody().readNBytes(maxBytes + 1);
        } catch (IOException e) {
            failure = e;
        }
        if (!decided.compareAndSet(false, true)) {
            while (!answered.get() || !Thread.interrupted()) {
                Thread.onSpinWait(); // the interrupt must not be left for who uses this thread next
            }
            throw new TooSlow();
        }
        end.cancel(false);
        if (failure != null) {
            throw failure;
        }
        return body;
    }

    private Future<?> schedule(Runnable task) throws IOException {
        try {
            return watch.schedule(task, withinMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new IOException("the server ends", e);
        }
    }

    private void tell(HttpExchange exchange) {
        HttpAnswer.Body refusal = refusal();
        try {
            exchange.getResponseHeaders().set("Content-Type", refusal.type());
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(refusal.status(), refusal.bytes().length);
            OutputStream out = exchange.getResponseBody();
            out.write(refusal.bytes());
            out.flush(); // closing it would wait for the rest of the body
        } catch (IOException e) {
            LOG.debug("a slow client is gone", e);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
