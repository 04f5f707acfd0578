package dev.fieldproof.core.transport;

import dev.fieldproof.core.transport.ConnectionState.Closed;
import dev.fieldproof.core.transport.ConnectionState.Connected;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import dev.fieldproof.core.transport.ConnectionState.Lost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client of a {@link LoopbackBroker}; all but the entry points runs in the mailbox. */
final class LoopbackClient implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackClient.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final LoopbackBroker broker;
    private final Mailbox mailbox;
    private final RandomGenerator random;
    private final Outbox outbox;
    private final Exchanges exchanges;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Boolean> firstConnect = new CompletableFuture<>();
    private final Subscriptions subscriptions;
    private final List<Consumer<ConnectionState>> watchers = new ArrayList<>();
    private final Backoff backoff = Backoff.DEFAULT;

    private @Nullable ConnectOptions options;
    private @Nullable LoopbackConnection connection;
    private @Nullable ConnectionState state;
    private boolean connected;
    private boolean everConnected;
    private int failures;
    private long connectedNanos;
    private long heardNanos;

    LoopbackClient(LoopbackBroker broker, Mailbox mailbox, RandomGenerator random) {
        this.broker = broker;
        this.mailbox = mailbox;
        this.random = random;
        this.outbox = new Outbox(LoopbackBroker.WINDOW_MAX, LoopbackBroker.QUEUE_MAX);
        this.exchanges = new Exchanges(mailbox, outbox, broker.mutants);
        this.subscriptions = new Subscriptions(mailbox::execute, this::requestSubscriptions);
    }

    @Override
    public CompletableFuture<Boolean> connect(ConnectOptions options) {
        if (closed.get() || !started.compareAndSet(false, true)) {
            throw new IllegalStateException("connect is called once, before close: " + options.clientId());
        }
        mailbox.execute(() -> {
            this.options = options;
            // A restarted device that resumes its session must not begin with the ids it used last.
            outbox.beginAfter(random.nextInt(65_536));
            attempt();
        });
        return firstConnect;
    }

    @Override
    public CompletableFuture<Void> publish(Message message) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        mailbox.execute(() -> {
            if (closed.get()) {
                done.completeExceptionally(closedFailure());
            } else if (!exchanges.send(message, Completion.of(done))) {
                done.completeExceptionally(new TransportException(
                        LossCause.NETWORK,
                        "outbound queue is full with " + LoopbackBroker.QUEUE_MAX + " messages; refused " + message));
            }
        });
        return done;
    }

    @Override
    public Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> handler) {
        return subscriptions.add(filter, qos, handler);
    }

    @Override
    public void watch(Consumer<ConnectionState> listener) {
        mailbox.execute(() -> {
            watchers.add(listener);
            if (state != null) {
                call(listener, state);
            }
        });
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            mailbox.execute(this::end);
        }
    }

    private void end() {
        LoopbackConnection last = connection;
        if (last != null) {
            last.toBroker.send(new Packet.Disconnect(LossCause.CLOSED, options != null && options.willAtGoodbye()));
            last.toBroker.finish(() -> broker.ended(last, false));
            last.toClient.close();
            connection = null;
        }
        connected = false;
        exchanges.disconnected();
        TransportException failure = closedFailure();
        firstConnect.completeExceptionally(failure);
        subscriptions.end(failure);
        exchanges.fail(failure);
        changed(new Closed(LossCause.CLOSED, "closed by its owner"));
        watchers.clear();
    }

    boolean belongsTo(LoopbackBroker candidate) {
        return broker == candidate;
    }

    /** Power cut. */
    void die() {
        closed.set(true);
        connected = false;
        exchanges.disconnected();
        LoopbackConnection last = connection;
        connection = null;
        if (last != null) {
            last.abandon();
            broker.ended(last, false);
        }
    }

    private static TransportException closedFailure() {
        return new TransportException(LossCause.CLOSED, "the transport is closed");
    }

    private void attempt() {
        ConnectOptions own = options;
        if (closed.get() || own == null || connection != null) {
            return;
        }
        Optional<LastWill> will;
        try {
            will = own.will().get();
        } catch (RuntimeException e) {
            LOG.error("the will supplier of client {} failed", own.clientId(), e);
            retryLater(LossCause.NETWORK, "no will, so no connection: " + e);
            return;
        }
        if (broker.isCut(own.clientId())) {
            retryLater(LossCause.NETWORK, "no route to the broker");
            return;
        }
        LoopbackConnection attempt = broker.dial(this, own.clientId());
        connection = attempt;
        attempt.toBroker.send(new Packet.Connect(
                own.clientId(), own.keepAlive(), own.cleanStart() && !everConnected, own.sessionExpiry(), will));
        mailbox.after(CONNECT_TIMEOUT, () -> {
            if (connection == attempt && !connected) {
                attempt.abandon();
                lost(attempt, LossCause.NETWORK, "no answer from the broker within " + CONNECT_TIMEOUT);
            }
        });
    }

    /** The connection is gone; ignored if it is no longer the current one. */
    void lost(LoopbackConnection gone, LossCause cause, String detail) {
        if (connection != gone) {
            return;
        }
        connection = null;
        if (connected) {
            connected = false;
            exchanges.disconnected();
            if (mailbox.nanoTime() - connectedNanos >= backoff.most().toNanos()) {
                failures = 0;
            }
        }
        retryLater(cause, detail);
    }

    /** After a take-over it waits longest: two clients under one id would otherwise chase each other. */
    private void retryLater(LossCause cause, String detail) {
        Duration wait = cause == LossCause.TAKEN_OVER
                ? backoff.most().plus(backoff.wait(31, random))
                : backoff.wait(failures, random);
        failures++;
        changed(new Lost(cause, detail));
        mailbox.after(wait, this::attempt);
    }

    void receive(LoopbackConnection from, Packet packet) {
        if (connection != from) {
            return;
        }
        heardNanos = mailbox.nanoTime();
        if (packet instanceof Packet.ConnAck ack) {
            accepted(from, ack.sessionPresent());
        } else if (packet instanceof Packet.Disconnect disconnect) {
            from.abandon();
            lost(from, disconnect.cause(), "the broker ended the connection: " + disconnect.cause());
        } else if (connected) {
            exchanges.received(packet, subscriptions::dispatch);
        }
    }

    private void accepted(LoopbackConnection from, boolean sessionPresent) {
        ConnectOptions own = options;
        if (connected || own == null) {
            return;
        }
        connected = true;
        connectedNanos = heardNanos;
        if (!own.keepAlive().isZero()) {
            ping(from, own.keepAlive());
        }
        everConnected = true;
        exchanges.connected(from.toBroker::send, sessionPresent);
        if (!sessionPresent) {
            subscriptions.sessionLost();
        }
        requestSubscriptions();
        changed(new Connected(sessionPresent));
        firstConnect.complete(sessionPresent);
    }

    /** Pings twice per keep-alive, and gives up when nothing was heard for one and a half. */
    private void ping(LoopbackConnection over, Duration keepAlive) {
        mailbox.after(keepAlive.dividedBy(2), () -> {
            if (connection != over) {
                return;
            }
            if (mailbox.nanoTime() - heardNanos >= keepAlive.toNanos() / 2 * 3) {
                over.toClient.close();
                lost(over, LossCause.KEEP_ALIVE, "nothing heard for one and a half of keep-alive " + keepAlive);
            } else {
                over.toBroker.send(new Packet.PingReq());
                ping(over, keepAlive);
            }
        });
    }

    private void requestSubscriptions() {
        if (connected) {
            subscriptions.sync(
                    (filter, qos) -> exchanges.request(
                            id -> new Packet.Subscribe(id, filter, qos), failure -> subscriptions.granted(filter)),
                    filter -> exchanges.request(id -> new Packet.Unsubscribe(id, filter), Completion.IGNORED));
        }
    }

    private void changed(ConnectionState now) {
        state = now;
        List.copyOf(watchers).forEach(watcher -> call(watcher, now));
    }

    private static void call(Consumer<ConnectionState> watcher, ConnectionState state) {
        try {
            watcher.accept(state);
        } catch (RuntimeException e) {
            LOG.error("a listener failed on {}", state, e);
        }
    }
}
