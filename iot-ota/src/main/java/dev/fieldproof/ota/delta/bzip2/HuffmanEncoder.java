package dev.fieldproof.ota.delta.bzip2;

import java.util.Arrays;

/** Up to six codes for one block of symbols, each group of 50 coded with the one that suits it best. */
final class HuffmanEncoder {
    private static final int ROUNDS = 4;
    /** What a symbol outside a table's first share is taken to cost at first. */
    private static final byte FAR_BITS = 15;

    private final char[] symbols;
    private final int size;
    private final int alphabet;
    private final int groups;
    private final byte[] selectors;
    private final byte[][] lengths;

    /**
     * Chooses the codes.
     *
     * @param symbols below {@code alphabet}
     * @param size how many there are
     * @param alphabet number of different symbols, at least 3
     */
    HuffmanEncoder(char[] symbols, int size, int alphabet) {
        this.symbols = symbols;
        this.size = size;
        this.alphabet = alphabet;
        this.groups = (size + Bzip2Decoder.GROUP_SYMBOLS - 1) / Bzip2Decoder.GROUP_SYMBOLS;
        this.selectors = new byte[groups];
        int tables = size < 200 ? 2 : size < 600 ? 3 : size < 1200 ? 4 : size < 2400 ? 5 : Bzip2Decoder.MAX_TABLES;
        this.lengths = new byte[tables][alphabet];
        share();
        for (int round = 0; round < ROUNDS; round++) {
            improve();
        }
    }

    /** Begins with tables that each suit a run of symbols, all of them about as frequent together. */
    private void share() {
        int[] occurrences = new int[alphabet];
        for (int i = 0; i < size; i++) {
            occurrences[symbols[i]]++;
        }
        int left = size;
        int symbol = 0;
        for (int t = 0; t < lengths.length; t++) {
            Arrays.fill(lengths[t], FAR_BITS);
            int wanted = left / (lengths.length - t);
            int taken = 0;
            while (symbol < alphabet && (taken == 0 || taken + occurrences[symbol] / 2 <= wanted)) {
                taken += occurrences[symbol];
                lengths[t][symbol++] = 0;
            }
            left -= taken;
        }
    }

    /** Gives each group to the table that makes it smallest, and each table the lengths that suit its groups best. */
    private void improve() {
        int[][] occurrences = new int[lengths.length][alphabet];
        for (int g = 0; g < groups; g++) {
            int from = g * Bzip2Decoder.GROUP_SYMBOLS;
            int to = Math.min(size, from + Bzip2Decoder.GROUP_SYMBOLS);
            int best = 0;
            int least = Integer.MAX_VALUE;
            for (int t = 0; t < lengths.length; t++) {
                int cost = 0;
                for (int i = from; i < to; i++) {
                    cost += lengths[t][symbols[i]];
                }
                if (cost < least) {
                    least = cost;
                    best = t;
                }
            }
            selectors[g] = (byte) best;
            for (int i = from; i < to; i++) {
                occurrences[best][symbols[i]]++;
            }
        }
        for (int t = 0; t < lengths.length; t++) {
            CodeLengths.set(lengths[t], occurrences[t], alphabet);
        }
    }

    void write(BitWriter out) {
        out.write(3, lengths.length);
        out.write(15, groups);
        byte[] recent = {0, 1, 2, 3, 4, 5};
        for (byte selector : selectors) {
            int rank = 0;
            while (recent[rank] != selector) {
                rank++;
            }
            System.arraycopy(recent, 0, recent, 1, rank);
            recent[0] = selector;
            out.write(rank + 1, (1 << (rank + 1)) - 2);
        }
        int[][] words = new int[lengths.length][];
        for (int t = 0; t < lengths.length; t++) {
            writeLengths(out, lengths[t]);
            words[t] = words(lengths[t]);
        }
        for (int i = 0; i < size; i++) {
            int table = selectors[i / Bzip2Decoder.GROUP_SYMBOLS];
            out.write(lengths[table][symbols[i]], words[table][symbols[i]]);
        }
    }

    private static void writeLengths(BitWriter out, byte[] lengths) {
        int current = lengths[0];
        out.write(5, current);
        for (byte length : lengths) {
            for (; current < length; current++) {
                out.write(2, 0b10);
            }
            for (; current > length; current--) {
                out.write(2, 0b11);
            }
            out.write(1, 0);
        }
    }

    private static int[] words(byte[] lengths) {
        int[] words = new int[lengths.length];
        int word = 0;
        for (int bits = 1; bits <= HuffmanDecoder.MAX_BITS; bits++) {
            word <<= 1;
            for (int s = 0; s < lengths.length; s++) {
                if (lengths[s] == bits) {
                    words[s] = word++;
                }
            }
        }
        return words;
    }
}
