package dev.fieldproof.crdt.sync;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.BootTrail;
import dev.fieldproof.crdt.CloneWatch;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.MergeReport;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.wire.WireException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one replica in step with one peer over a transport: carries out what {@link SyncSession} decides. Thread-safe;
 * it holds the monitor of the replica while it reads or changes it, and so must whoever else uses the replica.
 */
public final class SyncLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SyncLink.class);

    private final LwwMap replica;
    private final Transport transport;
    private final String sendTopic;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final SyncOptions options;
    private final Subscription subscription;
    private final ArrayDeque<SyncSession.Event> events = new ArrayDeque<>();
    private final Reconciler reconciler;
    private boolean running;
    private boolean closed;
    private SyncSession.State state = SyncSession.State.INITIAL;
    private SyncStats stats = SyncStats.NONE;
    private Scheduler.@Nullable Cancellable timer;
    private Consumer<MergeReport> onMerge = report -> {};
    private BootTrail trail;
    private CloneWatch watch = new CloneWatch();
    private Consumer<CloneWatch.Clone> onClone;

    /**
     * Subscribes, and begins as soon as the transport is connected.
     *
     * @param replica the replica to keep in step
     * @param transport connected or not, owned by the caller
     * @param sendTopic where the peer listens
     * @param receiveTopic where this side listens
     * @param scheduler runs retries
     * @param random spreads retries over time
     * @param options sizes and waits
     */
    public SyncLink(
            LwwMap replica,
            Transport transport,
            String sendTopic,
            String receiveTopic,
            Scheduler scheduler,
            RandomGenerator random,
            SyncOptions options) {
        this.replica = replica;
        this.transport = transport;
        this.sendTopic = TopicFilter.requireTopicName(sendTopic);
        this.scheduler = scheduler;
        this.random = random;
        this.options = options;
        this.trail = new BootTrail(replica.self(), List.of());
        this.onClone = clone -> LOG.warn("two devices live under one identity: {}", clone);
        this.reconciler = new Reconciler(replica, options.maxMessageBytes());
        TopicFilter filter = new TopicFilter(TopicFilter.requireTopicName(receiveTopic));
        this.subscription = transport.subscribe(filter, options.qos(), this::received);
        transport.watch(connection -> {
            if (connection instanceof ConnectionState.Connected) {
                handle(new SyncSession.Event.Connected());
            }
        });
    }

    /** Says that the replica was written to; the peer hears of it now rather than at the next contact. */
    public void changed() {
        handle(new SyncSession.Event.Changed());
    }

    /**
     * Sets who hears of every merge.
     *
     * @param listener called on the transport's thread, with the replica's monitor held
     */
    public void onMerge(Consumer<MergeReport> listener) {
        synchronized (replica) {
            onMerge = listener;
        }
    }

    /**
     * Sets what is told of this device's last boots, so that others can find out a clone of it.
     *
     * @param own of the life in which the replica writes
     * @throws IllegalArgumentException if it is of another life
     */
    public void trail(BootTrail own) {
        if (!own.life().equals(replica.self())) {
            throw new IllegalArgumentException("not the trail of " + replica.self() + ": " + own);
        }
        synchronized (replica) {
            trail = own;
        }
    }

    /**
     * Sets who looks for clones among the peers, and who hears of them; without it, every link looks for itself and
     * logs what it finds.
     *
     * @param shared one watch for all links of a hub
     * @param listener called on the transport's thread, with the replica's monitor held
     */
    public void watch(CloneWatch shared, Consumer<CloneWatch.Clone> listener) {
        synchronized (replica) {
            watch = shared;
            onClone = listener;
        }
    }

    /**
     * What happened so far.
     *
     * @return the counts
     */
    public SyncStats stats() {
        synchronized (replica) {
            return stats;
        }
    }

    /**
     * Whether both sides have the same, as far as this side knows.
     *
     * @return false before the first exchange and while changes are on their way
     */
    public boolean settled() {
        synchronized (replica) {
            return SyncSession.settled(state, view(state.peer()));
        }
    }

    /**
     * How far the peer has confirmed to have followed this replica.
     *
     * @return a version of this replica's log; of the lowest over all peers, {@link LwwMap#forgetRemovals} makes use
     */
    public Version acknowledged() {
        synchronized (replica) {
            return state.acked();
        }
    }

    /** Ends the subscription and all retries; the transport stays open. Idempotent. */
    @Override
    public void close() {
        synchronized (replica) {
            closed = true;
            disarm();
        }
        subscription.close();
    }

    private SyncSession.View view(Version peer) {
        return new SyncSession.View(
                replica.version(), replica.seen(peer.logId()), replica.self(), replica.entryCount());
    }

    private void received(Message message) {
        SyncMessage decoded = null;
        try {
            decoded = SyncCodec.decode(message.payload(), options.budget());
        } catch (WireException e) {
            LOG.warn("ignored a malformed message on {}: {}", message.topic(), e.getMessage());
        }
        synchronized (replica) {
            stats = new SyncStats(
                    stats.sentMessages(),
                    stats.sentBytes(),
                    stats.receivedMessages() + 1,
                    stats.receivedBytes() + message.payload().length,
                    stats.malformed() + (decoded == null ? 1 : 0),
                    stats.retries(),
                    stats.merged());
        }
        if (decoded != null) {
            handle(new SyncSession.Event.Received(decoded));
        }
    }

    /** Takes steps until no event is left; events that effects bring about wait their turn. */
    private void handle(SyncSession.Event event) {
        synchronized (replica) {
            events.add(event);
            if (running) {
                return;
            }
            running = true;
            try {
                for (SyncSession.Event next = events.poll(); next != null && !closed; next = events.poll()) {
                    step(next);
                }
            } finally {
                running = false;
            }
        }
    }

    private void step(SyncSession.Event happened) {
        SyncSession.Event event = happened;
        Version peer = state.peer();
        if (event instanceof SyncSession.Event.Received received
                && received.message() instanceof SyncMessage.Have have) {
            peer = have.mine();
            watch.observe(new BootTrail(have.sender(), have.marks())).ifPresent(onClone);
            if (have.trustedMillis() > 0 && !options.trustedClock()) {
                replica.reclock(have.trustedMillis());
            }
            event = new SyncSession.Event.Received(have.seeing(replica.here(have.seen())));
        }
        SyncSession.Step step = SyncSession.step(state, view(peer), event);
        state = step.state();
        for (SyncSession.Effect effect : step.effects()) {
            perform(effect);
        }
    }

    private void perform(SyncSession.Effect effect) {
        if (effect instanceof SyncSession.Effect.Announce announce) {
            long trusted = options.trustedClock() ? Math.max(0, scheduler.millis()) : 0;
            Version seen = replica.seen(state.peer().logId());
            send(new SyncMessage.Have(
                    replica.self(),
                    replica.version(),
                    seen,
                    replica.entryCount(),
                    trusted,
                    announce.answer(),
                    trail.marks()));
        } else if (effect instanceof SyncSession.Effect.Push push) {
            push(push.reader(), push.from());
        } else if (effect instanceof SyncSession.Effect.Merge merge) {
            boolean doubtful = merge(merge.delta()).quarantined() > 0 && !options.trustedClock();
            events.add(new SyncSession.Event.Merged(doubtful));
            report(reconciler.merged());
        } else if (effect instanceof SyncSession.Effect.Reconcile begin) {
            send(reconciler.ask(random.nextInt(), begin.peer(), begin.attempt()));
        } else if (effect instanceof SyncSession.Effect.Compare compare) {
            compare(compare.message());
        } else if (effect instanceof SyncSession.Effect.Claim) {
            send(new SyncMessage.Changes(replica.claim()));
        } else if (effect instanceof SyncSession.Effect.Arm arm) {
            arm(arm.attempt());
        } else {
            disarm();
        }
    }

    private MergeReport merge(Delta delta) {
        MergeReport report = replica.apply(delta);
        count(0, 0, 0, report);
        onMerge.accept(report);
        return report;
    }

    private void compare(SyncMessage message) {
        List<SyncMessage> out = new ArrayList<>();
        if (message instanceof SyncMessage.Compare compare) {
            int[] later = replica.laterThan(compare.delta());
            merge(compare.delta());
            reconciler.answerCompare(compare, later, out);
        } else {
            report(reconciler.receive(message, out));
        }
        out.forEach(this::send);
    }

    private void report(Reconciler.Progress progress) {
        if (progress == Reconciler.Progress.EQUAL) {
            events.add(new SyncSession.Event.Reconciled());
        } else if (progress != Reconciler.Progress.UNDER_WAY) {
            events.add(new SyncSession.Event.Failed(progress == Reconciler.Progress.TOO_DIFFERENT));
        }
    }

    private void push(Boot reader, long from) {
        Version end = replica.version();
        Version at = new Version(end.logId(), from);
        int sent = 0;
        while (at.position() < end.position() && sent < options.windowBytes()) {
            Delta delta = replica.deltaFor(reader, at, options.maxMessageBytes());
            send(new SyncMessage.Changes(delta));
            sent += delta.sizeBytes();
            at = delta.to();
        }
        events.add(new SyncSession.Event.Pushed(at.position()));
    }

    private void send(SyncMessage message) {
        byte[] payload = SyncCodec.encode(message);
        count(1, payload.length, 0, MergeReport.EMPTY);
        transport.publish(new Message(sendTopic, payload, options.qos(), false)).exceptionally(lost -> {
            LOG.debug("a message on {} was not sent: {}", sendTopic, lost.getMessage());
            return null;
        });
    }

    private void count(int messages, int bytes, int retries, MergeReport report) {
        stats = new SyncStats(
                stats.sentMessages() + messages,
                stats.sentBytes() + bytes,
                stats.receivedMessages(),
                stats.receivedBytes(),
                stats.malformed(),
                stats.retries() + retries,
                stats.merged().plus(report));
    }

    private void arm(int attempt) {
        disarm();
        long limit = Math.min(
                options.retry().toMillis() << Math.min(attempt, 20),
                options.maxRetry().toMillis());
        // Between half and all of the delay, so that a fleet that lost its broker does not ask in chorus.
        long delayMillis = limit / 2 + random.nextLong(limit / 2 + 1);
        timer = scheduler.schedule(Duration.ofMillis(delayMillis), () -> {
            synchronized (replica) {
                count(0, 0, 1, MergeReport.EMPTY);
            }
            handle(new SyncSession.Event.TimedOut());
        });
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
