package dev.fieldproof.core.transport;

import java.util.concurrent.CompletableFuture;

/** A standing request for messages; closing it ends it. Thread-safe, closing is idempotent. */
public interface Subscription extends AutoCloseable {
    /**
     * Completes when the broker has granted the subscription for the first time.
     *
     * @return the grant; exceptionally with a {@link TransportException} if it was refused or the transport closed
     */
    CompletableFuture<Void> granted();

    /** Ends the subscription; its handler is not called for messages that arrive afterwards. Does not block. */
    @Override
    void close();
}
