package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Pekko;
import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.KeyDictionary;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.StampPolicy;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.WriterId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** The replicated map beside Pekko's. */
final class CrdtRows {
    private static final int KEYS = 100_000;
    private static final int NEWER = 1_000;

    private CrdtRows() {}

    static List<Row> rows() {
        return List.of(
                new Row.Timed(
                        "crdt.put",
                        "write one of the keys of a map of 100,000",
                        Pekko.NAME,
                        new Goal.RatioAtMost(1 / 13.0),
                        1,
                        CrdtRows::put,
                        () -> Pekko.put(KEYS)),
                new Row.Timed(
                        "crdt.delta-against-full-merge",
                        "apply a delta of 1,000 keys to a map of 100,000; Pekko merges the full state, its faster way",
                        Pekko.NAME,
                        new Goal.RatioAtMost(1 / 85.0),
                        1,
                        CrdtRows::applyDelta,
                        () -> Pekko.merge(KEYS, NEWER)));
    }

    private static Callable<?> put() {
        LwwMap map = filled("here");
        int[] next = {0};
        return () -> {
            map.putReal(next[0], next[0] * 0.5);
            next[0] = (next[0] + 7) % KEYS;
            return map;
        };
    }

    /** Every call applies newer values: the writer's next thousand, made outside the loop, a hundred deltas in turn. */
    private static Callable<?> applyDelta() {
        LwwMap here = filled("here");
        LwwMap there = filled("there");
        here.apply(there.deltaSince(Version.NONE));
        Delta[] deltas = new Delta[100];
        for (int d = 0; d < deltas.length; d++) {
            Version before = there.version();
            for (int i = 0; i < NEWER; i++) {
                there.putReal((i * (KEYS / NEWER) + d) % KEYS, -d);
            }
            deltas[d] = there.deltaSince(before);
        }
        int[] next = {0};
        return () -> here.apply(deltas[next[0]++ % deltas.length]);
    }

    private static LwwMap filled(String writer) {
        KeyDictionary keys = KeyDictionary.of(
                IntStream.range(0, KEYS).mapToObj(i -> "key" + i).toList());
        StampPolicy policy = StampPolicy.of(key -> WriterId.SHARED, Duration.ofMinutes(5));
        InstantSource clock = InstantSource.system();
        LwwMap map = new LwwMap(
                new Boot(WriterId.named(writer), 0, 1), keys, policy, clock, new SplittableRandom(writer.hashCode()));
        for (int i = 0; i < KEYS; i++) {
            map.putReal(i, i * 0.5);
        }
        return map;
    }
}
