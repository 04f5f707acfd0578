package dev.fieldproof.ota.delta;

import dev.fieldproof.ota.delta.codec.CopyMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * In which order the blocks of the new image may replace those of the old one: each after all others that copy from
 * what it destroys. Where these wait for each other in a circle, the copies that lose least are given up. The same
 * copies always give the same order.
 */
final class InPlaceOrder {
    private final int blockBytes;
    private final int blocks;
    private final CopyMap copies;
    /** For each old block, which others of the new image read it; for each new block, which old ones it reads. */
    private final List<List<Integer>> readers = new ArrayList<>();

    private final List<List<Integer>> reads = new ArrayList<>();
    private final boolean[] written;
    private final int[] waiting;
    private final int[] order;
    private final int[] place;

    InPlaceOrder(CopyMap copies, int newBytes, int blockBytes) {
        this.copies = copies;
        this.blockBytes = blockBytes;
        this.blocks = (newBytes + blockBytes - 1) / blockBytes;
        for (int i = 0; i < blocks; i++) {
            readers.add(new ArrayList<>());
            reads.add(new ArrayList<>());
        }
        for (int c = 0; c < copies.size(); c++) {
            addEdges(c);
        }
        written = new boolean[blocks];
        waiting = new int[blocks];
        order = new int[blocks];
        place = new int[blocks];
        for (int i = 0; i < blocks; i++) {
            waiting[i] = readers.get(i).size();
        }
        sort();
    }

    private void addEdges(int copy) {
        int target = copies.target(copy);
        int end = target + copies.length(copy);
        int at = target;
        while (at < end) {
            int old = copies.old(copy) + at - target;
            int from = old / blockBytes;
            int block = at / blockBytes;
            if (from != block && from < blocks && !reads.get(block).contains(from)) {
                reads.get(block).add(from);
                readers.get(from).add(block);
            }
            at = Math.min((block + 1) * blockBytes, at + blockBytes - old % blockBytes);
        }
    }

    private void sort() {
        int[] ready = new int[blocks];
        int readyCount = 0;
        for (int i = 0; i < blocks; i++) {
            if (waiting[i] == 0) {
                ready[readyCount++] = i;
            }
        }
        for (int done = 0; done < blocks; done++) {
            int block = readyCount > 0 ? ready[--readyCount] : leastAwaited();
            order[done] = block;
            place[block] = done;
            written[block] = true;
            for (int old : reads.get(block)) {
                waiting[old]--;
                if (waiting[old] == 0 && !written[old]) {
                    ready[readyCount++] = old;
                }
            }
        }
    }

    private int leastAwaited() {
        int best = -1;
        for (int i = 0; i < blocks; i++) {
            if (!written[i] && (best < 0 || waiting[i] < waiting[best])) {
                best = i;
            }
        }
        return best;
    }

    /** The blocks in the order in which they are to be written. */
    int[] order() {
        return Arrays.copyOf(order, blocks);
    }

    /** Whether an old byte is still there when a block of the new image is made. */
    boolean isThere(int oldAt, int block) {
        int from = oldAt / blockBytes;
        return from >= blocks || from == block || place[from] > place[block];
    }

    /** Where in the old image the copy of a place of the new one comes from. */
    int oldAt(int copy, int at) {
        return copies.old(copy) + at - copies.target(copy);
    }

    int copies() {
        return copies.size();
    }

    int startOf(int copy) {
        return copies.target(copy);
    }

    /** The first copy that ends beyond an offset of the new image. */
    int copyAt(int at) {
        int low = 0;
        int high = copies.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (copies.target(middle) + copies.length(middle) <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int endOf(int copy) {
        return copies.target(copy) + copies.length(copy);
    }
}
