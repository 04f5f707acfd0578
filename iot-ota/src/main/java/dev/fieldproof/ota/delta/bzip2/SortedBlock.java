package dev.fieldproof.ota.delta.bzip2;

import dev.fieldproof.ota.delta.match.SuffixArray;

/**
 * The transform of M. Burrows and D. J. Wheeler, "A Block-sorting Lossless Data Compression Algorithm", 1994: the last
 * bytes of all rotations of a block in sorted order. Begun at its least rotation, a block's suffixes sort as its
 * rotations do, and those sort in linear time whatever the block holds.
 *
 * @param lasts the last byte of each rotation
 * @param origin which of them is the block itself
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record SortedBlock(byte[] lasts, int origin) {
    static SortedBlock of(byte[] block, int size) {
        int start = leastRotation(block, size);
        char[] text = new char[size + 1];
        for (int i = 0; i < size; i++) {
            int at = start + i;
            text[i] = (char) ((block[at < size ? at : at - size] & 0xFF) + 1);
        }
        int[] sorted = SuffixArray.sort(text, 257);
        byte[] lasts = new byte[size];
        int itself = start == 0 ? 0 : size - start;
        int origin = 0;
        for (int row = 0; row < size; row++) {
            int at = sorted[row + 1];
            lasts[row] = (byte) (text[at == 0 ? size - 1 : at - 1] - 1);
            if (at == itself) {
                origin = row;
            }
        }
        return new SortedBlock(lasts, origin);
    }

    /**
     * Of two rotations the one that is greater where they first differ is out, and so are those within its same part.
     */
    private static int leastRotation(byte[] block, int size) {
        int a = 0;
        int b = 1;
        int same = 0;
        while (b < size && same < size) {
            int difference = at(block, size, a + same) - at(block, size, b + same);
            if (difference == 0) {
                same++;
                continue;
            }
            if (difference < 0) {
                b += same + 1;
            } else {
                a = Math.max(a + same + 1, b);
                b = a + 1;
            }
            same = 0;
        }
        return a;
    }

    private static int at(byte[] block, int size, int at) {
        return block[at < size ? at : at - size] & 0xFF;
    }
}
