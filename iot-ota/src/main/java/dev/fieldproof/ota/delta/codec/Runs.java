package dev.fieldproof.ota.delta.codec;

/**
 * Runs of copied bytes that are likely to stay, in the small profile: one decision for all of them, and only where that
 * is no one for each, up to the first that does not stay.
 */
final class Runs {
    /** The longest run, a power of two. */
    static final int LONGEST = 32;
    /** So many bytes that stayed come before a run. */
    static final int AFTER = 8;

    private static final int LENGTHS = 6;
    private static final int SINCE = 12;
    private static final int WHOLE_CELLS = SINCE * LENGTHS;
    private static final int SINGLE_CELLS = LENGTHS * 4;

    private final SureCells cells;
    /** What is left of a run in which not all stay. */
    private int open;

    Runs(BitCoder coder) {
        cells = new SureCells(coder, WHOLE_CELLS + SINGLE_CELLS);
        for (int i = 0; i < WHOLE_CELLS; i++) {
            cells.expect(i, Math.max(2, (8 + (32 << (i / LENGTHS))) / (3 << (i % LENGTHS))), 8);
        }
        for (int i = 0; i < SINGLE_CELLS; i++) {
            cells.expect(WHOLE_CELLS + i, 1 + (3 << (i / 4)) / 4, 8);
        }
    }

    /** Whether the byte at hand is part of a run in which not all stay. */
    boolean isOpen() {
        return open > 0;
    }

    /**
     * Codes whether all bytes of a run stay.
     *
     * @param stay when encoding
     * @param length 1 to {@link #LONGEST}
     * @param since bit length of the number of bytes since the last that did not stay, 4 to 15
     */
    boolean code(boolean stay, int length, int since) {
        int cell = (since - 4) * LENGTHS + size(length);
        boolean all = cells.code(stay ? 1 : 0, cell) != 0;
        open = all ? 0 : length;
        return all;
    }

    /** Codes whether a byte of an open run stays; the last does not if all before did. */
    boolean codeOne(boolean stays, int at) {
        int cell = WHOLE_CELLS + (size(open) << 2 | (at & 3));
        boolean hit = open > 1 && cells.code(stays ? 1 : 0, cell) != 0;
        open = hit ? open - 1 : 0;
        return hit;
    }

    private static int size(int length) {
        return 31 - Integer.numberOfLeadingZeros(length);
    }
}
