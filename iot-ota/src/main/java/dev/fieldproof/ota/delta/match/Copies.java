package dev.fieldproof.ota.delta.match;

import java.util.Arrays;

/** Approximate copies in the order of the new image, not overlapping there: what lies between them is literal. */
public final class Copies {
    private int[] targetAt = new int[64];
    private int[] oldAt = new int[64];
    private int[] lengths = new int[64];
    private int size;

    /** An empty list. */
    public Copies() {}

    /**
     * Appends a copy; one of length 0 is left out.
     *
     * @param target where the copy goes, not before the end of the one before
     * @param old where it comes from
     * @param length its length in bytes
     */
    public void add(int target, int old, int length) {
        if (length == 0) {
            return;
        }
        if (size == targetAt.length) {
            targetAt = Arrays.copyOf(targetAt, 2 * size);
            oldAt = Arrays.copyOf(oldAt, 2 * size);
            lengths = Arrays.copyOf(lengths, 2 * size);
        }
        targetAt[size] = target;
        oldAt[size] = old;
        lengths[size++] = length;
    }

    /**
     * The same copies, the long ones cut up.
     *
     * @param bytes the most that one may have
     * @return these if none is longer
     */
    public Copies inPartsOf(int bytes) {
        Copies parts = new Copies();
        for (int i = 0; i < size; i++) {
            for (int done = 0; done < lengths[i]; done += bytes) {
                parts.add(targetAt[i] + done, oldAt[i] + done, Math.min(bytes, lengths[i] - done));
            }
        }
        return parts;
    }

    /**
     * Number of copies.
     *
     * @return at least 0
     */
    public int size() {
        return size;
    }

    /**
     * Where a copy goes.
     *
     * @param i index of the copy
     * @return offset in the new image
     */
    public int targetAt(int i) {
        return targetAt[i];
    }

    /**
     * Where a copy comes from.
     *
     * @param i index of the copy
     * @return offset in the old image
     */
    public int oldAt(int i) {
        return oldAt[i];
    }

    /**
     * How long a copy is.
     *
     * @param i index of the copy
     * @return length in bytes, at least 1
     */
    public int length(int i) {
        return lengths[i];
    }
}
