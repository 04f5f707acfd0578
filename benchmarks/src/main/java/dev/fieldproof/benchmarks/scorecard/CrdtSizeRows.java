package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Pekko;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.KeyDictionary;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.sync.ReconcileCost;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** What replicated maps take in memory and on the wire. */
final class CrdtSizeRows {
    private static final int KEYS = 10_000;
    private static final int HELD = 100_000;
    private static final int DEVICES = 50_000;
    private static final int KEYS_OF_A_DEVICE = 20;
    private static final int RECONCILIATIONS = 20;

    private CrdtSizeRows() {}

    static List<Row> rows() {
        return List.of(
                new Row.Exact(
                        "crdt.heap-per-entry",
                        "memory of a map of 100,000 names of eight letters, doubles and stamps, the names included",
                        "bytes",
                        Pekko.NAME,
                        new Goal.AtMost(64),
                        () -> retained(() -> CrdtMaps.filled(CrdtMaps.SHARED, HELD, "here"), 5) / HELD,
                        () -> retained(() -> Pekko.map(HELD), 3) / HELD),
                alone(
                        "crdt.heap-of-a-million-devices",
                        "memory of a million maps of 20 keys, from 50,000 of them",
                        "MiB",
                        2048,
                        CrdtSizeRows::devices),
                alone("crdt.encoded-full", "10,000 keys of two-decimal doubles with stamps, all", "bytes", 45_000, () ->
                        (double) measured().deltaSince(Version.NONE).sizeBytes()),
                alone("crdt.encoded-delta", "100 changed keys of these", "bytes", 605, CrdtSizeRows::delta),
                alone(
                        "crdt.reconcile-10",
                        "bytes of the sketches, 100,000 keys, 10 differ, largest of 20",
                        "bytes",
                        150,
                        () -> worst(10).bytes()),
                alone(
                        "crdt.reconcile-1000",
                        "bytes of the sketches, 1,000 differ, largest of 20",
                        "bytes",
                        12_000,
                        () -> worst(1000).bytes()),
                alone(
                        "crdt.reconcile-trips",
                        "round trips of sketches, 1,000 differ, most of 20",
                        "trips",
                        2,
                        () -> worst(1000).trips()),
                alone(
                        "crdt.reconcile-failures",
                        "reconciliations of 20 that end unequal",
                        "cases",
                        0,
                        () -> worst(1000).failures()));
    }

    private static Row alone(String name, String what, String unit, double goal, Callable<Double> ours) {
        return new Row.Exact(name, what, unit, "–", new Goal.AtMost(goal), ours, () -> Double.NaN);
    }

    /** Bytes that stay after a collection for each of several objects made alike. */
    private static double retained(Callable<?> make, int count) throws Exception {
        Object[] kept = new Object[count];
        make.call();
        long before = used();
        for (int i = 0; i < count; i++) {
            kept[i] = make.call();
        }
        double bytes = (double) (used() - before) / count;
        if (kept[count - 1] == null) {
            throw new IllegalStateException("nothing was made");
        }
        return bytes;
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static double devices() throws Exception {
        KeyDictionary keys = KeyDictionary.of(Arrays.asList(CrdtMaps.names(KEYS_OF_A_DEVICE)));
        double all = retained(
                () -> {
                    LwwMap[] maps = new LwwMap[DEVICES];
                    for (int i = 0; i < maps.length; i++) {
                        maps[i] = CrdtMaps.empty(CrdtMaps.SHARED, keys, "device" + i);
                        for (int key = 0; key < KEYS_OF_A_DEVICE; key++) {
                            maps[i].putReal(key, key * 0.5);
                        }
                    }
                    return maps;
                },
                1);
        return all / DEVICES * 1_000_000 / (1 << 20);
    }

    /** A device's 10,000 measurements, written in turn. */
    private static LwwMap measured() {
        LwwMap map = CrdtMaps.empty(CrdtMaps.OWNED, KEYS, "there");
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < KEYS; i++) {
            map.putReal(i, random.nextInt(10_000) / 100.0);
        }
        return map;
    }

    private static double delta() {
        LwwMap map = measured();
        Version before = map.version();
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 100; i++) {
            map.putReal(random.nextInt(KEYS), random.nextInt(10_000) / 100.0);
        }
        Delta delta = map.deltaSince(before);
        return delta.sizeBytes();
    }

    private record Worst(double bytes, double trips, double failures) {}

    private static Worst worst(int differing) {
        double bytes = 0;
        double trips = 0;
        double failures = 0;
        LwwMap there = CrdtMaps.filled(CrdtMaps.OWNED, HELD, "there");
        LwwMap here = CrdtMaps.empty(CrdtMaps.OWNED, there.keys(), "here");
        here.merge(there);
        SplittableRandom random = new SplittableRandom(differing);
        for (int i = 0; i < RECONCILIATIONS; i++) {
            for (int n = 0; n < differing; n++) {
                there.putReal(random.nextInt(HELD), random.nextDouble());
            }
            ReconcileCost cost = ReconcileCost.of(here, there, random.nextInt());
            bytes = Math.max(bytes, cost.sketchBytes());
            trips = Math.max(trips, cost.sketchTrips());
            failures += here.entries().equals(there.entries()) ? 0 : 1;
        }
        return new Worst(bytes, trips, failures);
    }
}
