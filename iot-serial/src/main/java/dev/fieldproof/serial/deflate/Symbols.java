package dev.fieldproof.serial.deflate;

/** The alphabets of RFC 1951 section 3.2.5: lengths and distances as a symbol and extra bits. */
final class Symbols {
    static final int END_OF_BLOCK = 256;
    static final int LITERALS_AND_LENGTHS = 286;
    static final int DISTANCES = 30;
    static final int MIN_LENGTH = 3;
    static final int MAX_LENGTH = 258;
    static final int WINDOW_BYTES = 32_768;

    private static final int FIRST_LENGTH = 257;
    private static final byte[] LENGTH_SYMBOLS = new byte[MAX_LENGTH + 1];
    private static final short[] LENGTH_BASES = new short[LITERALS_AND_LENGTHS - FIRST_LENGTH];

    static {
        int length = MIN_LENGTH;
        for (int i = 0; i < LENGTH_BASES.length - 1; i++) {
            LENGTH_BASES[i] = (short) length;
            for (int n = 1 << lengthExtraBits(FIRST_LENGTH + i); n > 0; n--) {
                LENGTH_SYMBOLS[length++] = (byte) i;
            }
        }
        // The longest has a symbol of its own.
        LENGTH_BASES[LENGTH_BASES.length - 1] = MAX_LENGTH;
        LENGTH_SYMBOLS[MAX_LENGTH] = (byte) (LENGTH_BASES.length - 1);
    }

    private Symbols() {}

    static int ofLength(int length) {
        return FIRST_LENGTH + LENGTH_SYMBOLS[length];
    }

    static int lengthExtraBits(int symbol) {
        int i = symbol - FIRST_LENGTH;
        return i < 8 || i == LENGTH_BASES.length - 1 ? 0 : i / 4 - 1;
    }

    static int lengthExtra(int length) {
        return length - LENGTH_BASES[LENGTH_SYMBOLS[length]];
    }

    /** Distances from 1: the first four stand alone, then two symbols for each doubling. */
    static int ofDistance(int distance) {
        int d = distance - 1;
        if (d < 4) {
            return d;
        }
        int log = 31 - Integer.numberOfLeadingZeros(d);
        return 2 * log + ((d >> (log - 1)) & 1);
    }

    static int distanceExtraBits(int symbol) {
        return symbol < 4 ? 0 : symbol / 2 - 1;
    }

    static int distanceExtra(int distance) {
        int bits = distanceExtraBits(ofDistance(distance));
        return (distance - 1) & ((1 << bits) - 1);
    }
}
