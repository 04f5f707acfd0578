package dev.fieldproof.ota.delta.codec;

import java.util.Arrays;

/** What earlier references taught: where exact old targets went, and how RAM moved. */
final class AddressMemory {
    private final int[] oldTargets;
    private final int[] newTargets;
    private final boolean[] surprising;
    private final int shift;

    private final int[] ramOld;
    private final int[] ramMove;
    private int ramSize;

    AddressMemory(int targetBits, int ramCapacity) {
        oldTargets = new int[1 << targetBits];
        newTargets = new int[1 << targetBits];
        surprising = new boolean[1 << targetBits];
        Arrays.fill(oldTargets, -1);
        shift = 32 - targetBits;
        ramOld = new int[ramCapacity];
        ramMove = new int[ramCapacity];
    }

    private int slot(int target) {
        return (target * 0x9E37_79B1) >>> shift;
    }

    boolean knows(int target) {
        return oldTargets[slot(target)] == target;
    }

    int lastNew(int target) {
        return newTargets[slot(target)];
    }

    /** Whether the copies had predicted another place for a known target. */
    boolean wasSurprising(int target) {
        return surprising[slot(target)];
    }

    void learn(int target, int now, boolean surprise) {
        int slot = slot(target);
        surprising[slot] = surprise || (oldTargets[slot] == target && surprising[slot]);
        oldTargets[slot] = target;
        newTargets[slot] = now;
    }

    /** How the nearest RAM address that was mispredicted before has moved. */
    int ramMove(int address) {
        int i = ramIndex(address);
        if (i == ramSize || (i > 0 && address - ramOld[i - 1] <= ramOld[i] - address)) {
            i--;
        }
        return i < 0 ? 0 : ramMove[i];
    }

    private int ramIndex(int address) {
        int low = 0;
        int high = ramSize;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(ramOld[middle], address) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void learnRam(int address, int move) {
        int i = ramIndex(address);
        if (i < ramSize && ramOld[i] == address) {
            ramMove[i] = move;
        } else if (ramSize < ramOld.length) {
            System.arraycopy(ramOld, i, ramOld, i + 1, ramSize - i);
            System.arraycopy(ramMove, i, ramMove, i + 1, ramSize - i);
            ramOld[i] = address;
            ramMove[i] = move;
            ramSize++;
        }
    }
}
