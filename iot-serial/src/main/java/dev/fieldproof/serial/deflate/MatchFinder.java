package dev.fieldproof.serial.deflate;

import java.util.Arrays;

/**
 * Finds, for one position after the other, the nearest earlier occurrence of each length that there is: a binary tree
 * over the window for each hash of four bytes, and the last place for each hash of three. Work per position is bounded.
 * Not thread-safe.
 */
final class MatchFinder {
    private static final int MAX_HASH_BITS = 16;
    private static final int MIN_HASH_BITS = 6;
    private static final int HASH_FACTOR = 0x9E3779B1;
    private static final int MAX_DEPTH = 200;
    private static final int NOWHERE = Integer.MIN_VALUE / 2;

    private final byte[] bytes;
    private final int end;
    private final int hashShift;
    private final int[] last3;
    private final int[] roots;
    private final int mask;
    private final int[] children;

    /**
     * A finder that knows nothing yet.
     *
     * @param bytes where to look
     * @param start no earlier position will be told
     * @param end no match reaches beyond it
     */
    MatchFinder(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.end = end;
        // Small inputs get small tables: clearing them would take longer than the search.
        int sizeBits = 32 - Integer.numberOfLeadingZeros(end - start);
        int hashBits = Math.max(MIN_HASH_BITS, Math.min(MAX_HASH_BITS, sizeBits));
        hashShift = 32 - hashBits;
        last3 = new int[1 << hashBits];
        roots = new int[1 << hashBits];
        int window = Math.min(Symbols.WINDOW_BYTES, 1 << sizeBits);
        mask = window - 1;
        children = new int[2 * window];
        Arrays.fill(last3, NOWHERE);
        Arrays.fill(roots, NOWHERE);
    }

    /**
     * Learns a position and tells its matches; positions are told in order.
     *
     * @param at the position
     * @param found takes a length and a distance for each match, both growing; room for 2 x 258
     * @return how many values were written
     */
    int find(int at, int[] found) {
        int maxLength = Math.min(Symbols.MAX_LENGTH, end - at);
        if (maxLength <= 4) {
            return 0;
        }
        int three = (bytes[at] & 0xFF) | ((bytes[at + 1] & 0xFF) << 8) | ((bytes[at + 2] & 0xFF) << 16);
        int hash3 = (three * HASH_FACTOR) >>> hashShift;
        int hash4 = ((three | (bytes[at + 3] << 24)) * HASH_FACTOR) >>> hashShift;
        int near = last3[hash3];
        last3[hash3] = at;
        int node = roots[hash4];
        roots[hash4] = at;
        int count = 0;
        if (near > at - Symbols.WINDOW_BYTES && equalThree(near, at)) {
            found[0] = Symbols.MIN_LENGTH;
            found[1] = at - near;
            count = 2;
        }
        return descend(node, at, maxLength, found, count);
    }

    private boolean equalThree(int a, int b) {
        return bytes[a] == bytes[b] && bytes[a + 1] == bytes[b + 1] && bytes[a + 2] == bytes[b + 2];
    }

    /** Walks down and splits the tree on the way into what is less and what is greater than the new root. */
    private int descend(int root, int at, int maxLength, int[] found, int countBefore) {
        int count = countBefore;
        int best = count > 0 ? Symbols.MIN_LENGTH : Symbols.MIN_LENGTH - 1;
        int node = root;
        int less = 2 * (at & mask);
        int greater = less + 1;
        int lessLength = 0;
        int greaterLength = 0;
        for (int depth = MAX_DEPTH; node > at - Symbols.WINDOW_BYTES && depth > 0; depth--) {
            int length = Math.min(lessLength, greaterLength);
            while (length < maxLength && bytes[node + length] == bytes[at + length]) {
                length++;
            }
            int child = 2 * (node & mask);
            if (length > best) {
                best = length;
                found[count++] = length;
                found[count++] = at - node;
            }
            if (length == maxLength) {
                children[less] = children[child];
                children[greater] = children[child + 1];
                return count;
            }
            if ((bytes[node + length] & 0xFF) < (bytes[at + length] & 0xFF)) {
                children[less] = node;
                less = child + 1;
                lessLength = length;
                node = children[less];
            } else {
                children[greater] = node;
                greater = child;
                greaterLength = length;
                node = children[greater];
            }
        }
        children[less] = NOWHERE;
        children[greater] = NOWHERE;
        return count;
    }
}
