package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Visits, breadth first, what three replicas of a type can come to: each writes in every way given, up to a number of
 * times, or merges another's state. Every state of one replica has a number and every merge is done once, so that
 * millions of states of all three take seconds. In each of them every order of merging has to end in the same.
 */
final class SmallScope<S extends Crdt<S>> {
    static final Boot[] WRITERS = {
        Fixtures.boot(Fixtures.DEVICE, 1), Fixtures.boot(Fixtures.GATEWAY, 1), Fixtures.boot(Fixtures.CLOUD, 1)
    };
    private static final int ID_BITS = 18;
    private static final int BITS = ID_BITS + 3;

    interface Write<S> {
        S apply(S state, Boot writer);
    }

    /** What was visited. {@code complete} says that nothing was left to visit. */
    record Visited(int states, int depth, boolean complete) {}

    private final List<Write<S>> writes;
    private final int writesEach;
    private final List<S> states = new ArrayList<>();
    private final Map<S, Integer> ids = new HashMap<>();
    private final LongTable merges = new LongTable();
    private final LongTable writeResults = new LongTable();
    private final LongTable seen = new LongTable();
    private final LongTable agreed = new LongTable();
    private long[] queue = new long[1024];
    private int queued;

    SmallScope(S bottom, List<Write<S>> writes, int writesEach) {
        this.writes = writes;
        this.writesEach = writesEach;
        id(bottom);
        visit(0);
    }

    private int id(S state) {
        Integer known = ids.putIfAbsent(state, states.size());
        if (known == null) {
            states.add(state);
            if (states.size() >= 1 << ID_BITS) {
                throw new IllegalStateException("too many states of one replica");
            }
            return states.size() - 1;
        }
        return known;
    }

    /** What two states merge to, which has to be the same either way. */
    private int merged(int a, int b) {
        long pair = (long) Math.min(a, b) << ID_BITS | Math.max(a, b);
        int known = merges.get(pair);
        if (known < 0) {
            known = id(states.get(a).merge(states.get(b)));
            if (id(states.get(b).merge(states.get(a))) != known) {
                throw new AssertionError("the order of merging matters: " + states.get(a) + " and " + states.get(b));
            }
            merges.put(pair, known);
        }
        return known;
    }

    private int written(int a, int writer, int how) {
        long key = ((long) a * writes.size() + how) * WRITERS.length + writer;
        int known = writeResults.get(key);
        if (known < 0) {
            known = id(writes.get(how).apply(states.get(a), WRITERS[writer]));
            writeResults.put(key, known);
        }
        return known;
    }

    private static int part(long all, int i) {
        return (int) (all >>> (i * BITS)) & (1 << BITS) - 1;
    }

    private void visit(long all) {
        if (seen.get(all) < 0) {
            seen.put(all, 1);
            if (queued == queue.length) {
                queue = Arrays.copyOf(queue, queued * 2);
            }
            queue[queued++] = all;
        }
    }

    /** Explores until so many states are found; the first in which merging disagrees, if any, is in the answer. */
    Visited explore(int limit) {
        int depth = 0;
        int levelEnd = queued;
        int next = 0;
        for (; next < queued && queued < limit; next++) {
            if (next == levelEnd) {
                depth++;
                levelEnd = queued;
            }
            move(queue[next]);
        }
        boolean complete = next == queued;
        for (int i = 0; i < queued; i++) {
            Optional<String> wrong = disagreement(queue[i]);
            if (wrong.isPresent()) {
                throw new AssertionError(wrong.get());
            }
        }
        return new Visited(queued, depth, complete);
    }

    private void move(long all) {
        for (int i = 0; i < WRITERS.length; i++) {
            int part = part(all, i);
            int id = part >>> 3;
            int count = part & 7;
            long rest = all & ~(((1L << BITS) - 1) << (i * BITS));
            for (int how = 0; how < writes.size() && count < writesEach; how++) {
                visit(rest | (long) (written(id, i, how) << 3 | count + 1) << (i * BITS));
            }
            for (int other = 1; other < WRITERS.length; other++) {
                int from = part(all, (i + other) % WRITERS.length) >>> 3;
                visit(rest | (long) (merged(id, from) << 3 | count) << (i * BITS));
            }
        }
    }

    private Optional<String> disagreement(long all) {
        // Which replica holds what, and after how many writes, makes no difference to the end.
        long[] ids = {part(all, 0) >>> 3, part(all, 1) >>> 3, part(all, 2) >>> 3};
        Arrays.sort(ids);
        long held = (ids[2] << ID_BITS | ids[1]) << ID_BITS | ids[0];
        if (agreed.get(held) >= 0) {
            return Optional.empty();
        }
        agreed.put(held, 1);
        int a = (int) ids[0];
        int b = (int) ids[1];
        int c = (int) ids[2];
        int end = merged(merged(a, b), c);
        boolean same = merged(merged(b, c), a) == end && merged(merged(a, c), b) == end;
        if (same && merged(end, a) == end && merged(end, b) == end && merged(end, c) == end) {
            return Optional.empty();
        }
        return Optional.of("replicas disagree: " + states.get(a) + ", " + states.get(b) + ", " + states.get(c)
                + " merge to " + states.get(end) + " or another state");
    }

    /** Numbers by number, open-addressed; -1 for what is not there. */
    private static final class LongTable {
        private long[] keys = new long[1 << 12];
        private int[] values = new int[1 << 12];
        private int size;

        private int slot(long key) {
            int mask = keys.length - 1;
            long mixed = (key ^ key >>> 29) * 0xBF58_476D_1CE4_E5B9L;
            int slot = (int) (mixed >>> 32) & mask;
            while (values[slot] != 0 && keys[slot] != key) {
                slot = slot + 1 & mask;
            }
            return slot;
        }

        int get(long key) {
            return values[slot(key)] - 1;
        }

        void put(long key, int value) {
            if (++size * 2 > keys.length) {
                long[] oldKeys = keys;
                int[] oldValues = values;
                keys = new long[oldKeys.length * 2];
                values = new int[oldKeys.length * 2];
                for (int i = 0; i < oldKeys.length; i++) {
                    if (oldValues[i] != 0) {
                        int slot = slot(oldKeys[i]);
                        keys[slot] = oldKeys[i];
                        values[slot] = oldValues[i];
                    }
                }
            }
            int slot = slot(key);
            keys[slot] = key;
            values[slot] = value + 1;
        }
    }
}
