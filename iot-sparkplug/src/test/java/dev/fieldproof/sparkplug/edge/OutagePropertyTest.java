package dev.fieldproof.sparkplug.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.host.FleetCounts;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.payload.Value;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Random cuts of network, broker, host and power over a node with a log on disk: every sample that became durable comes
 * to the host, once.
 */
class OutagePropertyTest {
    /** One site with its history. */
    private static final class Site {
        final SimClock clock = new SimClock(Instant.parse("2026-11-22T08:00:00Z"));
        final RandomGenerator random;
        final LoopbackBroker broker;
        final PowerCutDisk disk;
        final BdSeqStore bdSeq = BdSeqStore.inMemory();
        final Set<Long> durable = new TreeSet<>();
        final Set<Long> received = new HashSet<>();
        HostApplication host;
        EdgeNode node;
        Transport transport;
        long value;

        Site(RandomGenerator random, boolean liar) throws IOException {
            this.random = random;
            this.broker = new LoopbackBroker(clock, new SplittableRandom(random.nextLong()));
            this.disk = new PowerCutDisk(liar);
            host = HostApplication.builder("scada", broker::client)
                    .scheduler(clock)
                    .acknowledgeEvery(Duration.ofSeconds(2))
                    .onEvent(this::hear)
                    .build();
            host.start();
            boot();
        }

        void hear(HostEvent event) {
            if (event instanceof HostEvent.Sample sample && sample.value() instanceof Value.Whole whole) {
                assertTrue(received.add(whole.value()), "sample " + whole.value() + " came twice");
            }
        }

        /** A boot with its own kill switch: a machine without power does not say goodbye. */
        void boot() throws IOException {
            boolean[] off = {false};
            node = EdgeNode.builder("site", "node", () -> {
                        if (off[0]) {
                            throw new IOException("this machine has no power");
                        }
                        transport = broker.client();
                        return transport;
                    })
                    .scheduler(clock)
                    .random(new SplittableRandom(random.nextLong()))
                    .bdSeqStore(bdSeq)
                    .primaryHost("scada")
                    .sampleLog(new DiskSampleLog(disk, 5_000, 20, random))
                    .metric("Count", Value.of(0L))
                    .device("pump", new EdgeMetric.Definition("Count", Value.of(0L)))
                    .build();
            powerSwitch = off;
            node.device("pump").online();
            node.start();
        }

        private boolean[] powerSwitch = {false};

        void sample() {
            long next = ++value;
            if (random.nextBoolean()) {
                node.metric("Count").set(next);
            } else {
                node.device("pump").metric("Count").set(next);
            }
            // The scheduler's next turn makes it durable.
            clock.advance(Duration.ofMillis(1));
            durable.add(next);
        }

        void powerCut() throws IOException {
            broker.cut(node.clientId());
            clock.advance(Duration.ofMillis(1));
            powerSwitch[0] = true;
            if (transport != null) {
                transport.close();
            }
            disk.cut(random);
            clock.advance(Duration.ofSeconds(random.nextInt(20)));
            broker.restore(node.clientId());
            boot();
        }

        void trouble() throws IOException {
            switch (random.nextInt(5)) {
                case 0 -> powerCut();
                case 1 -> {
                    broker.cut(node.clientId());
                    live(random.nextInt(30));
                    broker.restore(node.clientId());
                }
                case 2 -> {
                    broker.halfOpen(node.clientId());
                    live(random.nextInt(80));
                    broker.restore(node.clientId());
                }
                case 3 -> {
                    broker.cut("sparkplug-host/scada");
                    live(random.nextInt(30));
                    broker.restore("sparkplug-host/scada");
                }
                default -> broker.restart();
            }
        }

        void live(int seconds) {
            for (int s = 0; s < seconds; s++) {
                if (random.nextInt(3) > 0) {
                    sample();
                }
                clock.advance(Duration.ofMillis(999));
            }
        }

        void run() throws IOException {
            live(5);
            for (int i = 0; i < 8; i++) {
                trouble();
                live(random.nextInt(40));
            }
            clock.advance(Duration.ofMinutes(3));
            live(5);
            clock.advance(Duration.ofSeconds(30));
            Set<Long> missing = new TreeSet<>(durable);
            missing.removeAll(received);
            FleetCounts counts = host.counts();
            assertEquals(Set.of(), missing, () -> "missing at the host, which counts " + counts);
            assertEquals(0, counts.samplesMissing(), counts::toString);
            assertEquals(0, counts.samplesLost(), counts::toString);
        }
    }

    private static void outages(int runs, boolean liar) {
        SeededRuns.check(runs, random -> {
            try {
                new Site(random, liar).run();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void noDurableSampleIsLostOrDoubled() {
        outages(150, false);
    }

    @Test
    void aDiskThatLiesAboutSyncingIsCaught() {
        assertThrows(AssertionError.class, () -> outages(50, true));
    }
}
