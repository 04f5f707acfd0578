package dev.fieldproof.crdt;

import java.util.Arrays;

/**
 * A counter that only grows: each life of a writer has a count of its own, and the value is their sum. A writer that
 * forgot its memory begins a new life and so cannot count anything twice or lose what it told others. Immutable.
 */
public final class GCounter implements Crdt<GCounter> {
    /** Nothing counted. */
    public static final GCounter ZERO = new GCounter(new Boot[0], new long[0]);

    /** In order; shared by counters of the same lives once they have met, so that meeting again is quick. */
    private Writers writers;

    private final long[] counts;

    private GCounter(Boot[] boots, long[] counts) {
        this(new Writers(boots), counts);
    }

    private GCounter(Writers writers, long[] counts) {
        this.writers = writers;
        this.counts = counts;
    }

    /**
     * Lives, and their numbers in one array, so that equality is one comparison of memory. Safe to publish by a race.
     */
    private static final class Writers {
        final Boot[] boots;
        private final long[] ids;

        Writers(Boot[] boots) {
            this.boots = boots;
            ids = new long[3 * boots.length];
            for (int i = 0; i < boots.length; i++) {
                ids[3 * i] = boots[i].writer().value();
                ids[3 * i + 1] = boots[i].incarnation();
                ids[3 * i + 2] = boots[i].epoch();
            }
        }

        boolean same(Writers other) {
            return Arrays.equals(ids, other.ids);
        }
    }

    /** A counter as it came: lives in ascending order, each with its count. */
    static GCounter of(Boot[] boots, long[] counts) {
        return boots.length == 0 ? ZERO : new GCounter(boots, counts);
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
        int at = Arrays.binarySearch(writers.boots, writer);
        if (at < 0 || by <= 0) {
            return merge(incrementDelta(writer, by));
        }
        long[] counted = counts.clone();
        counted[at] = Math.addExact(counted[at], by);
        return new GCounter(writers, counted);
    }

    /**
     * What one life has counted.
     *
     * @param writer the life
     * @return at least 0
     */
    public long countOf(Boot writer) {
        int at = Arrays.binarySearch(writers.boots, writer);
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
        return writers.boots;
    }

    /** Their counts, in the same order; not to be changed. */
    long[] counts() {
        return counts;
    }

    @Override
    public GCounter merge(GCounter other) {
        if (!meet(other)) {
            return mergeSorted(other);
        }
        boolean mine = false;
        boolean theirs = false;
        for (int i = 0; i < counts.length && !(mine && theirs); i++) {
            mine |= counts[i] > other.counts[i];
            theirs |= counts[i] < other.counts[i];
        }
        return !theirs ? this : !mine ? other : new GCounter(writers, raise(counts.clone(), other.counts));
    }

    /**
     * Takes over the greater counts in place, as far as the lives are known; only for a counter that nobody else has.
     *
     * @return whether all were known
     */
    boolean absorb(GCounter other) {
        if (meet(other)) {
            raise(counts, other.counts);
            return true;
        }
        boolean all = true;
        Boot[] others = other.writers.boots;
        for (int i = 0; i < others.length; i++) {
            int at = Arrays.binarySearch(writers.boots, others[i]);
            all &= at >= 0;
            if (at >= 0) {
                counts[at] = Math.max(counts[at], other.counts[i]);
            }
        }
        return all;
    }

    /** A counter that nobody else has. */
    GCounter copy() {
        return new GCounter(writers, counts.clone());
    }

    /** Whether the lives are the same; from then on both share one list of them. */
    private boolean meet(GCounter other) {
        if (writers != other.writers) {
            if (!writers.same(other.writers)) {
                return false;
            }
            other.writers = writers;
        }
        return true;
    }

    /** Without a branch and of operations that compilers turn into vectors. */
    private static long[] raise(long[] counts, long[] others) {
        for (int i = 0; i < counts.length; i++) {
            // Counts are not negative, so that a difference never overflows.
            long more = others[i] - counts[i];
            counts[i] += more & ~(more >> 63);
        }
        return counts;
    }

    private GCounter mergeSorted(GCounter other) {
        if (other.leq(this)) {
            return this;
        }
        Boot[] boots = writers.boots;
        Boot[] others = other.writers.boots;
        Boot[] all = new Boot[boots.length + others.length];
        long[] merged = new long[all.length];
        int n = 0;
        int j = 0;
        for (int i = 0; i < boots.length; i++, n++) {
            while (j < others.length && others[j].compareTo(boots[i]) < 0) {
                all[n] = others[j];
                merged[n++] = other.counts[j++];
            }
            all[n] = boots[i];
            merged[n] = counts[i];
            if (j < others.length && others[j].equals(boots[i])) {
                merged[n] = Math.max(counts[i], other.counts[j++]);
            }
        }
        while (j < others.length) {
            all[n] = others[j];
            merged[n++] = other.counts[j++];
        }
        return new GCounter(Arrays.copyOf(all, n), Arrays.copyOf(merged, n));
    }

    @Override
    public boolean leq(GCounter other) {
        Boot[] boots = writers.boots;
        Boot[] others = other.writers.boots;
        int j = 0;
        for (int i = 0; i < boots.length; i++) {
            while (j < others.length && others[j].compareTo(boots[i]) < 0) {
                j++;
            }
            if (j == others.length || !others[j].equals(boots[i]) || counts[i] > other.counts[j]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GCounter that && writers.same(that.writers) && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(writers.boots) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return Long.toString(value());
    }
}
