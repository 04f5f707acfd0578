package dev.fieldproof.ota.delta.bzip2;

import java.util.Arrays;

/**
 * Lengths of the words of a Huffman code, in place after A. Moffat and J. Katajainen, "In-Place Calculation of
 * Minimum-Redundancy Codes", WADS 1995.
 */
final class CodeLengths {
    /** What other encoders keep to, though 20 would be allowed. */
    private static final int MAX_BITS = 17;

    private static final int SYMBOL_BITS = 9;

    private CodeLengths() {}

    /** Sets the lengths for as many symbols, at least 3; one that does not occur has a word too. */
    static void set(byte[] lengths, int[] occurrences, int symbols) {
        int[] sorted = new int[symbols];
        for (int flatten = 0; ; flatten++) {
            for (int s = 0; s < symbols; s++) {
                sorted[s] = Math.max(1, occurrences[s] >>> flatten) << SYMBOL_BITS | s;
            }
            Arrays.sort(sorted);
            int[] a = new int[symbols];
            for (int i = 0; i < symbols; i++) {
                a[i] = sorted[i] >>> SYMBOL_BITS;
            }
            depths(a);
            if (a[0] <= MAX_BITS) {
                for (int i = 0; i < symbols; i++) {
                    lengths[sorted[i] & (1 << SYMBOL_BITS) - 1] = (byte) a[i];
                }
                return;
            }
        }
    }

    /** Turns ascending numbers of occurrences into the depths of their leaves. */
    private static void depths(int[] a) {
        int n = a.length;
        int root = 0;
        int leaf = 0;
        for (int next = 0; next < n - 1; next++) {
            int sum = 0;
            for (int k = 0; k < 2; k++) {
                if (leaf >= n || (root < next && a[root] < a[leaf])) {
                    sum += a[root];
                    a[root++] = next;
                } else {
                    sum += a[leaf++];
                }
            }
            a[next] = sum;
        }
        a[n - 2] = 0;
        for (int next = n - 3; next >= 0; next--) {
            a[next] = a[a[next]] + 1;
        }
        int free = 1;
        int inner = n - 2;
        int next = n - 1;
        for (int depth = 0; free > 0; depth++) {
            int used = 0;
            while (inner >= 0 && a[inner] == depth) {
                used++;
                inner--;
            }
            for (; free > used; free--) {
                a[next--] = depth;
            }
            free = 2 * used;
        }
    }
}
