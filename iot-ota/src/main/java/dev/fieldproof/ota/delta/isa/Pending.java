package dev.fieldproof.ota.delta.isa;

import java.util.Arrays;

/** References that lie ahead, in ascending order of offset. */
final class Pending {
    private int[] offsets = new int[64];
    private int[] types = new int[64];
    private int[] targets = new int[64];
    private int[] backs = new int[64];
    private int head;
    private int size;

    void add(int offset, int type, int target, int back) {
        if (size == offsets.length) {
            makeRoom();
        }
        int i = size++;
        // A pair's first half is known only when its second half is met: keep the order.
        while (i > head && offsets[i - 1] > offset) {
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

    private void makeRoom() {
        int held = size - head;
        int capacity = held * 2 > offsets.length ? offsets.length * 2 : offsets.length;
        offsets = Arrays.copyOf(Arrays.copyOfRange(offsets, head, size), capacity);
        types = Arrays.copyOf(Arrays.copyOfRange(types, head, size), capacity);
        targets = Arrays.copyOf(Arrays.copyOfRange(targets, head, size), capacity);
        backs = Arrays.copyOf(Arrays.copyOfRange(backs, head, size), capacity);
        head = 0;
        size = held;
    }

    void dropBefore(int offset) {
        while (head < size && offsets[head] < offset) {
            head++;
        }
    }

    /** Whether the first one lies at an offset. */
    boolean firstIsAt(int offset) {
        return head < size && offsets[head] == offset;
    }

    /** Offset of the first one, or another number if there is none. */
    int firstOr(int other) {
        return head < size ? offsets[head] : other;
    }

    int firstType() {
        return types[head];
    }

    int firstTarget() {
        return targets[head];
    }

    int firstBack() {
        return backs[head];
    }
}
