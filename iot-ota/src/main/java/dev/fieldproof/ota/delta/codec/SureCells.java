package dev.fieldproof.ota.delta.codec;

/**
 * Probabilities of 22 bits, for decisions that are nearly always the same: one cell each, no mixing. A cell holds its
 * probability in the upper 22 bits and a count in the lower 10.
 */
final class SureCells {
    private static final int ONE = 1 << 22;
    private static final int COUNT = 1023;
    private static final int LIMIT = 127;
    private static final int[] RATE = new int[LIMIT + 1];

    static {
        for (int n = 0; n <= LIMIT; n++) {
            RATE[n] = (2 << 16) / (2 * n + 3);
        }
    }

    private final BitCoder coder;
    private final int[] cells;

    SureCells(BitCoder coder, int count) {
        this.coder = coder;
        this.cells = new int[count];
    }

    /** Sets a cell: a 0 comes once in so many times, and that has been seen for a while. */
    void expect(int cell, int once, int count) {
        cells[cell] = (ONE - ONE / once) << 10 | count;
    }

    /** Codes a bit with one cell. */
    int code(int bit, int cell) {
        int value = cells[cell];
        int p = value >>> 10;
        int count = value & COUNT;
        int coded = coder.code(bit, Math.max(1, p >>> 6));
        long far = coded != 0 ? ONE - 1 - p : p;
        int step = (int) ((far * RATE[count] + 65535) >>> 16);
        p += coded != 0 ? step : -step;
        cells[cell] = p << 10 | (count < LIMIT ? count + 1 : count);
        return coded;
    }
}
