package dev.fieldproof.sparkplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.sparkplug.edge.EdgeMetric;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.edge.EdgeNodeBuilder;
import dev.fieldproof.sparkplug.host.FleetCounts;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.payload.Compression;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A small site: edge nodes come alive, the network is cut, they come back, and nothing that was sampled is lost. */
class FieldTest {
    private static final int NODES = 12;

    private final SimClock clock = new SimClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final List<HostEvent> events = new ArrayList<>();
    private final Set<String> received = new HashSet<>();
    private final List<HostEvent> twice = new ArrayList<>();
    private final Set<String> sampled = new HashSet<>();
    private final List<EdgeNode> nodes = new ArrayList<>();
    private final HostApplication host = HostApplication.builder("scada", broker::client)
            .scheduler(clock)
            .acknowledgeEvery(Duration.ofSeconds(5))
            .onEvent(this::hear)
            .build();

    private void hear(HostEvent event) {
        events.add(event);
        if (event instanceof HostEvent.Sample sample) {
            if (!received.add(sample.node() + " " + sample.device() + " " + sample.value())) {
                twice.add(sample);
            }
        }
    }

    private EdgeNode node(int i) {
        EdgeNodeBuilder builder = EdgeNode.builder("site", "node-" + i, broker::client)
                .scheduler(clock)
                .random(new SplittableRandom(i))
                .primaryHost("scada")
                .metric("Temperature", Value.of(0))
                .device("pump", new EdgeMetric.Definition("rpm", Value.of(0L)));
        // To a host it makes no difference.
        if (i % 3 == 0) {
            builder.compression(Compression.GZIP, 1);
        } else if (i % 3 == 1) {
            builder.compression(Compression.DEFLATE, 200);
        }
        return builder.build();
    }

    private void sampleFor(int seconds, int[] counter) {
        for (int s = 0; s < seconds; s++) {
            for (int i = 0; i < NODES; i++) {
                int value = ++counter[0];
                nodes.get(i).metric("Temperature").set(value);
                nodes.get(i).device("pump").metric("rpm").set(value);
                sampled.add("site/node-" + i + "  " + Value.of(value));
                sampled.add("site/node-" + i + " pump " + Value.of((long) value));
            }
            clock.advance(Duration.ofSeconds(1));
        }
    }

    private void assertNothingMissing() {
        Set<String> missing = new TreeSet<>(sampled);
        missing.removeAll(received);
        assertEquals(Set.of(), missing);
        assertEquals(sampled.size(), received.size());
    }

    private void assertNothingMissingOrDoubled() {
        assertNothingMissing();
        assertEquals(List.of(), twice);
    }

    private void comeAlive() {
        for (int i = 0; i < NODES; i++) {
            EdgeNode node = node(i);
            nodes.add(node);
            node.device("pump").online();
            node.start();
        }
        clock.advance(Duration.ofSeconds(5));
    }

    @Test
    void cutNetworkLosesNothing() {
        comeAlive();
        assertEquals(0, host.counts().online(), "births wait for the primary host");
        host.start();
        clock.advance(Duration.ofSeconds(5));
        assertEquals(NODES, host.counts().online());

        int[] counter = {0};
        sampleFor(10, counter);
        for (EdgeNode node : nodes.subList(0, 8)) {
            broker.cut(node.clientId());
        }
        sampleFor(30, counter);
        assertEquals(8, host.counts().offline(), "wills fire");
        for (EdgeNode node : nodes) {
            broker.restore(node.clientId());
        }
        sampleFor(60, counter);
        clock.advance(Duration.ofSeconds(30));

        FleetCounts counts = host.counts();
        assertEquals(NODES, counts.online());
        assertEquals(8, counts.deaths());
        assertNothingMissingOrDoubled();
        assertEquals(0, counts.samplesLost());
        assertEquals(0, counts.samplesMissing());
        assertTrue(counts.samplesHistorical() >= 8 * 2 * 29, counts.toString());
    }

    @Test
    void silentNetworkLosesNothing() {
        comeAlive();
        host.start();
        clock.advance(Duration.ofSeconds(5));
        int[] counter = {0};
        sampleFor(5, counter);
        broker.halfOpen(nodes.get(0).clientId());
        broker.halfOpen(host.counts().online() == NODES ? nodes.get(1).clientId() : "none");
        sampleFor(70, counter);
        broker.restore(nodes.get(0).clientId());
        broker.restore(nodes.get(1).clientId());
        sampleFor(60, counter);
        clock.advance(Duration.ofSeconds(60));
        assertNothingMissingOrDoubled();
        assertEquals(0, host.counts().samplesMissing());
    }

    @Test
    void hostThatGoesAwayLosesNothing() {
        comeAlive();
        host.start();
        clock.advance(Duration.ofSeconds(5));
        int[] counter = {0};
        sampleFor(10, counter);
        broker.cut("sparkplug-host/scada");
        sampleFor(30, counter);
        broker.restore("sparkplug-host/scada");
        sampleFor(60, counter);
        clock.advance(Duration.ofSeconds(60));
        assertNothingMissingOrDoubled();
        assertEquals(NODES, host.counts().online());
    }

    @Test
    void theLastMessageBeforeAPauseIsOfferedAgain() {
        comeAlive();
        host.start();
        clock.advance(Duration.ofSeconds(10));
        int[] counter = {0};
        sampleFor(10, counter);
        clock.advance(Duration.ofSeconds(10));
        broker.faults(Faults.NONE.withChances(1.0, 0, 0));
        for (int i = 0; i < NODES; i++) {
            nodes.get(i).metric("Temperature").set(10_000 + i);
            sampled.add("site/node-" + i + "  " + Value.of(10_000 + i));
        }
        clock.advance(Duration.ofMillis(200));
        broker.faults(Faults.NONE);
        clock.advance(Duration.ofSeconds(40));
        assertNothingMissingOrDoubled();
    }

    private void liveWith(Faults faults) {
        broker.faults(faults.withDelay(Duration.ofMillis(20), Duration.ofMillis(300)));
        comeAlive();
        host.start();
        clock.advance(Duration.ofSeconds(30));
        int[] counter = {0};
        sampleFor(60, counter);
        clock.advance(Duration.ofMinutes(30));
    }

    @Test
    void aLossyNetworkLosesAndDoublesNothing() {
        liveWith(Faults.NONE.withChances(0.02, 0, 0));
        assertNothingMissingOrDoubled();
        assertEquals(NODES, host.counts().online());
    }

    /** What MQTT over TCP never does: a message of before a birth comes after it, and its number may happen to fit. */
    @Test
    void aNetworkThatMixesSessionsLosesAndDoublesLittle() {
        liveWith(Faults.NONE.withChances(0.02, 0.02, 0.05));
        int missing = sampled.size() - received.size();
        assertTrue(missing <= sampled.size() / 500, () -> missing + " missing of " + sampled.size());
        assertTrue(twice.size() <= sampled.size() / 500, () -> twice.size() + " twice of " + sampled.size());
        assertEquals(NODES, host.counts().online());
    }

    @Test
    void aNodeWhoseClockIsSetBackLosesNothing() {
        long[] shift = {0};
        Scheduler shifted = new Scheduler() {
            @Override
            public Instant instant() {
                return clock.instant().plusSeconds(shift[0]);
            }

            @Override
            public long nanoTime() {
                return clock.nanoTime();
            }

            @Override
            public Cancellable schedule(Duration delay, Runnable task) {
                return clock.schedule(delay, task);
            }
        };
        EdgeNode node = EdgeNode.builder("site", "node-0", broker::client)
                .scheduler(shifted)
                .random(new SplittableRandom(1))
                .metric("Temperature", Value.of(0))
                .build();
        host.start();
        node.start();
        clock.advance(Duration.ofSeconds(5));
        for (int value = 1; value <= 60; value++) {
            shift[0] = value < 10 ? 0 : -20;
            node.metric("Temperature").set(value);
            sampled.add("site/node-0  " + Value.of(value));
            clock.advance(Duration.ofSeconds(1));
        }
        clock.advance(Duration.ofSeconds(90));
        assertNothingMissingOrDoubled();
    }
}
