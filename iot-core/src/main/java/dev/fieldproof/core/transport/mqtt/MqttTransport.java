package dev.fieldproof.core.transport.mqtt;

import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5MessageException;
import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.Backoff;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.ConnectionState.Closed;
import dev.fieldproof.core.transport.ConnectionState.Connected;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import dev.fieldproof.core.transport.ConnectionState.Lost;
import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.Subscriptions;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.core.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Transport} to an MQTT broker, version 3.1.1 or 5, over TCP or TLS. Needs {@code
 * com.hivemq:hivemq-mqtt-client}.
 *
 * <p>After a loss it connects again by full-jitter {@link Backoff}, for as long as it takes. A refusal that trying
 * again cannot help (credentials, certificates, protocol version) is final only before the first connection; later it
 * is reported and tried again like any other loss, because a site whose broker's certificate lapsed must come back by
 * itself. Publications wait in a bounded queue ({@link MqttTransportBuilder#queue}); those that the broker had not
 * acknowledged when the connection broke are sent again, in order and ahead of the others: within the session if the
 * broker still has it, else anew, whereby an {@link Qos#EXACTLY_ONCE} message may arrive
 * twice if the broker had passed it on before it forgot the session. A publication at {@link
 * Qos#AT_MOST_ONCE} of which nobody can know fails instead. Messages are acknowledged
 * after their handlers return.
 *
 * <p>Thread-safe. Handlers run on one daemon thread of this transport.
 */
public final class MqttTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(MqttTransport.class);
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private final Settings settings;
    private final ScheduledExecutorService executor;
    private final Scheduler scheduler;
    private final RandomGenerator random = new SplittableRandom();
    private final Outgoing outgoing;
    private final Subscriptions subscriptions;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Boolean> firstConnect = new CompletableFuture<>();
    private final CompletableFuture<Void> goodbye = new CompletableFuture<>();
    private final List<Consumer<ConnectionState>> watchers = new ArrayList<>();
    private volatile @Nullable Thread thread;

    private @Nullable ConnectOptions options;
    private @Nullable Engine engine;
    private @Nullable ConnectionState state;
    private boolean connected;

    /** The library may tell of a connection's end before it tells of its beginning. */
    private @Nullable Throwable lostEarly;

    private boolean everConnected;
    private boolean engineUsed;
    private int failures;
    private long changedNanos;

    MqttTransport(Settings settings) {
        this.settings = settings;
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "fieldproof-mqtt-" + settings.host());
            made.setDaemon(true);
            thread = made;
            return made;
        });
        this.scheduler = Scheduler.of(executor);
        this.outgoing = new Outgoing(settings.queueMax(), settings.overflow(), this::execute);
        this.subscriptions = new Subscriptions(this::execute, this::requestSubscriptions);
    }

    /**
     * Begins to describe a transport.
     *
     * @param host name or address of the broker
     * @param port 1 to 65,535
     * @return a builder for MQTT 5 over TCP
     * @throws IllegalArgumentException if {@code host} is empty or {@code port} out of range
     */
    public static MqttTransportBuilder builder(String host, int port) {
        return new MqttTransportBuilder(host, port);
    }

    /** After the end, what others still bring is void. */
    private void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("closed; ignored a task", e);
        }
    }

    @Override
    public CompletableFuture<Boolean> connect(ConnectOptions options) {
        if (closed.get() || !started.compareAndSet(false, true)) {
            throw new IllegalStateException("connect is called once, before close: " + options.clientId());
        }
        execute(() -> {
            this.options = options;
            attempt();
        });
        return firstConnect;
    }

    @Override
    public CompletableFuture<Void> publish(Message message) {
        return outgoing.add(message);
    }

    @Override
    public Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> handler) {
        return subscriptions.add(filter, qos, handler);
    }

    @Override
    public void watch(Consumer<ConnectionState> listener) {
        execute(() -> {
            watchers.add(listener);
            if (state != null) {
                call(listener, state);
            }
        });
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            execute(() -> end(LossCause.CLOSED, "closed by its owner"));
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            goodbye.get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("closing {} without an orderly goodbye", settings.address(), e);
        }
    }

    private void end(LossCause cause, String detail) {
        closed.set(true);
        TransportException failure = new TransportException(cause, detail);
        boolean polite = connected;
        connected = false;
        firstConnect.completeExceptionally(failure);
        outgoing.end(failure);
        subscriptions.end(failure);
        changed(new Closed(cause, detail));
        watchers.clear();
        executor.shutdown();
        if (engine != null && polite) {
            disconnect(engine);
        } else {
            goodbye.complete(null);
        }
    }

    private void disconnect(Engine from) {
        CompletableFuture<Void> unused = from.disconnect(options != null && options.willAtGoodbye())
                .whenComplete((done, thrown) -> goodbye.complete(null));
    }

    private void attempt() {
        ConnectOptions own = options;
        if (closed.get() || own == null) {
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
        Engine current = engineFor(own);
        lostEarly = null;
        CompletableFuture<Engine.Accepted> unused = current.connect(own, own.cleanStart() && !everConnected, will)
                .whenComplete((accepted, thrown) -> execute(() -> {
                    if (closed.get()) {
                        disconnect(current);
                    } else if (thrown == null) {
                        accepted(current, accepted);
                    } else {
                        refused(Failure.of(thrown, settings.address()));
                    }
                }));
    }

    /** A client object holds one session; when the session cannot be there any more, neither should the object. */
    private Engine engineFor(ConnectOptions own) {
        Engine current = engine;
        Duration since = Duration.ofNanos(System.nanoTime() - changedNanos);
        if (current == null || since.compareTo(own.sessionExpiry()) >= 0) {
            Engine[] self = new Engine[1];
            current = Engine.of(settings, own.clientId(), thrown -> execute(() -> lost(self[0], thrown)));
            self[0] = current;
            engine = current;
            engineUsed = false;
            outgoing.sessionLost();
            current.receive(this::received, this::execute);
        }
        return current;
    }

    private void accepted(Engine by, Engine.Accepted accepted) {
        connected = true;
        changedNanos = System.nanoTime();
        if (!accepted.sessionPresent()) {
            subscriptions.sessionLost();
            outgoing.sessionLost();
            if (engineUsed) {
                by.receive(this::received, this::execute);
            }
        }
        engineUsed = true;
        everConnected = true;
        requestSubscriptions();
        outgoing.resume(by, accepted.inFlightMax());
        changed(new Connected(accepted.sessionPresent()));
        firstConnect.complete(accepted.sessionPresent());
        if (lostEarly != null) {
            lost(by, lostEarly);
        }
    }

    private void refused(Failure failure) {
        if (failure.lasting() && !everConnected) {
            end(failure.lossCause(), failure.text());
        } else {
            retryLater(failure.lossCause(), failure.text());
        }
    }

    private void lost(@Nullable Engine by, Throwable thrown) {
        if (by != engine || !connected) {
            lostEarly = by == engine ? thrown : lostEarly;
            return;
        }
        connected = false;
        outgoing.pause();
        if (System.nanoTime() - changedNanos >= settings.backoff().most().toNanos()) {
            failures = 0;
        }
        changedNanos = System.nanoTime();
        Failure failure = Failure.of(thrown, settings.address());
        retryLater(failure.lossCause(), failure.text());
    }

    /** After a take-over it waits longest: two clients under one id would otherwise chase each other. */
    private void retryLater(LossCause cause, String detail) {
        Duration wait = cause == LossCause.TAKEN_OVER
                ? settings.backoff().most().plus(settings.backoff().wait(31, random))
                : settings.backoff().wait(failures, random);
        failures++;
        changed(new Lost(cause, detail));
        scheduler.schedule(wait, this::attempt);
    }

    private void requestSubscriptions() {
        Engine current = engine;
        if (connected && current != null) {
            subscriptions.sync((filter, qos) -> subscribe(current, filter, qos), current::unsubscribe);
        }
    }

    private void subscribe(Engine by, TopicFilter filter, Qos qos) {
        CompletableFuture<?> unused =
                by.subscribe(filter, qos).whenComplete((ack, thrown) -> execute(() -> answered(filter, thrown)));
    }

    /** A request that the connection's loss cut short is made again by the next one. */
    private void answered(TopicFilter filter, @Nullable Throwable thrown) {
        if (thrown == null) {
            subscriptions.granted(filter);
        } else if (thrown instanceof Mqtt5MessageException || thrown instanceof Mqtt3SubAckException) {
            String text = settings.address() + " refused the subscription to " + filter + ": " + thrown.getMessage();
            subscriptions.refused(filter, new TransportException(LossCause.REFUSED, text, thrown));
        } else {
            subscriptions.unanswered(filter);
        }
    }

    private void received(Message message, Runnable acknowledge) {
        subscriptions.dispatch(message);
        acknowledge.run();
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
