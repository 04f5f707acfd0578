package dev.fieldproof.serial.deflate;

import java.util.Arrays;

/**
 * A canonical prefix code (RFC 1951 section 3.2.2) whose lengths are the shortest possible under a limit, by package
 * merging (Larmore and Hirschberg 1990). Immutable.
 */
final class PrefixCode {
    private final byte[] lengths;
    private final short[] codes;

    private PrefixCode(byte[] lengths) {
        this.lengths = lengths;
        this.codes = canonical(lengths);
    }

    /**
     * The best code for these counts. It has at least two symbols, so that every decoder takes it for complete.
     *
     * @param counts how often each symbol occurs
     * @param maxBits longest codeword
     */
    static PrefixCode of(int[] counts, int maxBits) {
        int[] used = new int[counts.length];
        int size = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                used[size++] = i;
            }
        }
        byte[] lengths = new byte[counts.length];
        if (size < 2) {
            int only = size == 1 ? used[0] : 0;
            lengths[only] = 1;
            lengths[only == 0 ? 1 : 0] = 1;
            return new PrefixCode(lengths);
        }
        long[] sorted = new long[size];
        for (int i = 0; i < size; i++) {
            sorted[i] = ((long) counts[used[i]] << 16) | used[i];
        }
        Arrays.sort(sorted);
        packageMerge(sorted, maxBits, lengths);
        return new PrefixCode(lengths);
    }

    /** The code that every decoder knows (section 3.2.6). */
    static PrefixCode fixed(int symbols) {
        byte[] lengths = new byte[symbols];
        for (int i = 0; i < symbols; i++) {
            lengths[i] = (byte) (symbols == Symbols.DISTANCES ? 5 : i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
        }
        return new PrefixCode(lengths);
    }

    /**
     * Rows of packages: each row holds the symbols and the pairs of the row below, by weight. Of the last row 2n - 2
     * are taken; what a taken pair consists of is taken below; a symbol's length is how often it is taken.
     */
    private static void packageMerge(long[] sorted, int maxBits, byte[] lengths) {
        int n = sorted.length;
        boolean[][] isPair = new boolean[maxBits][];
        long[] below = new long[0];
        for (int row = 0; row < maxBits; row++) {
            long[] merged = new long[n + below.length / 2];
            isPair[row] = new boolean[merged.length];
            int leaf = 0;
            int pair = 0;
            for (int i = 0; i < merged.length; i++) {
                long pairWeight = 2 * pair + 1 < below.length ? below[2 * pair] + below[2 * pair + 1] : Long.MAX_VALUE;
                long leafWeight = leaf < n ? sorted[leaf] >> 16 : Long.MAX_VALUE;
                isPair[row][i] = pairWeight < leafWeight;
                if (isPair[row][i]) {
                    merged[i] = pairWeight;
                    pair++;
                } else {
                    merged[i] = leafWeight;
                    leaf++;
                }
            }
            below = merged;
        }
        int taken = 2 * n - 2;
        for (int row = maxBits - 1; row >= 0 && taken > 0; row--) {
            int pairs = 0;
            for (int i = 0; i < taken; i++) {
                if (isPair[row][i]) {
                    pairs++;
                } else {
                    lengths[(int) (sorted[i - pairs] & 0xFFFF)]++;
                }
            }
            taken = 2 * pairs;
        }
    }

    private static short[] canonical(byte[] lengths) {
        int[] next = new int[17];
        for (byte length : lengths) {
            next[length + 1]++;
        }
        next[1] = 0;
        for (int bits = 2; bits < next.length; bits++) {
            next[bits] = (next[bits - 1] + next[bits]) << 1;
        }
        short[] codes = new short[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] > 0) {
                codes[i] = (short) (Integer.reverse(next[lengths[i]]++) >>> (32 - lengths[i]));
            }
        }
        return codes;
    }

    int bits(int symbol) {
        return lengths[symbol];
    }

    void put(BitOutput out, int symbol) {
        out.put(codes[symbol] & 0xFFFF, lengths[symbol]);
    }

    /** How many symbols come before the unused ones at the end. */
    int symbolsUsed(int atLeast) {
        int used = lengths.length;
        while (used > atLeast && lengths[used - 1] == 0) {
            used--;
        }
        return used;
    }

    /** Bits that so many of each symbol take. */
    long cost(int[] counts) {
        long bits = 0;
        for (int i = 0; i < counts.length; i++) {
            bits += (long) counts[i] * lengths[i];
        }
        return bits;
    }
}
