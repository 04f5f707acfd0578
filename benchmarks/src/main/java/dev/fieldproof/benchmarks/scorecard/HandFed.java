package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A transport without a broker: what is handed to it arrives at once, on the caller's thread. */
final class HandFed implements Transport {
    private @Nullable Consumer<Message> handler;

    void deliver(Message message) {
        if (handler != null) {
            handler.accept(message);
        }
    }

    @Override
    public CompletableFuture<Boolean> connect(ConnectOptions options) {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletableFuture<Void> publish(Message message) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> handler) {
        this.handler = handler;
        return new Subscription() {
            @Override
            public CompletableFuture<Void> granted() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {
                // Nothing holds it.
            }
        };
    }

    @Override
    public void watch(Consumer<ConnectionState> listener) {
        listener.accept(new ConnectionState.Connected(false));
    }

    @Override
    public void close() {
        handler = null;
    }
}
