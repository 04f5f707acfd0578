package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.KeyDictionary;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.StampPolicy;
import dev.fieldproof.crdt.WriterId;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Maps to measure. */
final class CrdtMaps {
    /** Every key is shared. */
    static final int SHARED = 0;
    /** Every key belongs to the writer "there". */
    static final int OWNED = 1;

    private CrdtMaps() {}

    /** Names of eight letters, none of them the same object as another call's. */
    static String[] names(int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = String.format("k%07d", i);
        }
        return names;
    }

    static LwwMap empty(int kind, int keys, String writer) {
        return empty(kind, KeyDictionary.of(Arrays.asList(names(keys))), writer);
    }

    static LwwMap empty(int kind, KeyDictionary keys, String writer) {
        StampPolicy policy = kind == SHARED ? StampPolicy.shared() : StampPolicy.ownedBy(WriterId.named("there"));
        return new LwwMap(
                new Boot(WriterId.named(writer), 0, 1),
                keys,
                policy,
                InstantSource.system(),
                new SplittableRandom(writer.hashCode()));
    }

    static LwwMap filled(int kind, int keys, String writer) {
        LwwMap map = empty(kind, keys, writer);
        for (int i = 0; i < keys; i++) {
            map.putReal(i, i * 0.5);
        }
        return map;
    }
}
