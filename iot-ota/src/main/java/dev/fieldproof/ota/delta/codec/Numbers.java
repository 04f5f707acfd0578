package dev.fieldproof.ota.delta.codec;

/** Adaptive exponential Golomb code: the bit length in unary, then the bits below the leading one. */
final class Numbers {
    private static final int MOST_BITS = 30;
    private static final int TOP_CELLS = MOST_BITS;
    private static final int LOW_CELLS = TOP_CELLS + 3 * MOST_BITS;
    private static final int CELLS = LOW_CELLS + 6;
    private static final int LIMIT = 30;

    private final Mixer mixer;
    private final int first;

    Numbers(Mixer mixer) {
        this.mixer = mixer;
        this.first = mixer.region(CELLS);
    }

    /** A number from 0 to 2^31 - 2. */
    int code(int value) {
        int length = 31 - Integer.numberOfLeadingZeros(value + 1);
        int bits = 0;
        while (bits < MOST_BITS && mixer.direct(bits < length ? 1 : 0, first + bits, LIMIT) != 0) {
            bits++;
        }
        int coded = 1;
        for (int i = bits - 1; i >= 0; i--) {
            int bit = (value + 1) >>> i & 1;
            int below = bits - 1 - i;
            if (below < 2) {
                int cell = first + TOP_CELLS + 3 * (bits - 1) + (below == 0 ? 0 : coded - 1);
                bit = mixer.direct(bit, cell, LIMIT);
            } else {
                bit = mixer.even(bit);
            }
            coded = coded << 1 | bit;
        }
        return coded - 1;
    }

    /** A number that is often a multiple of two or four: the rest by four after the rest of the number. */
    int codeAligned(int value) {
        int fours = code(value >>> 2);
        int low = first + LOW_CELLS + (fours == 0 ? 3 : 0);
        int two = mixer.direct(value >>> 1 & 1, low, LIMIT);
        return fours << 2 | two << 1 | mixer.direct(value & 1, low + 1 + two, LIMIT);
    }
}
