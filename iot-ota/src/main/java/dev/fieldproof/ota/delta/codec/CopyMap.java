package dev.fieldproof.ota.delta.codec;

import java.util.Arrays;

/** The copies of a patch, by place in the new image, and the map from old to new offsets that they imply. */
public final class CopyMap {
    /** How many copies that begin before an offset are looked at. */
    private static final int LOOK_BACK = 8;

    private final int[] target;
    private final int[] old;
    private final int[] length;
    private final int[] byOld;
    private int size;

    /**
     * An empty map.
     *
     * @param capacity number of copies to come
     */
    public CopyMap(int capacity) {
        target = new int[capacity];
        old = new int[capacity];
        length = new int[capacity];
        byOld = new int[capacity];
    }

    /**
     * Appends a copy.
     *
     * @param targetAt where it goes
     * @param oldAt where it comes from
     * @param bytes its length
     */
    public void add(int targetAt, int oldAt, int bytes) {
        target[size] = targetAt;
        old[size] = oldAt;
        length[size++] = bytes;
    }

    /**
     * Number of copies so far.
     *
     * @return at least 0
     */
    public int size() {
        return size;
    }

    /**
     * Where a copy goes.
     *
     * @param i index of the copy, in the order of the new image
     * @return in bytes
     */
    public int target(int i) {
        return target[i];
    }

    /**
     * Where a copy comes from.
     *
     * @param i index of the copy, in the order of the new image
     * @return in bytes
     */
    public int old(int i) {
        return old[i];
    }

    /**
     * How long a copy is.
     *
     * @param i index of the copy, in the order of the new image
     * @return in bytes
     */
    public int length(int i) {
        return length[i];
    }

    /** Sorts by old offset; to be called once, when the last copy has been added. */
    void seal() {
        long[] keys = new long[size];
        for (int i = 0; i < size; i++) {
            keys[i] = (long) old[i] << 32 | i;
        }
        Arrays.sort(keys);
        for (int i = 0; i < size; i++) {
            byOld[i] = (int) keys[i];
        }
    }

    /** The copy that best tells where an old offset went: the longest that covers it, or else the nearest one. */
    int find(int offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (old[byOld[middle]] <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int best = -1;
        int nearest = -1;
        int distance = Integer.MAX_VALUE;
        for (int i = low - 1; i >= 0 && i >= low - LOOK_BACK; i--) {
            int copy = byOld[i];
            int gap = offset - (old[copy] + length[copy]) + 1;
            if (gap <= 0) {
                if (best < 0 || length[copy] > length[best]) {
                    best = copy;
                }
            } else if (gap < distance) {
                distance = gap;
                nearest = copy;
            }
        }
        if (best >= 0) {
            return best;
        }
        if (low < size && old[byOld[low]] - offset < distance) {
            return byOld[low];
        }
        return nearest;
    }

    boolean covers(int copy, int offset) {
        return copy >= 0 && offset >= old[copy] && offset - old[copy] < length[copy];
    }

    int shift(int copy) {
        return copy < 0 ? 0 : target[copy] - old[copy];
    }
}
