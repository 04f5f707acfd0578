package dev.fieldproof.ota.delta.codec;

/** Adaptive exponential Golomb code: the bit length in unary, then the bits below the leading one. */
final class Numbers {
    /** Cells for one kind of number. */
    static final int CELLS = 32 + 4 * 32;

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
        while (bits < 30 && mixer.direct(bits < length ? 1 : 0, first + bits, LIMIT) != 0) {
            bits++;
        }
        int coded = 1;
        for (int i = bits - 1; i >= 0; i--) {
            int bit = (value + 1) >>> i & 1;
            int below = bits - 1 - i;
            if (below < 2) {
                bit = mixer.direct(bit, first + 32 + 4 * bits + (below == 0 ? 0 : coded & 3), LIMIT);
            } else {
                bit = mixer.even(bit);
            }
            coded = coded << 1 | bit;
        }
        return coded - 1;
    }
}
