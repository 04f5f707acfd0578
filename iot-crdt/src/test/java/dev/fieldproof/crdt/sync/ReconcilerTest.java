package dev.fieldproof.crdt.sync;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.NOW;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.crdt.Fixtures;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.Value;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
    /** What a reconciliation over a perfect wire took; the entries themselves not counted. */
    private record Cost(Reconciler.Progress progress, int bytes, int sketchTrips) {}

    private static Cost reconcile(LwwMap asker, LwwMap answerer, int salt) {
        Reconciler a = new Reconciler(asker, 1 << 20);
        Reconciler b = new Reconciler(answerer, 1 << 20);
        int bytes = 0;
        int trips = 0;
        ArrayDeque<SyncMessage> toB = new ArrayDeque<>(List.of(a.ask(salt, answerer.version(), 1)));
        ArrayDeque<SyncMessage> toA = new ArrayDeque<>();
        Reconciler.Progress progress = Reconciler.Progress.UNDER_WAY;
        while (progress == Reconciler.Progress.UNDER_WAY && !(toA.isEmpty() && toB.isEmpty())) {
            List<SyncMessage> out = new ArrayList<>();
            if (!toB.isEmpty()) {
                SyncMessage message = throughTheWire(toB.remove());
                if (message instanceof SyncMessage.Compare compare) {
                    int[] later = answerer.laterThan(compare.delta());
                    answerer.apply(compare.delta());
                    b.answerCompare(compare, later, out);
                } else {
                    bytes += SyncCodec.encode(message).length;
                    trips++;
                    b.receive(message, out);
                }
                toA.addAll(out);
            } else {
                SyncMessage message = throughTheWire(toA.remove());
                if (message instanceof SyncMessage.Changes changes) {
                    asker.apply(changes.delta());
                    progress = a.merged();
                } else {
                    bytes += SyncCodec.encode(message).length - (message instanceof SyncMessage.Compared ? 13 : 0);
                    progress = a.receive(message, out);
                }
                toB.addAll(out);
            }
        }
        return new Cost(progress, bytes, trips);
    }

    private static SyncMessage throughTheWire(SyncMessage message) {
        try {
            byte[] bytes = SyncCodec.encode(message);
            SyncMessage decoded = SyncCodec.decode(bytes, WireBudget.DEFAULT);
            assertEquals(List.of(bytes.length), List.of(SyncCodec.encode(decoded).length));
            return decoded;
        } catch (WireException e) {
            throw new AssertionError(e);
        }
    }

    private static void change(LwwMap map, int own, int keys, RandomGenerator random) {
        int key = 3 * random.nextInt(keys / 3) + (random.nextBoolean() ? own : 2);
        if (random.nextInt(5) == 0) {
            map.remove(key);
        } else {
            map.put(key, Value.of("v" + random.nextLong()));
        }
    }

    private static LwwMap[] pair(int keys, int differing, RandomGenerator random) {
        LwwMap device = Fixtures.map(boot(DEVICE, 1), keys, NOW);
        LwwMap cloud = Fixtures.map(boot(CLOUD, 1), keys, NOW);
        for (int key = 0; key + 2 < keys; key += 3) {
            device.putReal(key, key / 100.0);
            cloud.putReal(key + 1, key / 100.0);
            cloud.putReal(key + 2, key);
        }
        cloud.merge(device);
        device.merge(cloud);
        for (int i = 0; i < differing; i++) {
            boolean atDevice = random.nextBoolean();
            change(atDevice ? device : cloud, atDevice ? 0 : 1, keys, random);
        }
        return new LwwMap[] {device, cloud};
    }

    @Test
    void tenOfAHundredThousandKeysTakeOneTripAndLessThan150Bytes() {
        RandomGenerator random = new java.util.SplittableRandom(1);
        LwwMap[] pair = pair(100_000, 10, random);
        Cost cost = reconcile(pair[0], pair[1], random.nextInt());
        assertEquals(Reconciler.Progress.EQUAL, cost.progress());
        assertEquals(pair[0].entries(), pair[1].entries());
        assertTrue(pair[0].seen(pair[1].version().logId()).position() > 0);
        assertEquals(1, cost.sketchTrips());
        assertTrue(cost.bytes() <= 150, cost.bytes() + " bytes");
    }

    @Test
    void aThousandOfAHundredThousandKeysTakeTwoTripsAndLessThan12Kilobytes() {
        RandomGenerator random = new java.util.SplittableRandom(2);
        LwwMap[] pair = pair(100_000, 1000, random);
        Cost cost = reconcile(pair[0], pair[1], random.nextInt());
        assertEquals(Reconciler.Progress.EQUAL, cost.progress());
        assertEquals(pair[0].entries(), pair[1].entries());
        assertEquals(2, cost.sketchTrips());
        assertTrue(cost.bytes() <= 12_000, cost.bytes() + " bytes");
    }

    @Test
    void equalMapsTakeThirtyBytes() {
        LwwMap[] pair = pair(3000, 0, new java.util.SplittableRandom(1));
        Cost cost = reconcile(pair[0], pair[1], 77);
        assertEquals(Reconciler.Progress.EQUAL, cost.progress());
        assertTrue(cost.bytes() <= 30, cost.bytes() + " bytes");
    }

    @Test
    void anyDifferenceIsMadeGoodOrReported() {
        EnumMap<Reconciler.Progress, Integer> outcomes = new EnumMap<>(Reconciler.Progress.class);
        SeededRuns.check(60, random -> {
            LwwMap[] pair = pair(1500, random.nextInt(100), random);
            Cost cost = reconcile(pair[0], pair[1], random.nextInt());
            outcomes.merge(cost.progress(), 1, Integer::sum);
            if (cost.progress() == Reconciler.Progress.EQUAL) {
                assertEquals(pair[0].entries(), pair[1].entries());
            }
        });
        assertEquals(0, outcomes.getOrDefault(Reconciler.Progress.UNDER_WAY, 0));
        int all = outcomes.values().stream().mapToInt(i -> i).sum();
        assertTrue(outcomes.getOrDefault(Reconciler.Progress.FAILED, 0) * 20 <= all, outcomes::toString);
    }

    @Test
    void moreThanAQuarterIsCheaperSentWhole() {
        LwwMap[] pair = pair(900, 600, new java.util.SplittableRandom(1));
        assertEquals(
                Reconciler.Progress.TOO_DIFFERENT,
                reconcile(pair[0], pair[1], 5).progress());
    }

    @Test
    void anEmptySideLearnsEverything() {
        LwwMap[] pair = pair(30, 0, new java.util.SplittableRandom(1));
        LwwMap wiped = Fixtures.map(boot(DEVICE, 2), 30, NOW);
        assertEquals(Version.NONE, wiped.seen(pair[1].version().logId()));
        Cost cost = reconcile(wiped, pair[1], 5);
        assertTrue(
                cost.progress() == Reconciler.Progress.EQUAL || cost.progress() == Reconciler.Progress.TOO_DIFFERENT);
    }

    @Test
    void estimatesHowManyKeysDiffer() {
        SeededRuns.check(200, random -> {
            int differing = 20 + random.nextInt(3000);
            Estimator a = Estimator.coarse();
            Estimator b = Estimator.coarse();
            long[] digests = random.longs(2L * differing).toArray();
            for (int i = 0; i < differing; i++) {
                a.toggle(digests[2 * i]);
                b.toggle(digests[2 * i + 1]);
            }
            int about = a.differing(b);
            assertTrue(about > differing / 8 && about < differing * 8, about + " for " + differing);
            Estimator fineA = Estimator.fine(about);
            Estimator fineB = fineA.emptied();
            for (int i = 0; i < differing; i++) {
                fineA.toggle(digests[2 * i]);
                fineB.toggle(digests[2 * i + 1]);
            }
            int closely = fineA.differing(fineB);
            assertTrue(closely > differing * 0.5 && closely < differing * 2.0, closely + " for " + differing);
        });
    }
}
