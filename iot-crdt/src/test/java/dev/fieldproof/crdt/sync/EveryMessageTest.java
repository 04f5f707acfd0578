package dev.fieldproof.crdt.sync;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.NOW;
import static dev.fieldproof.crdt.Fixtures.boot;
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
import dev.fieldproof.crdt.Fixtures;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.wire.WireBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A reconciliation of two maps without a common log, in which one message meets a fault: once the first, once the
 * second, and so on to the last. Whichever it is, both sides end up equal and know it.
 */
class EveryMessageTest {
    private static final int KEYS = 6000;
    private static final int DIFFERING = 20;
    private static final SyncOptions SMALL_MESSAGES = new SyncOptions(
            400, 2000, Duration.ofSeconds(2), Duration.ofSeconds(60), false, Qos.AT_MOST_ONCE, WireBudget.DEFAULT);

    enum Fault {
        LOST,
        DOUBLED,
        OVERTAKEN,
        CUT_BEFORE,
        CUT_AFTER
    }

    /** Both ends of a link whose message of a given number, counted from 1 over both directions, meets a fault. */
    private static final class Site {
        final SimClock clock = new SimClock(NOW);
        final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
        final LwwMap device = Fixtures.map(boot(DEVICE, 1), KEYS, clock);
        final LwwMap cloud = Fixtures.map(boot(CLOUD, 1), KEYS, clock);
        final Set<Integer> types = new TreeSet<>();
        final SyncLink deviceLink;
        final SyncLink cloudLink;
        int messages;
        private final int struck;
        private final Fault fault;

        Site(int struck, Fault fault) {
            this.struck = struck;
            this.fault = fault;
            fill();
            Transport up = new Faulty(broker.client());
            Transport down = new Faulty(broker.client());
            SplittableRandom random = new SplittableRandom(2);
            deviceLink = new SyncLink(device, up, "up", "down", clock, random.split(), SMALL_MESSAGES);
            cloudLink = new SyncLink(cloud, down, "down", "up", clock, random.split(), SMALL_MESSAGES);
            List<CompletableFuture<Boolean>> connected =
                    List.of(down.connect(ConnectOptions.of("cloud")), up.connect(ConnectOptions.of("device")));
            clock.advance(Duration.ofHours(1));
            assertTrue(connected.stream().allMatch(CompletableFuture::isDone));
        }

        /** Most of what both have came from elsewhere; each has written since, so that no log tells what differs. */
        private void fill() {
            LwwMap third = Fixtures.map(boot(DEVICE, 0), KEYS, clock);
            for (int key = 0; key < KEYS; key += 3) {
                third.putReal(key, key / 100.0);
            }
            device.merge(third);
            cloud.merge(third);
            for (int i = 0; i < DIFFERING; i++) {
                device.putReal(3 * i, i);
                cloud.putReal(3 * i + 1, i);
            }
        }

        private final class Faulty implements Transport {
            private final Transport sound;

            Faulty(Transport sound) {
                this.sound = sound;
            }

            @Override
            public CompletableFuture<Boolean> connect(ConnectOptions options) {
                return sound.connect(options);
            }

            @Override
            public CompletableFuture<Void> publish(Message message) {
                types.add((int) message.payload()[0]);
                if (++messages != struck) {
                    return sound.publish(message);
                }
                return switch (fault) {
                    case LOST -> CompletableFuture.completedFuture(null);
                    case DOUBLED -> sound.publish(message).thenCompose(sent -> sound.publish(message));
                    case OVERTAKEN -> later(message);
                    case CUT_BEFORE -> {
                        cut();
                        yield sound.publish(message);
                    }
                    case CUT_AFTER -> {
                        CompletableFuture<Void> sent = sound.publish(message);
                        cut();
                        yield sent;
                    }
                };
            }

            private CompletableFuture<Void> later(Message message) {
                CompletableFuture<Void> due = new CompletableFuture<>();
                clock.schedule(Duration.ofSeconds(1), () -> due.complete(null));
                return due.thenCompose(now -> sound.publish(message));
            }

            private void cut() {
                broker.cut("device");
                clock.schedule(Duration.ofSeconds(30), () -> broker.restore("device"));
            }

            @Override
            public Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> handler) {
                return sound.subscribe(filter, qos, handler);
            }

            @Override
            public void watch(Consumer<ConnectionState> listener) {
                sound.watch(listener);
            }

            @Override
            public void close() {
                sound.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whicheverMessageIsStruckBothSidesEndUpEqual(Fault fault) {
        Site undisturbed = new Site(0, fault);
        assertTrue(undisturbed.types.containsAll(List.of(1, 16, 17, 18, 19, 20, 21, 22)), () -> "" + undisturbed.types);
        List<LwwMap.Entry> expected = new ArrayList<>(undisturbed.cloud.entries());
        assertEquals(KEYS / 3 + DIFFERING, expected.size());
        int struck = 0;
        Site site;
        do {
            site = new Site(++struck, fault);
            assertTrue(site.deviceLink.settled() && site.cloudLink.settled(), fault + " of message " + struck);
            assertEquals(expected, site.device.entries());
            assertEquals(expected, site.cloud.entries());
        } while (struck < site.messages);
        assertTrue(struck >= undisturbed.messages, struck + " of " + undisturbed.messages);
    }
}
