package dev.fieldproof.ota.delta.isa;

import java.util.Arrays;

/**
 * References found in one block of the old image, in ascending order and not overlapping. Reused from block to block.
 */
public final class References {
    private int[] offsets = new int[64];
    private int[] types = new int[64];
    private int[] targets = new int[64];
    private int[] backs = new int[64];
    private int size;

    /** An empty list. */
    public References() {}

    void clear() {
        size = 0;
    }

    void add(int offset, int type, int target, int back) {
        if (size == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * size);
            types = Arrays.copyOf(types, 2 * size);
            targets = Arrays.copyOf(targets, 2 * size);
            backs = Arrays.copyOf(backs, 2 * size);
        }
        int i = size++;
        // A pair's first half is known only when its second half is met: keep the order.
        while (i > 0 && offsets[i - 1] > offset) {
            offsets[i] = offsets[i - 1];
            types[i] = types[i - 1];
            targets[i] = targets[i - 1];
            backs[i] = backs[i - 1];
            i--;
        }
        offsets[i] = offset;
        types[i] = type;
        targets[i] = target;
        backs[i] = back;
    }

    /**
     * Number of references.
     *
     * @return at least 0
     */
    public int size() {
        return size;
    }

    /**
     * Where a reference lies.
     *
     * @param i its index
     * @return offset of its first byte in the old image
     */
    public int offset(int i) {
        return offsets[i];
    }

    /**
     * The kind of a reference.
     *
     * @param i its index
     * @return type number of the instruction set, 0 to 31
     */
    public int type(int i) {
        return types[i];
    }

    /**
     * What a reference refers to.
     *
     * @param i its index
     * @return address in the old image's terms
     */
    public int target(int i) {
        return targets[i];
    }

    /**
     * How far before the reference the place lies that it is relative to.
     *
     * @param i its index
     * @return distance in bytes, 0 for the reference itself
     */
    public int back(int i) {
        return backs[i];
    }
}
