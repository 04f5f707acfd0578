package dev.fieldproof.crdt;

import java.util.Arrays;

/**
 * A counter that only grows: each life of a writer has a count of its own, and the value is their sum. A writer that
 * forgot its memory begins a new life and so cannot count anything twice or lose what it told others. Immutable.
 */
public final class GCounter implements Crdt<GCounter> {
    /** Nothing counted. */
    public static final GCounter ZERO = new GCounter(new Boot[0], new long[0]);

    private final Boot[] boots;
    /** Writer, incarnation and epoch of every life: what two counters are the same in is seen from these at once. */
    private final long[] ids;

    private final long[] counts;

    private GCounter(Boot[] boots, long[] counts) {
        this(boots, idsOf(boots), counts);
    }

    private GCounter(Boot[] boots, long[] ids, long[] counts) {
        this.boots = boots;
        this.ids = ids;
        this.counts = counts;
    }

    private static long[] idsOf(Boot[] boots) {
        long[] ids = new long[3 * boots.length];
        for (int i = 0; i < boots.length; i++) {
            ids[3 * i] = boots[i].writer().value();
            ids[3 * i + 1] = boots[i].incarnation();
            ids[3 * i + 2] = boots[i].epoch();
        }
        return ids;
    }

    /**
     * The delta of an increment.
     *
     * @param writer whose life counts; only its owner may use it
     * @param by at least 0
     * @return this writer's new count alone, to be merged here and elsewhere
     * @throws IllegalArgumentException if {@code by} is negative
     * @throws ArithmeticException if the count exceeds 2^63 - 1
     */
    public GCounter incrementDelta(Boot writer, long by) {
        if (by < 0) {
            throw new IllegalArgumentException("a growing counter cannot shrink by " + -by);
        }
        return new GCounter(new Boot[] {writer}, new long[] {Math.addExact(countOf(writer), by)});
    }

    /**
     * Counts.
     *
     * @param writer whose life counts; only its owner may use it
     * @param by at least 0
     * @return the counter afterwards
     * @throws IllegalArgumentException if {@code by} is negative
     * @throws ArithmeticException if the count exceeds 2^63 - 1
     */
    public GCounter increment(Boot writer, long by) {
        return merge(incrementDelta(writer, by));
    }

    /**
     * What one life has counted.
     *
     * @param writer the life
     * @return at least 0
     */
    public long countOf(Boot writer) {
        int at = Arrays.binarySearch(boots, writer);
        return at < 0 ? 0 : counts[at];
    }

    /**
     * The sum of all.
     *
     * @return the value; wraps around beyond 2^63 - 1
     */
    public long value() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** The lives that have counted, in order. */
    Boot[] boots() {
        return boots;
    }

    @Override
    public GCounter merge(GCounter other) {
        if (!Arrays.equals(ids, other.ids)) {
            return mergeSorted(other);
        }
        boolean mine = false;
        boolean theirs = false;
        for (int i = 0; i < counts.length; i++) {
            mine |= counts[i] > other.counts[i];
            theirs |= counts[i] < other.counts[i];
        }
        if (!theirs) {
            return this;
        } else if (!mine) {
            return other;
        }
        long[] merged = new long[counts.length];
        for (int i = 0; i < merged.length; i++) {
            merged[i] = Math.max(counts[i], other.counts[i]);
        }
        return new GCounter(boots, ids, merged);
    }

    private GCounter mergeSorted(GCounter other) {
        if (other.leq(this)) {
            return this;
        }
        Boot[] all = new Boot[boots.length + other.boots.length];
        long[] merged = new long[all.length];
        int n = 0;
        int j = 0;
        for (int i = 0; i < boots.length; i++, n++) {
            while (j < other.boots.length && other.boots[j].compareTo(boots[i]) < 0) {
                all[n] = other.boots[j];
                merged[n++] = other.counts[j++];
            }
            all[n] = boots[i];
            merged[n] = counts[i];
            if (j < other.boots.length && other.boots[j].equals(boots[i])) {
                merged[n] = Math.max(counts[i], other.counts[j++]);
            }
        }
        while (j < other.boots.length) {
            all[n] = other.boots[j];
            merged[n++] = other.counts[j++];
        }
        return new GCounter(Arrays.copyOf(all, n), Arrays.copyOf(merged, n));
    }

    @Override
    public boolean leq(GCounter other) {
        int j = 0;
        for (int i = 0; i < boots.length; i++) {
            while (j < other.boots.length && other.boots[j].compareTo(boots[i]) < 0) {
                j++;
            }
            if (j == other.boots.length || !other.boots[j].equals(boots[i]) || counts[i] > other.counts[j]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GCounter that && Arrays.equals(ids, that.ids) && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return Long.toString(value());
    }
}
