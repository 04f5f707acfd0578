package dev.fieldproof.benchmarks.rival;

import java.util.concurrent.Callable;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;

/** Pekko Distributed Data's last-writer-wins map. */
public final class Pekko {
    /** Name and version. */
    public static final String NAME = "Pekko Distributed Data 1.7.0";

    private Pekko() {}

    /**
     * Writes keys of a full map in turn.
     *
     * @param keys how many the map has
     * @return the work: one write
     */
    public static Callable<Object> put(int keys) {
        SelfUniqueAddress self = node(1);
        LWWMap<String, Double> filled = filled(self, keys);
        return new Callable<>() {
            private LWWMap<String, Double> map = filled;
            private int next;

            @Override
            public Object call() {
                map = map.put(self, key(next), next * 0.5).resetDelta();
                next = (next + 7) % keys;
                return map;
            }
        };
    }

    /**
     * Merges a replica whose state is newer in some keys.
     *
     * @param keys how many the map has
     * @param newer how many differ
     * @return the work: one merge of the full state
     */
    public static Callable<Object> merge(int keys, int newer) {
        SelfUniqueAddress here = node(1);
        SelfUniqueAddress there = node(2);
        LWWMap<String, Double> mine = filled(here, keys);
        LWWMap<String, Double> theirs = mine;
        for (int i = 0; i < newer; i++) {
            theirs = theirs.put(there, key(i * (keys / newer)), -1.0).resetDelta();
        }
        LWWMap<String, Double> other = theirs;
        return () -> mine.merge(other);
    }

    private static LWWMap<String, Double> filled(SelfUniqueAddress self, int keys) {
        LWWMap<String, Double> map = LWWMap.create();
        for (int i = 0; i < keys; i++) {
            map = map.put(self, key(i), i * 0.5).resetDelta();
        }
        return map;
    }

    private static String key(int i) {
        return "key" + i;
    }

    private static SelfUniqueAddress node(int uid) {
        return new SelfUniqueAddress(new UniqueAddress(new Address("pekko", "bench"), (long) uid));
    }
}
