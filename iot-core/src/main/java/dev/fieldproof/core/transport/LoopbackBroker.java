package dev.fieldproof.core.transport;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MQTT broker without a network, for tests, simulations and single-process sites: its clients keep MQTT's rules for
 * topics, quality of service, retained messages, wills, persistent sessions and take-over, over hops with seeded
 * faults.
 *
 * <p>On a {@link dev.fieldproof.core.sim.SimClock} it is deterministic: the same calls, faults and seed give the same
 * history, and nothing happens but in the clock's tasks. On {@link Scheduler#of} it is an ordinary in-process broker.
 *
 * <p>Limits: {@value #QUEUE_MAX} messages wait per session, and as many per client; a further one of quality 1 or 2 is
 * dropped ({@link #dropped()}) by the broker, or refused by the client through its future. {@value #WINDOW_MAX} may be
 * under way unacknowledged in each direction. {@value #RETAINED_MAX} topics may hold a retained message. Clients try
 * again after a loss by {@link Backoff#DEFAULT}.
 *
 * <p>Thread-safe. Everything, handlers included, runs on the scheduler's threads one task at a time.
 */
public final class LoopbackBroker {
    /** Most messages that wait in one queue. */
    public static final int QUEUE_MAX = 10_000;

    /** Most publications of quality of service 1 and 2 per session and direction that are under way. */
    public static final int WINDOW_MAX = 1_000;

    /** Most topics with a retained message. */
    public static final int RETAINED_MAX = 1_000_000;

    /** How long either side waits for an answer on a living connection before it sends a packet again. */
    public static final Duration RETRANSMIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackBroker.class);

    private final Mailbox mailbox;
    private final RandomGenerator random;
    private final Map<String, LoopbackSession> sessions = new LinkedHashMap<>();
    private final TopicTree<LoopbackSession> subscriptions = new TopicTree<>();
    private final Map<String, Message> retained = new LinkedHashMap<>();
    private final Map<String, LoopbackConnection> connections = new LinkedHashMap<>();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final AtomicLong dropped = new AtomicLong();
    private volatile Faults faults = Faults.NONE;

    /** For tests of the tests; see {@link Exchanges.Mutant}. */
    final Set<Exchanges.Mutant> mutants = EnumSet.noneOf(Exchanges.Mutant.class);

    /** For tests that aim at one packet; by default every packet passes. */
    Meddler meddler = (clientId, packet, pass) -> pass.run();

    /** Decides when and how often a packet goes on its way. */
    interface Meddler {
        void meddle(String clientId, Packet packet, Runnable pass);
    }

    /**
     * Makes a broker on a perfect network.
     *
     * @param scheduler time; clients, timers and handlers run in its tasks
     * @param random source of faults and jitter; used in the scheduler's tasks only
     */
    public LoopbackBroker(Scheduler scheduler, RandomGenerator random) {
        this.mailbox = new Mailbox(scheduler);
        this.random = random;
    }

    /**
     * Makes a client of this broker.
     *
     * @return a transport, not connected
     */
    public Transport client() {
        return new LoopbackClient(this, mailbox, random);
    }

    /**
     * Changes what the network does, for packets sent from now on.
     *
     * @param faults of every hop
     */
    public void faults(Faults faults) {
        this.faults = faults;
    }

    Faults faults() {
        return faults;
    }

    /**
     * Breaks a client's connection: both sides notice at once, and attempts to reconnect fail until {@link #restore}.
     *
     * @param clientId need not be connected
     */
    public void cut(String clientId) {
        cut.add(clientId);
        mailbox.execute(() -> breakOff(clientId, "the network was cut"));
    }

    /**
     * Lets a client's packets vanish without either side noticing before its keep-alive, until {@link #restore}.
     *
     * @param clientId need not be connected
     */
    public void halfOpen(String clientId) {
        silent.add(clientId);
    }

    /**
     * Ends what {@link #cut} and {@link #halfOpen} did; the client comes back by its own backoff.
     *
     * @param clientId any
     */
    public void restore(String clientId) {
        cut.remove(clientId);
        silent.remove(clientId);
    }

    /**
     * Cuts the broker's power and switches it on again. Sessions with an expiry and retained messages survive, as on a
     * broker that writes them through; connections, other sessions and wills are gone, and no will is published.
     */
    public void restart() {
        mailbox.execute(() -> {
            for (LoopbackSession session : List.copyOf(sessions.values())) {
                session.will = null;
            }
            for (String clientId : List.copyOf(connections.keySet())) {
                breakOff(clientId, "the broker lost its power");
            }
        });
    }

    /**
     * How many messages full queues have lost.
     *
     * @return messages of quality of service 1 and 2 dropped by the broker since it was made
     */
    public long dropped() {
        return dropped.get();
    }

    /**
     * Ends a client as if its device lost power: no goodbye, no reconnection, and its futures never complete. The
     * broker notices at once and publishes its will.
     *
     * @param client of this broker
     * @throws IllegalArgumentException if {@code client} is not one of this broker's
     */
    public void kill(Transport client) {
        if (!(client instanceof LoopbackClient own) || !own.belongsTo(this)) {
            throw new IllegalArgumentException("not a client of this broker: " + client);
        }
        mailbox.execute(own::die);
    }

    void meddle(String clientId, Packet packet, Runnable pass) {
        meddler.meddle(clientId, packet, pass);
    }

    boolean isSilent(String clientId) {
        return !silent.isEmpty() && silent.contains(clientId);
    }

    /** Opens a network connection, or tells the client that there is none. */
    LoopbackConnection dial(LoopbackClient client, String clientId) {
        return new LoopbackConnection(this, client, clientId, mailbox, random);
    }

    boolean isCut(String clientId) {
        return cut.contains(clientId);
    }

    private void breakOff(String clientId, String detail) {
        LoopbackConnection connection = connections.get(clientId);
        if (connection != null) {
            connection.breakOff(LossCause.NETWORK, detail);
            ended(connection, false);
        }
    }

    void receive(LoopbackConnection connection, Packet packet) {
        connection.heardNanos = mailbox.nanoTime();
        LoopbackSession session = connection.session;
        if (session == null) {
            if (packet instanceof Packet.Connect connect) {
                accept(connection, connect);
            }
        } else if (packet instanceof Packet.Subscribe subscribe) {
            subscribe(connection, session, subscribe);
        } else if (packet instanceof Packet.Unsubscribe unsubscribe) {
            if (session.exchanges.isNewRequest(unsubscribe.packetId())
                    && session.subscriptions.remove(unsubscribe.filter()) != null) {
                subscriptions.remove(unsubscribe.filter(), session);
            }
            connection.toClient.send(new Packet.UnsubAck(unsubscribe.packetId()));
        } else if (packet instanceof Packet.PingReq) {
            connection.toClient.send(new Packet.PingResp());
        } else if (packet instanceof Packet.Disconnect disconnect) {
            connection.abandon();
            ended(connection, !disconnect.publishWill());
        } else {
            session.exchanges.received(packet, this::route);
        }
    }

    private void accept(LoopbackConnection connection, Packet.Connect connect) {
        String clientId = connect.clientId();
        if (isCut(clientId)) {
            connection.breakOff(LossCause.NETWORK, "the network was cut");
            return;
        }
        LoopbackConnection former = connections.get(clientId);
        if (former != null) {
            takeOver(former, connect.cleanStart());
        }
        LoopbackSession session = sessions.get(clientId);
        if (session != null && connect.cleanStart()) {
            forget(session);
            session = null;
        }
        boolean present = session != null;
        if (session == null) {
            session = new LoopbackSession(clientId, new Exchanges(mailbox, new Outbox(WINDOW_MAX, QUEUE_MAX), mutants));
            sessions.put(clientId, session);
        }
        session.generation++;
        session.expiry = connect.sessionExpiry();
        session.will = connect.will().orElse(null);
        session.connection = connection;
        connection.session = session;
        connections.put(clientId, connection);
        connection.toClient.send(new Packet.ConnAck(present));
        session.exchanges.connected(connection.toClient::send, true);
        if (!connect.keepAlive().isZero()) {
            Duration patience = connect.keepAlive().multipliedBy(3).dividedBy(2);
            mailbox.after(patience, () -> checkKeepAlive(connection, patience));
        }
    }

    /** A will without delay is published even if the session goes on (MQTT 5.0, section 3.1.4). */
    private void takeOver(LoopbackConnection former, boolean cleanStart) {
        LoopbackSession session = former.session;
        if (session != null) {
            LastWill will = session.will;
            session.will = null;
            detach(former, session);
            if (will != null && (cleanStart || will.delay().isZero())) {
                route(will.message());
            }
            if (session.expiry.isZero()) {
                forget(session);
            }
        }
        former.toClient.send(new Packet.Disconnect(LossCause.TAKEN_OVER, true));
        former.toBroker.close();
    }

    private void checkKeepAlive(LoopbackConnection connection, Duration patience) {
        LoopbackSession session = connection.session;
        if (session == null || session.connection != connection) {
            return;
        }
        long leftNanos = connection.heardNanos + patience.toNanos() - mailbox.nanoTime();
        if (leftNanos > 0) {
            mailbox.after(Duration.ofNanos(leftNanos), () -> checkKeepAlive(connection, patience));
        } else {
            connection.toClient.send(new Packet.Disconnect(LossCause.KEEP_ALIVE, true));
            connection.toBroker.close();
            ended(connection, false);
        }
    }

    /** The connection's session goes on without it, if it may, and its will waits for its time. */
    void ended(LoopbackConnection connection, boolean takesWillBack) {
        LoopbackSession session = connection.session;
        if (session == null || session.connection != connection) {
            return;
        }
        detach(connection, session);
        if (takesWillBack) {
            session.will = null;
        }
        LastWill will = session.will;
        if (will != null) {
            at(session, min(will.delay(), session.expiry), () -> publishWill(session));
        }
        at(session, session.expiry, () -> forget(session));
    }

    private void detach(LoopbackConnection connection, LoopbackSession session) {
        session.connection = null;
        session.generation++;
        session.exchanges.disconnected();
        connections.remove(session.clientId, connection);
    }

    /** Runs a task after a delay unless the client has come back. */
    private void at(LoopbackSession session, Duration delay, Runnable task) {
        if (delay.isZero()) {
            task.run();
            return;
        }
        int generation = session.generation;
        mailbox.after(delay, () -> {
            if (session.generation == generation) {
                task.run();
            }
        });
    }

    private void publishWill(LoopbackSession session) {
        LastWill will = session.will;
        session.will = null;
        if (will != null) {
            route(will.message());
        }
    }

    /** The session's end publishes a will that still waits (MQTT 5.0, section 3.1.2.5). */
    private void forget(LoopbackSession session) {
        publishWill(session);
        session.generation++;
        session.subscriptions.keySet().forEach(filter -> subscriptions.remove(filter, session));
        sessions.remove(session.clientId, session);
    }

    private void subscribe(LoopbackConnection connection, LoopbackSession session, Packet.Subscribe request) {
        boolean isNew = session.exchanges.isNewRequest(request.packetId());
        if (isNew) {
            session.subscriptions.put(request.filter(), request.qos());
            subscriptions.put(request.filter(), session, request.qos());
        }
        connection.toClient.send(new Packet.SubAck(request.packetId()));
        if (isNew) {
            for (Message message : new ArrayList<>(retained.values())) {
                if (request.filter().matches(message.topic())) {
                    deliver(session, message, message.qos().min(request.qos()), true);
                }
            }
        }
    }

    /** Keeps a retained message and hands every subscribed session one copy, whatever the overlap of its filters. */
    private void route(Message message) {
        if (message.retain()) {
            retain(message);
        }
        Map<LoopbackSession, Qos> receivers = new LinkedHashMap<>();
        subscriptions.match(
                message.topic(),
                (session, qos) -> receivers.merge(session, qos, (a, b) -> a.compareTo(b) >= 0 ? a : b));
        receivers.forEach(
                (session, qos) -> deliver(session, message, message.qos().min(qos), false));
    }

    private void retain(Message message) {
        if (message.payload().length == 0) {
            retained.remove(message.topic());
        } else if (retained.size() < RETAINED_MAX || retained.containsKey(message.topic())) {
            retained.put(message.topic(), message);
        } else {
            LOG.warn("{} topics hold a retained message; not kept: {}", RETAINED_MAX, message);
        }
    }

    private void deliver(LoopbackSession session, Message message, Qos qos, boolean retain) {
        if (qos == Qos.AT_MOST_ONCE && session.connection == null) {
            return;
        }
        Message copy = message.qos() == qos && message.retain() == retain
                ? message
                : new Message(message.topic(), message.payload(), qos, retain);
        if (!session.exchanges.send(copy, Completion.IGNORED)) {
            dropped.incrementAndGet();
            LOG.warn("queue of client {} is full with {} messages; dropped {}", session.clientId, QUEUE_MAX, copy);
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
