package dev.fieldproof.sparkplug.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was stored while the network was away comes without keeping what is live waiting. */
class DrainTest {
    private static final int STORED = 3_000;

    private final SimClock clock = new SimClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final Set<Long> received = new HashSet<>();
    private long longestMillis;

    /** A client behind a link that takes so many bytes a second, one message after the other. */
    private final class Narrow implements Transport {
        private final Transport inner = broker.client();
        private final long bytesPerSecond;
        private long freeNanos = clock.nanoTime();

        Narrow(long bytesPerSecond) {
            this.bytesPerSecond = bytesPerSecond;
        }

        @Override
        public CompletableFuture<Void> publish(Message message) {
            CompletableFuture<Void> passed = new CompletableFuture<>();
            long bytes = message.topic().length() + message.payload().length + 4L;
            freeNanos = Math.max(freeNanos, clock.nanoTime()) + bytes * 1_000_000_000L / bytesPerSecond;
            clock.schedule(Duration.ofNanos(freeNanos - clock.nanoTime()), () -> {
                var unused = inner.publish(message).whenComplete((ok, failed) -> passed.complete(null));
            });
            return passed;
        }

        @Override
        public CompletableFuture<Boolean> connect(ConnectOptions options) {
            return inner.connect(options);
        }

        @Override
        public Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> handler) {
            return inner.subscribe(filter, qos, handler);
        }

        @Override
        public void watch(Consumer<ConnectionState> listener) {
            inner.watch(listener);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    private void hear(HostEvent event) {
        if (event instanceof HostEvent.Sample sample && sample.value() instanceof Value.Whole whole) {
            assertTrue(received.add(whole.value()), "twice: " + whole.value());
            if (!sample.historical()) {
                Duration late = Duration.between(sample.timestamp(), clock.instant());
                longestMillis = Math.max(longestMillis, late.toMillis());
            }
        }
    }

    private EdgeNode node(long bytesPerSecond) {
        HostApplication host = HostApplication.builder("scada", broker::client)
                .scheduler(clock)
                .onEvent(this::hear)
                .build();
        host.start();
        EdgeNode node = EdgeNode.builder("site", "node", () -> new Narrow(bytesPerSecond))
                .scheduler(clock)
                .random(new SplittableRandom(2))
                .metric("Count", Value.of(0L))
                .build();
        for (long value = 1; value <= STORED; value++) {
            node.metric("Count").set(value);
            clock.advance(Duration.ofMillis(10));
        }
        node.start();
        return node;
    }

    /** From a good mobile connection down to what a satellite modem gives. */
    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 20_000, 2_000, 500})
    void whatIsLiveIsNeverASecondLate(long bytesPerSecond) {
        EdgeNode node = node(bytesPerSecond);
        clock.advance(Duration.ofSeconds(5));
        long value = STORED;
        // At 500 bytes a second the stored samples alone take minutes.
        for (int step = 0; step < 4_000 && (step < 100 || received.size() < value); step++) {
            if (step % 20 == 0) {
                node.metric("Count").set(++value);
            }
            clock.advance(Duration.ofMillis(100));
        }
        assertEquals(value, received.size(), "all come, once");
        assertTrue(longestMillis <= 1_000, "a live sample came after " + longestMillis + " ms");
    }

    @Test
    void thePaceFollowsTheNetwork() {
        DrainPace pace = new DrainPace(500);
        pace.begin();
        assertEquals(10, pace.allowance(), "carefully at first");
        for (int tick = 0; tick < 10; tick++) {
            pace.tick();
            int samples = Math.min(100, pace.allowance());
            pace.looked(samples);
            pace.sent(samples);
            pace.passed(samples, 0);
        }
        pace.tick();
        assertEquals(500, pace.allowance(), "no faster than the owner said");
        pace.looked(200);
        assertEquals(300, pace.allowance(), "what is looked at counts");
        for (int message = 0; message < 10; message++) {
            pace.tick();
            pace.sent(1);
            pace.passed(1, 3 * DrainPace.PATIENCE_NANOS);
        }
        pace.tick();
        assertEquals(1, pace.allowance(), "however slow, it goes on");
        pace.sent(1);
        assertEquals(0, pace.allowance(), "one waits for the other");
    }
}
