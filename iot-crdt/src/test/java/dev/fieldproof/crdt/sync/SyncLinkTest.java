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
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.crdt.Fixtures;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SyncLinkTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /** A device and a cloud at one broker. */
    private static final class Site {
        final SimClock clock = new SimClock(NOW);
        final LoopbackBroker broker;
        final LwwMap device;
        final LwwMap cloud;
        final SyncLink deviceLink;
        final SyncLink cloudLink;
        final Transport deviceClient;

        Site(long seed, SimClock deviceClock, int keys) {
            SplittableRandom random = new SplittableRandom(seed);
            broker = new LoopbackBroker(clock, random.split());
            device = Fixtures.map(boot(DEVICE, 1), keys, deviceClock);
            cloud = Fixtures.map(boot(CLOUD, 1), keys, clock);
            deviceClient = broker.client();
            Transport cloudClient = broker.client();
            deviceLink = new SyncLink(device, deviceClient, "up", "down", clock, random.split(), SyncOptions.DEVICE);
            cloudLink = new SyncLink(cloud, cloudClient, "down", "up", clock, random.split(), SyncOptions.CLOUD);
            List<CompletableFuture<Boolean>> connected = List.of(
                    cloudClient.connect(ConnectOptions.of("cloud")), deviceClient.connect(ConnectOptions.of("device")));
            clock.advance(Duration.ZERO);
            assertTrue(connected.stream().allMatch(CompletableFuture::isDone));
        }

        boolean settled() {
            return deviceLink.settled() && cloudLink.settled();
        }
    }

    @Test
    void bringsBothSidesTogetherAndThenFallsSilent() {
        Site site = new Site(1, new SimClock(Instant.EPOCH), 30);
        site.device.putReal(0, 21.5);
        site.cloud.putReal(1, 22);
        site.cloud.put(2, Value.of("auto"));
        site.clock.advance(HOUR);
        assertTrue(site.settled());
        assertEquals(site.cloud.entries(), site.device.entries());
        long messages =
                site.deviceLink.stats().sentMessages() + site.cloudLink.stats().sentMessages();
        site.clock.advance(HOUR.multipliedBy(24));
        assertEquals(
                messages,
                site.deviceLink.stats().sentMessages() + site.cloudLink.stats().sentMessages());
        assertEquals(0, site.cloudLink.stats().retries());
    }

    @Test
    void sendsOnlyWhatChanged() {
        Site site = new Site(1, new SimClock(Instant.EPOCH), 3000);
        for (int key = 0; key < 3000; key += 3) {
            site.device.putReal(key, key / 100.0);
        }
        site.clock.advance(HOUR);
        long before = site.deviceLink.stats().sentBytes();
        site.device.putReal(3, 21.5);
        site.deviceLink.changed();
        site.clock.advance(HOUR);
        assertEquals(21.5, site.cloud.getReal(3, 0));
        long bytes = site.deviceLink.stats().sentBytes() - before;
        assertTrue(bytes < 120, "one change cost " + bytes + " bytes");
    }

    @Test
    void surviesLossDuplicationAndReorderingAndCuts() {
        for (long seed = 0; seed < 40; seed++) {
            Site site = new Site(seed, new SimClock(Instant.parse("2262-01-01T00:00:00Z")), 300);
            site.broker.faults(FAULTS);
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 60; i++) {
                site.device.putReal(3 * random.nextInt(100), i);
                site.cloud.putReal(3 * random.nextInt(100) + 1, i);
                site.device.putReal(3 * random.nextInt(100) + 2, i);
                site.cloud.putReal(3 * random.nextInt(100) + 2, i + 0.5);
                site.deviceLink.changed();
                site.cloudLink.changed();
                site.clock.advance(Duration.ofMillis(random.nextInt(3000)));
                if (random.nextInt(10) == 0) {
                    site.broker.cut("device");
                    site.clock.advance(Duration.ofSeconds(random.nextInt(100)));
                    site.broker.restore("device");
                }
            }
            site.clock.advance(HOUR);
            assertTrue(site.settled(), "seed " + seed);
            List<LwwMap.Entry> onlyHere = new ArrayList<>(site.device.entries());
            onlyHere.removeAll(site.cloud.entries());
            List<LwwMap.Entry> onlyThere = new ArrayList<>(site.cloud.entries());
            onlyThere.removeAll(site.device.entries());
            assertEquals(onlyHere, onlyThere, "seed " + seed);
        }
    }

    @Test
    void aLostLogCostsASketchAndNotTheWholeMap() {
        for (long seed = 0; seed < 10; seed++) {
            Site site = new Site(seed, new SimClock(Instant.EPOCH), 3000);
            site.broker.faults(seed % 2 == 0 ? Faults.NONE : FAULTS);
            // Both have had the same from elsewhere, and neither has followed the other's log.
            LwwMap third = Fixtures.map(boot(DEVICE, 0), 3000, new SimClock(NOW));
            for (int key = 0; key < 3000; key += 3) {
                third.putReal(key, key / 100.0);
            }
            site.device.merge(third);
            site.cloud.merge(third);
            for (int i = 0; i < 8; i++) {
                site.device.putReal(30 * i, i);
                site.cloud.putReal(30 * i + 1, i);
            }
            site.clock.advance(HOUR);
            assertTrue(site.settled(), "seed " + seed);
            assertEquals(site.cloud.entries(), site.device.entries());
            long bytes =
                    site.deviceLink.stats().sentBytes() + site.cloudLink.stats().sentBytes();
            int whole = site.cloud.deltaSince(dev.fieldproof.crdt.Version.NONE).sizeBytes();
            assertTrue(seed % 2 != 0 || bytes < whole / 4, bytes + " bytes, the whole map " + whole);
        }
    }

    @Test
    void ignoresMalformedMessages() {
        Site site = new Site(1, new SimClock(Instant.EPOCH), 30);
        site.device.putReal(0, 21.5);
        site.clock.advance(HOUR);
        List<CompletableFuture<Void>> sent = List.of(
                site.deviceClient.publish(new Message("up", new byte[] {1, 9}, SyncOptions.DEVICE.qos(), false)),
                site.deviceClient.publish(new Message("up", new byte[0], SyncOptions.DEVICE.qos(), false)));
        site.clock.advance(HOUR);
        assertTrue(sent.stream().allMatch(CompletableFuture::isDone));
        assertEquals(2, site.cloudLink.stats().malformed());
        assertTrue(site.settled());
    }

    @Test
    void fallsSilentWhenClosed() {
        Site site = new Site(1, new SimClock(Instant.EPOCH), 30);
        long messages = site.deviceLink.stats().sentMessages();
        site.deviceLink.close();
        site.device.putReal(0, 21.5);
        site.deviceLink.changed();
        site.clock.advance(HOUR);
        assertEquals(0, site.cloud.size());
        assertEquals(messages, site.deviceLink.stats().sentMessages());
    }

    private static final Faults FAULTS = new Faults(0.2, 0.1, 0.2, Duration.ofMillis(10), Duration.ofMillis(500));
}
