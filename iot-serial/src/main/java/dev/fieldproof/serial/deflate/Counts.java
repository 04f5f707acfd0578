package dev.fieldproof.serial.deflate;

/** How often each symbol occurs. Not thread-safe. */
final class Counts {
    final int[] literalsAndLengths = new int[Symbols.LITERALS_AND_LENGTHS];
    final int[] distances = new int[Symbols.DISTANCES];

    void literal(byte value) {
        literalsAndLengths[value & 0xFF]++;
    }

    void match(int length, int distance) {
        literalsAndLengths[Symbols.ofLength(length)]++;
        distances[Symbols.ofDistance(distance)]++;
    }

    /** Bits beyond the codewords. */
    long extraBits() {
        long bits = 0;
        for (int symbol = Symbols.END_OF_BLOCK + 1; symbol < literalsAndLengths.length; symbol++) {
            bits += (long) literalsAndLengths[symbol] * Symbols.lengthExtraBits(symbol);
        }
        for (int symbol = 0; symbol < distances.length; symbol++) {
            bits += (long) distances[symbol] * Symbols.distanceExtraBits(symbol);
        }
        return bits;
    }
}
