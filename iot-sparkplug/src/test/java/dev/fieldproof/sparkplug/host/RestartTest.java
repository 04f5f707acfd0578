package dev.fieldproof.sparkplug.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A host that restarts over a fleet asks every node to be born again, once, and not faster than it may. */
class RestartTest {
    private static final int NODES = 600;
    private static final int PER_SECOND = 20;
    private static final int BURST = 10;
    private static final int STEPS = 10;

    private final SimClock clock = new SimClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final List<EdgeNode> nodes = new ArrayList<>();

    private HostApplication host() {
        HostApplication host = HostApplication.builder("scada", broker::client)
                .scheduler(clock)
                .rebirthBudget(PER_SECOND, BURST)
                .build();
        host.start();
        return host;
    }

    @Test
    void aFleetIsKnownAgainWithinTheBudget() {
        for (int i = 0; i < NODES; i++) {
            EdgeNode node = EdgeNode.builder("site", "node-" + i, broker::client)
                    .scheduler(clock)
                    .random(new SplittableRandom(i))
                    .metric("Level", Value.of(0L))
                    .build();
            node.start();
            nodes.add(node);
        }
        HostApplication before = host();
        clock.advance(Duration.ofSeconds(10));
        assertEquals(NODES, before.counts().online());
        before.close();
        HostApplication host = host();
        double least = (NODES - BURST) / (double) PER_SECOND;
        int steps = 0;
        long second = 0;
        long peak = 0;
        while (host.counts().online() < NODES) {
            for (int i = steps % STEPS; i < NODES; i += STEPS) {
                nodes.get(i).metric("Level").set((long) steps);
            }
            clock.advance(Duration.ofSeconds(1).dividedBy(STEPS));
            assertTrue(++steps < 3 * least * STEPS, () -> "after three times the least: " + host.counts());
            if (steps % STEPS == 0) {
                peak = Math.max(peak, host.counts().rebirthRequests() - second);
                second = host.counts().rebirthRequests();
            }
        }
        assertEquals(NODES, host.counts().rebirthRequests(), "each is asked once");
        assertTrue(peak <= BURST + PER_SECOND, "within a second: " + peak);
        assertTrue(steps <= 1.2 * least * STEPS, steps / (double) STEPS + " s, where " + least + " s are possible");
    }

    @Test
    void whoDoesNotAnswerIsAskedAgainMoreAndMoreSeldom() {
        RebirthBudget<String> budget =
                new RebirthBudget<>(1_000, 1_000, Duration.ofSeconds(10).toNanos(), 0);
        budget.ask("mute");
        List<Integer> asked = new ArrayList<>();
        for (int second = 0; second < 1_000; second++) {
            if (second == 5) {
                budget.ask("late");
                assertEquals(
                        List.of("late"), budget.take(Duration.ofSeconds(second).toNanos()));
                budget.settled("late");
            } else if (!budget.take(Duration.ofSeconds(second).toNanos()).isEmpty()) {
                asked.add(second);
            }
        }
        assertEquals(List.of(0, 10, 30, 70, 150, 310), asked, "each pause is twice the one before");
        assertTrue(budget.isIdle(), "after six times the host gives up, until it hears of the node");
    }
}
