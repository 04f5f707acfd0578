package dev.fieldproof.ota.delta.bzip2;

import java.util.Arrays;

/** One canonical code: a table for its short words, and the first word of each length for the others. */
final class HuffmanDecoder {
    static final int MAX_BITS = 20;
    private static final int FAST_BITS = 10;
    private static final int LENGTH_BITS = 5;

    /** By the next bits: the symbol above the length of its word; 0 for longer words. */
    private final char[] fast = new char[1 << FAST_BITS];

    private final char[] symbols = new char[258];
    private final int[] firstWord = new int[MAX_BITS + 1];
    private final int[] firstIndex = new int[MAX_BITS + 2];

    /** Takes the lengths of the words of the first symbols, each 1 to 20. */
    void build(byte[] lengths, int count, BitReader in) throws Bzip2Exception {
        Arrays.fill(fast, (char) 0);
        int word = 0;
        int index = 0;
        for (int bits = 1; bits <= MAX_BITS; bits++) {
            word <<= 1;
            firstWord[bits] = word;
            firstIndex[bits] = index;
            for (int symbol = 0; symbol < count; symbol++) {
                if (lengths[symbol] == bits) {
                    in.require(word < 1 << bits, "a code must have no more words than fit");
                    if (bits <= FAST_BITS) {
                        int first = word << (FAST_BITS - bits);
                        char entry = (char) (symbol << LENGTH_BITS | bits);
                        Arrays.fill(fast, first, first + (1 << (FAST_BITS - bits)), entry);
                    }
                    symbols[index++] = (char) symbol;
                    word++;
                }
            }
        }
        firstIndex[MAX_BITS + 1] = index;
    }

    int next(BitReader in) throws Bzip2Exception {
        int entry = fast[in.peek(FAST_BITS)];
        if (entry != 0) {
            in.skip(entry & (1 << LENGTH_BITS) - 1);
            return entry >>> LENGTH_BITS;
        }
        for (int bits = FAST_BITS + 1; bits <= MAX_BITS; bits++) {
            int index = in.peek(bits) - firstWord[bits];
            if (index >= 0 && index < firstIndex[bits + 1] - firstIndex[bits]) {
                in.skip(bits);
                return symbols[firstIndex[bits] + index];
            }
        }
        throw new Bzip2Exception(in.offset(), "a word must belong to its code");
    }
}
