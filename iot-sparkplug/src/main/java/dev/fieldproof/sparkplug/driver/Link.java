package dev.fieldproof.sparkplug.driver;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A transport that reports when it is connected and its subscriptions are granted. Its methods do not block. */
public final class Link {
    private final Transport transport;
    private final Mailbox mailbox;
    private final Listener listener;
    private final List<CompletableFuture<Void>> grants = new ArrayList<>();
    private boolean connected;
    private boolean granted;
    private boolean ready;
    private boolean closed;

    /** Told of what happens, one call at a time, on the mailbox. */
    public interface Listener {
        /**
         * Connected, with all subscriptions granted.
         *
         * @param link the one that is ready
         */
        void ready(Link link);

        /**
         * The connection, or an attempt to make one, failed.
         *
         * @param link the one that failed
         * @param wasReady whether there was a connection
         * @param ended whether the transport will not try again
         * @param detail for people
         */
        void lost(Link link, boolean wasReady, boolean ended, String detail);

        /**
         * A message arrived.
         *
         * @param link the one it came by
         * @param message the message
         */
        void received(Link link, Message message);

        /**
         * Decides, on the transport's thread, whether a message may wait for the mailbox; here every one may.
         *
         * @param message that arrived
         * @param taken to be run on the mailbox; hands the message to {@link #received}
         * @param mailbox where it waits
         */
        default void arrived(Message message, Runnable taken, Mailbox mailbox) {
            mailbox.submit(taken);
        }
    }

    /**
     * Prepares a link.
     *
     * @param transport not yet connected; closed with the link
     * @param mailbox where the listener is called
     * @param listener told of everything
     */
    public Link(Transport transport, Mailbox mailbox, Listener listener) {
        this.transport = transport;
        this.mailbox = mailbox;
        this.listener = listener;
    }

    /**
     * Subscribes and connects.
     *
     * @param options for the connection
     * @param filters what to subscribe to, with quality of service 1
     */
    public void open(ConnectOptions options, List<TopicFilter> filters) {
        transport.watch(state -> mailbox.submit(() -> changed(state)));
        Consumer<Message> handler = message -> listener.arrived(message, () -> received(message), mailbox);
        for (TopicFilter filter : filters) {
            grants.add(transport.subscribe(filter, Qos.AT_LEAST_ONCE, handler).granted());
        }
        var unusedGrants = CompletableFuture.allOf(grants.toArray(CompletableFuture[]::new))
                .whenComplete((ok, refused) -> mailbox.submit(() -> grantsKnown(refused)));
        var unusedConnection = transport.connect(options).whenComplete((present, failed) -> {
            if (failed != null) {
                mailbox.submit(() -> lost(true, String.valueOf(failed.getMessage())));
            }
        });
    }

    private void grantsKnown(@org.jspecify.annotations.Nullable Throwable refused) {
        if (refused == null) {
            granted = true;
            checkReady();
        } else {
            lost(true, "a subscription was refused: " + refused.getMessage());
        }
    }

    private void changed(ConnectionState state) {
        if (state instanceof ConnectionState.Connected) {
            connected = true;
            checkReady();
        } else if (state instanceof ConnectionState.Lost lost) {
            lost(false, lost.cause() + " " + lost.detail());
        } else if (state instanceof ConnectionState.Closed end) {
            lost(true, end.cause() + " " + end.detail());
        }
    }

    private void checkReady() {
        if (connected && granted && !ready && !closed) {
            ready = true;
            listener.ready(this);
        }
    }

    private void lost(boolean ended, String detail) {
        if (!closed) {
            boolean wasReady = ready;
            connected = false;
            ready = false;
            closed = ended;
            listener.lost(this, wasReady, ended, detail);
        }
    }

    private void received(Message message) {
        if (!closed) {
            listener.received(this, message);
        }
    }

    /**
     * Publishes a message.
     *
     * @param message what to send
     * @return as {@link Transport#publish}
     */
    public CompletableFuture<Void> publish(Message message) {
        return transport.publish(message);
    }

    /** Says goodbye; the listener hears nothing more. */
    public void close() {
        closed = true;
        transport.close();
    }
}
