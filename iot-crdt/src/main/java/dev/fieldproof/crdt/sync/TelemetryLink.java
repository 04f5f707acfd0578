package dev.fieldproof.crdt.sync;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.MergeReport;
import dev.fieldproof.crdt.TelemetryBatch;
import dev.fieldproof.crdt.TelemetryLog;
import dev.fieldproof.crdt.wire.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the samples of one log to another: the source sends what is not acknowledged, in batches up to a window,
 * again after a growing delay; the sink acknowledges what it has without a gap, once it is durable, and the source
 * trims. Every message may be lost, doubled or late. Thread-safe; holds the log's monitor while it uses the log, and so
 * must others.
 */
public final class TelemetryLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TelemetryLink.class);
    private static final int BATCH_SAMPLES = 256;

    private final TelemetryLog log;
    private final Transport transport;
    private final String sendTopic;
    private final SyncOptions options;
    private final @Nullable Retry retry;
    private final Durability durability;
    private final Subscription subscription;
    private final Map<Boot, Long> acknowledged = new TreeMap<>();
    private Scheduler.@Nullable Cancellable timer;
    private int attempts;
    private boolean closed;
    private MergeReport merged = MergeReport.EMPTY;

    /** Makes a sink's samples durable before they are acknowledged. */
    @FunctionalInterface
    public interface Durability {
        /**
         * Stores what the log holds.
         *
         * @throws IOException if it cannot be stored; nothing is acknowledged then
         */
        void commit() throws IOException;
    }

    /** What a source needs to send again. */
    private record Retry(Scheduler scheduler, RandomGenerator random) {}

    private TelemetryLink(
            TelemetryLog log,
            Transport transport,
            String sendTopic,
            String receiveTopic,
            SyncOptions options,
            @Nullable Retry retry,
            Durability durability) {
        this.log = log;
        this.transport = transport;
        this.sendTopic = TopicFilter.requireTopicName(sendTopic);
        this.options = options;
        this.retry = retry;
        this.durability = durability;
        TopicFilter filter = new TopicFilter(TopicFilter.requireTopicName(receiveTopic));
        this.subscription = transport.subscribe(filter, options.qos(), this::received);
        transport.watch(connection -> {
            if (connection instanceof ConnectionState.Connected) {
                changed();
            }
        });
    }

    /**
     * The side whose samples travel.
     *
     * @param log trimmed as the sink acknowledges
     * @param transport connected or not, owned by the caller
     * @param sendTopic where the sink listens
     * @param receiveTopic where acknowledgements come
     * @param scheduler runs retries
     * @param random spreads retries over time
     * @param options sizes and waits
     * @return the link
     */
    public static TelemetryLink source(
            TelemetryLog log,
            Transport transport,
            String sendTopic,
            String receiveTopic,
            Scheduler scheduler,
            RandomGenerator random,
            SyncOptions options) {
        return new TelemetryLink(
                log, transport, sendTopic, receiveTopic, options, new Retry(scheduler, random), () -> {});
    }

    /**
     * The side that collects.
     *
     * @param log grows by what comes
     * @param transport connected or not, owned by the caller
     * @param sendTopic where acknowledgements go
     * @param receiveTopic where samples come
     * @param options sizes
     * @param durability called, with the log's monitor held, before anything is acknowledged
     * @return the link
     */
    public static TelemetryLink sink(
            TelemetryLog log,
            Transport transport,
            String sendTopic,
            String receiveTopic,
            SyncOptions options,
            Durability durability) {
        return new TelemetryLink(log, transport, sendTopic, receiveTopic, options, null, durability);
    }

    /** Says that samples were appended; they are sent now rather than at the next retry. */
    public void changed() {
        synchronized (log) {
            attempts = 0;
            push();
        }
    }

    /**
     * Whether the sink has acknowledged every sample that the source holds.
     *
     * @return true also for an empty log
     */
    public boolean settled() {
        synchronized (log) {
            return log.since(acknowledged, 1).isEmpty();
        }
    }

    /**
     * What became of the samples that came, duplicates included.
     *
     * @return the sums of all merges
     */
    public MergeReport merged() {
        synchronized (log) {
            return merged;
        }
    }

    /** Ends the subscription and all retries; the transport stays open. Idempotent. */
    @Override
    public void close() {
        synchronized (log) {
            closed = true;
            disarm();
        }
        subscription.close();
    }

    private void push() {
        if (retry == null || closed) {
            return;
        }
        disarm();
        Map<Boot, Long> from = new TreeMap<>(acknowledged);
        int sent = 0;
        while (sent < options.windowBytes()) {
            List<TelemetryLog.Sample> samples = log.since(from, BATCH_SAMPLES);
            if (samples.isEmpty()) {
                break;
            }
            byte[] bytes = new TelemetryBatch(samples, Map.of(), true).encode();
            while (bytes.length > options.maxMessageBytes() && samples.size() > 1) {
                samples = samples.subList(0, samples.size() / 2);
                bytes = new TelemetryBatch(samples, Map.of(), true).encode();
            }
            samples.forEach(sample -> from.put(sample.dot().boot(), sample.dot().counter()));
            sent += bytes.length;
            send(bytes);
        }
        if (sent > 0) {
            arm(retry);
        }
    }

    private void send(byte[] bytes) {
        transport.publish(new Message(sendTopic, bytes, options.qos(), false)).exceptionally(lost -> {
            LOG.debug("a message on {} was not sent: {}", sendTopic, lost.getMessage());
            return null;
        });
    }

    private void received(Message message) {
        try {
            TelemetryBatch batch = TelemetryBatch.decode(message.payload(), options.budget());
            synchronized (log) {
                if (!closed) {
                    take(batch);
                }
            }
        } catch (WireException e) {
            LOG.warn("ignored a malformed message on {}: {}", message.topic(), e.getMessage());
        }
    }

    private void take(TelemetryBatch batch) {
        if (retry != null) {
            Map<Boot, Long> known = log.watermarks();
            batch.acknowledged().forEach((boot, mark) -> {
                if (known.containsKey(boot)) {
                    acknowledged.merge(boot, mark, Math::max);
                }
            });
            if (log.trim(acknowledged) > 0) {
                attempts = 0;
                push();
            }
            return;
        }
        merged = merged.plus(log.merge(batch.samples()));
        if (batch.wantsAnswer()) {
            try {
                durability.commit();
                send(new TelemetryBatch(List.of(), watermarksOf(batch), false).encode());
            } catch (IOException e) {
                LOG.warn("samples are not acknowledged, as they could not be stored", e);
            }
        }
    }

    /** The watermarks of the lives that a batch speaks of. */
    private Map<Boot, Long> watermarksOf(TelemetryBatch batch) {
        Map<Boot, Long> all = log.watermarks();
        Map<Boot, Long> some = new TreeMap<>();
        for (TelemetryLog.Sample sample : batch.samples()) {
            Boot boot = sample.dot().boot();
            some.put(boot, all.getOrDefault(boot, 0L));
        }
        return some;
    }

    private void arm(Retry by) {
        long limit = Math.min(
                options.retry().toMillis() << Math.min(attempts++, 20),
                options.maxRetry().toMillis());
        Duration delay = Duration.ofMillis(limit / 2 + by.random().nextLong(limit / 2 + 1));
        timer = by.scheduler().schedule(delay, () -> {
            synchronized (log) {
                push();
            }
        });
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
