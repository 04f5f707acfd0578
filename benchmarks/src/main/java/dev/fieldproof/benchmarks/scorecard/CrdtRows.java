package dev.fieldproof.benchmarks.scorecard;

import com.sun.management.ThreadMXBean;
import dev.fieldproof.benchmarks.rival.Jdk;
import dev.fieldproof.benchmarks.rival.Pekko;
import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.OrSet;
import dev.fieldproof.crdt.PnCounter;
import dev.fieldproof.crdt.PnTally;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.WriterId;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The speed of the replicated types beside Pekko's and a map of the JDK. */
final class CrdtRows {
    private static final int KEYS = 100_000;
    private static final int NEWER = 1_000;
    private static final int WRITERS = 64;
    private static final int MEMBERS = 10_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private CrdtRows() {}

    static List<Row> rows() {
        return Stream.of(mapRows(), deltaRows(), typeRows(), CrdtSizeRows.rows())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Row> mapRows() {
        return List.of(
                timed(
                        "crdt.merge",
                        "merge the full state of a map of 100,000 shared keys, 1,000 of them newer and written"
                                + " meanwhile",
                        1 / 15.0,
                        () -> merge(CrdtMaps.SHARED),
                        () -> Pekko.merge(KEYS, NEWER)),
                timed(
                        "crdt.merge-owned",
                        "the same with keys that have an owner",
                        1 / 15.0,
                        () -> merge(CrdtMaps.OWNED),
                        () -> Pekko.merge(KEYS, NEWER)),
                allocated(
                        "crdt.merge-allocated",
                        "memory allocated by that merge of shared keys",
                        64,
                        () -> merge(CrdtMaps.SHARED)),
                timed(
                        "crdt.put",
                        "write one of 100,000 shared keys by its number; Pekko knows names only",
                        1 / 13.0,
                        CrdtRows::put,
                        () -> Pekko.put(KEYS)),
                timed(
                        "crdt.put-by-name",
                        "write one of 100,000 shared keys by its name",
                        1 / 13.0,
                        CrdtRows::putByName,
                        () -> Pekko.put(KEYS)),
                beside("crdt.put-beside-jdk", "write one of 100,000 shared keys by its number", CrdtRows::put),
                beside("crdt.put-by-name-beside-jdk", "the same by its name", CrdtRows::putByName),
                allocated("crdt.put-allocated", "memory allocated by a write by name", 0, CrdtRows::putByName));
    }

    private static List<Row> deltaRows() {
        return List.of(
                timed(
                        "crdt.delta-against-full-merge",
                        "apply a delta of 1,000 keys to a map of 100,000; Pekko merges the full state, its faster way",
                        1 / 85.0,
                        () -> applyDelta(KEYS),
                        () -> Pekko.merge(KEYS, NEWER)),
                new Row.Exact(
                        "crdt.delta",
                        "apply a delta of 1,000 keys to a map of 100,000; Pekko applies its own delta, once",
                        "ns/op",
                        Pekko.NAME,
                        new Goal.RatioAtMost(1 / 30_000.0),
                        () -> cpuNanos(applyDelta(KEYS), 2000),
                        () -> cpuNanos(Pekko.mergeDelta(KEYS, NEWER), 1)),
                new Row.Timed(
                        "crdt.delta-of-a-million-keys",
                        "apply a delta of 1,000 keys to a map of 1,000,000, beside a map of 10,000",
                        "the same on 10,000 keys",
                        new Goal.RatioAtMost(2),
                        1,
                        () -> applyDelta(1_000_000),
                        () -> applyDelta(10_000)));
    }

    private static List<Row> typeRows() {
        return List.of(
                timed(
                        "crdt.pn-counter-merge",
                        "merge counters of 64 writers, of which each side knows more of half",
                        1 / 100.0,
                        CrdtRows::mergeCounters,
                        () -> Pekko.mergeCounters(WRITERS)),
                timed(
                        "crdt.pn-tally-merge",
                        "the same into a replica that merges in place",
                        1 / 100.0,
                        CrdtRows::mergeIntoTally,
                        () -> Pekko.mergeCounters(WRITERS)),
                timed(
                        "crdt.or-set-add-remove",
                        "add a member to a set of 10,000 and remove it again",
                        1 / 15.0,
                        CrdtRows::addAndRemove,
                        () -> Pekko.addAndRemove(MEMBERS)),
                timed(
                        "crdt.or-set-merge",
                        "merge the full state of a set of 10,000 in which 1 % are new and 1 % gone",
                        1 / 10.0,
                        CrdtRows::mergeSets,
                        () -> Pekko.mergeSets(MEMBERS, MEMBERS / 100)));
    }

    private static Row timed(
            String name, String what, double goal, Callable<Callable<?>> ours, Callable<Callable<?>> theirs) {
        return new Row.Timed(name, what, Pekko.NAME, new Goal.RatioAtMost(goal), 1, ours, theirs);
    }

    private static Row beside(String name, String what, Callable<Callable<?>> ours) {
        String rival = "ConcurrentHashMap.merge of JDK " + Runtime.version().feature();
        return new Row.Timed(
                name, what, rival, new Goal.RatioAtMost(1.3), 1, ours, () -> Jdk.mergeIntoMap(CrdtMaps.names(KEYS)));
    }

    private static Row allocated(String name, String what, double goal, Callable<Callable<?>> work) {
        return new Row.Exact(
                name,
                what,
                "bytes/op",
                "–",
                new Goal.AtMost(goal),
                () -> allocatedBytes(work.call()),
                () -> Double.NaN);
    }

    static double allocatedBytes(Callable<?> work) throws Exception {
        int calls = 2000;
        for (int i = 0; i < calls; i++) {
            work.call();
        }
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < calls; i++) {
            work.call();
        }
        return Math.floor((double) (THREADS.getThreadAllocatedBytes(thread) - before) / calls);
    }

    private static double cpuNanos(Callable<?> work, int calls) throws Exception {
        for (int i = 1; i < calls; i++) {
            work.call();
        }
        long before = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < calls; i++) {
            work.call();
        }
        return (double) (THREADS.getCurrentThreadCpuTime() - before) / calls;
    }

    private static Callable<?> put() {
        LwwMap map = CrdtMaps.filled(CrdtMaps.SHARED, KEYS, "here");
        int[] next = {0};
        return () -> {
            map.putReal(next[0], next[0] * 0.5);
            next[0] = (next[0] + 7) % KEYS;
            return map;
        };
    }

    private static Callable<?> putByName() {
        LwwMap map = CrdtMaps.filled(CrdtMaps.SHARED, KEYS, "here");
        String[] names = CrdtMaps.names(KEYS);
        int[] next = {0};
        return () -> {
            map.putReal(names[next[0]], next[0] * 0.5);
            next[0] = (next[0] + 7) % KEYS;
            return map;
        };
    }

    /**
     * Every call writes the next thousand keys at the other replica, over what this one wrote, and merges all of it.
     */
    private static Callable<?> merge(int kind) {
        LwwMap here = CrdtMaps.empty(kind, KEYS, "here");
        LwwMap there = CrdtMaps.filled(kind, KEYS, "there");
        here.merge(there);
        int[] round = {0};
        return () -> {
            round[0]++;
            for (int i = 0; i < NEWER; i++) {
                int key = (i * (KEYS / NEWER) + round[0]) % KEYS;
                if (kind == CrdtMaps.SHARED) {
                    here.putReal(key, round[0]);
                }
                there.putReal(key, -round[0]);
            }
            return here.merge(there);
        };
    }

    /** Every call applies newer values: the writer's next thousand, made outside the loop, a hundred deltas in turn. */
    private static Callable<?> applyDelta(int keys) {
        LwwMap here = CrdtMaps.empty(CrdtMaps.SHARED, keys, "here");
        LwwMap there = CrdtMaps.filled(CrdtMaps.SHARED, keys, "there");
        here.apply(there.deltaSince(Version.NONE));
        Delta[] deltas = new Delta[100];
        for (int d = 0; d < deltas.length; d++) {
            Version before = there.version();
            for (int i = 0; i < NEWER; i++) {
                there.putReal((i * (keys / NEWER) + d) % keys, -d);
            }
            deltas[d] = there.deltaSince(before);
        }
        int[] next = {0};
        return () -> here.apply(deltas[next[0]++ % deltas.length]);
    }

    private static Callable<?> mergeCounters() {
        PnCounter here = counterAhead(0);
        PnCounter there = counterAhead(1);
        return () -> here.merge(there);
    }

    /** From the second call on nothing is new; the merge compares all counts either way. */
    private static Callable<?> mergeIntoTally() {
        PnTally here = new PnTally(life(WRITERS));
        here.merge(counterAhead(0));
        PnCounter there = counterAhead(1);
        return () -> {
            here.merge(there);
            return here;
        };
    }

    /** A counter that knows more of every other writer. Its lives are objects of its own. */
    private static PnCounter counterAhead(int first) {
        PnCounter counter = PnCounter.ZERO;
        for (int i = 0; i < WRITERS; i++) {
            counter = counter.add(life(i), 1000 + i).add(life(i), -1 - i);
        }
        for (int i = first; i < WRITERS; i += 2) {
            counter = counter.add(life(i), 5);
        }
        return counter;
    }

    private static Boot life(int writer) {
        return new Boot(new WriterId(0x9E37_79B9_7F4A_7C15L * (writer + 1)), 0, 1);
    }

    private static Callable<?> addAndRemove() {
        OrSet<String> set = filledSet("here", "here");
        String[] names = CrdtMaps.names(2 * MEMBERS);
        int[] next = {0};
        return () -> {
            String name = names[MEMBERS + next[0]];
            set.add(name);
            set.remove(name);
            next[0] = (next[0] + 7) % MEMBERS;
            return set;
        };
    }

    private static OrSet<String> filledSet(String self, String writer) {
        OrSet<String> all = new OrSet<>(new Boot(WriterId.named(writer), 0, 1));
        for (String name : CrdtMaps.names(MEMBERS)) {
            all.add(name);
        }
        if (self.equals(writer)) {
            return all;
        }
        OrSet<String> set = new OrSet<>(new Boot(WriterId.named(self), 0, 1));
        set.merge(all);
        return set;
    }

    /** Every call changes 1 % either way at the other replica, which shares no object with this one, and merges. */
    private static Callable<?> mergeSets() {
        OrSet<String> here = filledSet("here", "writer");
        OrSet<String> there = filledSet("there", "writer");
        String[] names = CrdtMaps.names(2 * MEMBERS);
        int[] round = {0};
        return () -> {
            for (int i = 0; i < MEMBERS / 100; i++) {
                there.remove(names[(i * 200 + round[0]) % names.length]);
                there.add(names[(i * 200 + MEMBERS + round[0]) % names.length]);
            }
            round[0]++;
            return here.merge(there);
        };
    }
}
