package dev.fieldproof.crdt.sync;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.NOW;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.crdt.TelemetryLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TelemetryLinkTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Faults FAULTS = new Faults(0.2, 0.1, 0.2, Duration.ofMillis(10), Duration.ofMillis(500));

    /** A device that measures and a cloud that collects. */
    private static final class Site {
        final SimClock clock = new SimClock(NOW);
        final LoopbackBroker broker;
        final TelemetryLog device = new TelemetryLog(boot(DEVICE, 1), 10_000);
        final TelemetryLog cloud = new TelemetryLog(boot(CLOUD, 1), 100_000);
        final List<TelemetryLog.Sample> taken = new ArrayList<>();
        final TelemetryLink source;
        final TelemetryLink sink;
        boolean diskFull;

        Site(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            broker = new LoopbackBroker(clock, random.split());
            Transport up = broker.client();
            Transport down = broker.client();
            source = TelemetryLink.source(device, up, "samples", "acks", clock, random.split(), SyncOptions.DEVICE);
            sink = TelemetryLink.sink(cloud, down, "acks", "samples", SyncOptions.CLOUD, () -> {
                if (diskFull) {
                    throw new IOException("no space");
                }
            });
            List<CompletableFuture<Boolean>> connected =
                    List.of(down.connect(ConnectOptions.of("cloud")), up.connect(ConnectOptions.of("device")));
            clock.advance(Duration.ZERO);
            assertTrue(connected.stream().allMatch(CompletableFuture::isDone));
        }

        void measure(int count) {
            for (int i = 0; i < count; i++) {
                taken.add(device.append(clock.millis(), i % 3, taken.size() / 100.0));
            }
            source.changed();
        }
    }

    @Test
    void everySampleArrivesOnceAndTheSourceForgetsIt() {
        Site site = new Site(1);
        site.measure(1000);
        site.clock.advance(HOUR);
        assertEquals(site.taken, site.cloud.samples());
        assertEquals(0, site.device.size());
        assertTrue(site.source.settled());
        assertEquals(1000, site.sink.merged().accepted());
    }

    @Test
    void survivesLossDuplicationReorderingAndCuts() {
        for (long seed = 0; seed < 20; seed++) {
            Site site = new Site(seed);
            site.broker.faults(FAULTS);
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 40; i++) {
                site.measure(random.nextInt(100));
                site.clock.advance(Duration.ofMillis(random.nextInt(3000)));
                if (random.nextInt(8) == 0) {
                    site.broker.cut("device");
                    site.clock.advance(Duration.ofSeconds(random.nextInt(100)));
                    site.broker.restore("device");
                }
            }
            site.clock.advance(HOUR);
            assertEquals(site.taken, site.cloud.samples(), "seed " + seed);
            assertTrue(site.source.settled(), "seed " + seed);
            assertEquals(0, site.device.size(), "seed " + seed);
        }
    }

    @Test
    void nothingIsForgottenBeforeItIsDurable() {
        Site site = new Site(1);
        site.diskFull = true;
        site.measure(10);
        site.clock.advance(HOUR);
        assertEquals(10, site.device.size());
        assertTrue(!site.source.settled());
        site.diskFull = false;
        site.clock.advance(HOUR);
        assertEquals(0, site.device.size());
        assertEquals(site.taken, site.cloud.samples());
    }

    @Test
    void fallsSilentWhenSettledOrClosed() {
        Site site = new Site(1);
        site.measure(10);
        site.clock.advance(HOUR);
        long before = site.sink.merged().written();
        site.clock.advance(HOUR);
        assertEquals(before, site.sink.merged().written());
        site.source.close();
        site.measure(10);
        site.clock.advance(HOUR);
        assertEquals(before, site.sink.merged().written());
    }
}
