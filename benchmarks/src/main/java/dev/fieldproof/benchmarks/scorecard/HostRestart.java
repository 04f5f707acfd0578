package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.host.FleetCounts;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A host restarts over 10,000 edge nodes that went on sending, and asks each to be born again within its budget. */
final class HostRestart {
    static final int NODES = 10_000;
    private static final int REBIRTHS_PER_SECOND = 50;
    private static final Duration STEP = Duration.ofMillis(100);
    private static final int STEPS_PER_SECOND = 10;
    /** Every node says something this often. */
    private static final int PERIOD_STEPS = 300;

    /**
     * What came of it.
     *
     * @param seconds until every node was known
     * @param least seconds that the budget allows at best
     * @param requests rebirth requests sent
     * @param peak most requests within any second
     */
    record Outcome(double seconds, double least, long requests, long peak) {}

    private HostRestart() {}

    static Outcome play() {
        SimClock clock = new SimClock(Instant.parse("2026-11-22T08:00:00Z"));
        LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(3));
        List<EdgeNode> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            EdgeNode node = EdgeNode.builder("Plant", "Node" + i, broker::client)
                    .scheduler(clock)
                    .random(new SplittableRandom(i))
                    .metric("Level", Value.of(0.0))
                    .metric("Pump", Value.of(false))
                    .build();
            node.start();
            nodes.add(node);
        }
        clock.advance(Duration.ofSeconds(30));
        HostApplication host = HostApplication.builder("scada", broker::client)
                .scheduler(clock)
                .rebirthBudget(REBIRTHS_PER_SECOND, REBIRTHS_PER_SECOND)
                .build();
        host.start();
        long[] sent = new long[STEPS_PER_SECOND];
        long peak = 0;
        for (int step = 0; step < 100 * PERIOD_STEPS; step++) {
            for (int i = step % PERIOD_STEPS; i < NODES; i += PERIOD_STEPS) {
                nodes.get(i).metric("Level").set(step * 0.5);
            }
            clock.advance(STEP);
            FleetCounts counts = host.counts();
            int slot = step % STEPS_PER_SECOND;
            peak = Math.max(peak, counts.rebirthRequests() - sent[slot]);
            sent[slot] = counts.rebirthRequests();
            if (counts.online() == NODES) {
                double least = (NODES - REBIRTHS_PER_SECOND) / (double) REBIRTHS_PER_SECOND;
                return new Outcome((step + 1.0) / STEPS_PER_SECOND, least, counts.rebirthRequests(), peak);
            }
        }
        throw new IllegalStateException("the host knows " + host.counts());
    }
}
