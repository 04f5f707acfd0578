package dev.fieldproof.benchmarks.rival;

import java.util.concurrent.Callable;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.ddata.DeltaReplicatedData;
import org.apache.pekko.cluster.ddata.LWWMap;
import org.apache.pekko.cluster.ddata.ORMap;
import org.apache.pekko.cluster.ddata.ORSet;
import org.apache.pekko.cluster.ddata.PNCounter;
import org.apache.pekko.cluster.ddata.ReplicatedDelta;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;

/** Pekko Distributed Data's types. */
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
        String[] names = names(keys);
        return new Callable<>() {
            private LWWMap<String, Double> map = filled;
            private int next;

            @Override
            public Object call() {
                map = map.put(self, names[next], next * 0.5).resetDelta();
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
        LWWMap<String, Double> mine = filled(node(1), keys);
        LWWMap<String, Double> other = newer(mine, keys, newer);
        return () -> mine.merge(other);
    }

    /**
     * Merges a delta into a map.
     *
     * @param keys how many the map has
     * @param changed how many writes the delta holds
     * @return the work: one merge of the delta
     */
    public static Callable<Object> mergeDelta(int keys, int changed) {
        LWWMap<String, Double> mine = filled(node(1), keys);
        DeltaReplicatedData newer = newer(mine, keys, changed);
        ReplicatedDelta delta = newer.delta().get();
        return () -> mine.mergeDelta((ORMap.DeltaOp) delta);
    }

    private static LWWMap<String, Double> newer(LWWMap<String, Double> map, int keys, int newer) {
        SelfUniqueAddress there = node(2);
        LWWMap<String, Double> theirs = map.resetDelta();
        for (int i = 0; i < newer; i++) {
            theirs = theirs.put(there, key(i * (keys / newer)), -1.0);
        }
        return theirs;
    }

    /**
     * Merges counters in which each side knows more of half of the writers.
     *
     * @param writers how many have counted, up and down
     * @return the work: one merge
     */
    public static Callable<Object> mergeCounters(int writers) {
        PNCounter both = PNCounter.create();
        for (int i = 0; i < writers; i++) {
            both = both.increment(node(i), 1000L + i).decrement(node(i), i + 1L);
        }
        PNCounter mine = both;
        PNCounter theirs = both;
        for (int i = 0; i < writers; i++) {
            mine = i % 2 == 0 ? mine.increment(node(i), 5) : mine;
            theirs = i % 2 == 0 ? theirs : theirs.increment(node(i), 5);
        }
        PNCounter here = mine.resetDelta();
        PNCounter there = theirs.resetDelta();
        return () -> here.merge(there);
    }

    /**
     * Adds a member to a set and removes it again.
     *
     * @param members how many others the set has
     * @return the work: one addition and one removal
     */
    public static Callable<Object> addAndRemove(int members) {
        SelfUniqueAddress self = node(1);
        ORSet<String> filled = filledSet(members);
        String[] names = names(2 * members);
        return new Callable<>() {
            private ORSet<String> set = filled;
            private int next;

            @Override
            public Object call() {
                String name = names[members + next];
                set = set.add(self, name).remove(self, name).resetDelta();
                next = (next + 7) % members;
                return set;
            }
        };
    }

    /**
     * Merges a set in which some members are new and as many are gone.
     *
     * @param members how many the set has
     * @param changed how many are added, and how many removed
     * @return the work: one merge of the full state
     */
    public static Callable<Object> mergeSets(int members, int changed) {
        SelfUniqueAddress there = node(2);
        ORSet<String> mine = filledSet(members);
        ORSet<String> theirs = filledSet(members);
        for (int i = 0; i < changed; i++) {
            theirs = theirs.add(there, key(members + i)).remove(there, key(i * (members / changed)));
        }
        ORSet<String> other = theirs.resetDelta();
        return () -> mine.merge(other);
    }

    /**
     * Makes a map, to see what it takes in memory.
     *
     * @param keys how many the map has
     * @return the map, names included
     */
    public static Object map(int keys) {
        return filled(node(1), keys);
    }

    private static ORSet<String> filledSet(int members) {
        SelfUniqueAddress self = node(1);
        ORSet<String> set = ORSet.create();
        for (int i = 0; i < members; i++) {
            set = set.add(self, key(i)).resetDelta();
        }
        return set;
    }

    private static LWWMap<String, Double> filled(SelfUniqueAddress self, int keys) {
        LWWMap<String, Double> map = LWWMap.create();
        for (int i = 0; i < keys; i++) {
            map = map.put(self, key(i), i * 0.5).resetDelta();
        }
        return map;
    }

    private static String[] names(int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = key(i);
        }
        return names;
    }

    private static String key(int i) {
        return String.format("k%07d", i);
    }

    private static SelfUniqueAddress node(int uid) {
        return new SelfUniqueAddress(new UniqueAddress(new Address("pekko", "bench"), (long) uid));
    }
}
