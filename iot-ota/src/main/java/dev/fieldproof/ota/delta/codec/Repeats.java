package dev.fieldproof.ota.delta.codec;

import java.util.Arrays;

/**
 * Runs of literals that are the same as bytes before them, in ascending order; what the encoder of the small profile
 * knows beforehand. A distance counts back from a run, through the new image and then from the end of the old one.
 */
final class Repeats {
    /** How far back in the new image a repeat may lie; a device keeps so many bytes. */
    static final int WINDOW = 1024;
    /** How many distances are remembered. */
    static final int RECENT = 4;

    private int[] runs = new int[3 * 64];
    private int size;
    private int next;

    void add(int at, int length, int distance) {
        if (size == runs.length) {
            runs = Arrays.copyOf(runs, 2 * size);
        }
        runs[size] = at;
        runs[size + 1] = length;
        runs[size + 2] = distance;
        size += 3;
    }

    /** The length of the run that begins at an offset, or 0; offsets are asked for in ascending order. */
    int lengthAt(int offset) {
        while (next < size && runs[next] < offset) {
            next += 3;
        }
        return next < size && runs[next] == offset ? runs[next + 1] : 0;
    }

    /** The distance of the run that was found last. */
    int distance() {
        return runs[next + 2];
    }

    /** Puts a distance before the others of a list that begins at an index; the last falls out if it is new. */
    static void remember(int[] recent, int first, int distance) {
        int i = first;
        while (i < first + RECENT - 1 && recent[i] != distance) {
            i++;
        }
        for (; i > first; i--) {
            recent[i] = recent[i - 1];
        }
        recent[first] = distance;
    }

    /** The list before the first run. */
    static int[] none() {
        return new int[] {1, 2, 3, 4};
    }
}
