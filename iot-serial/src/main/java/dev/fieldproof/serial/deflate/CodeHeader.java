package dev.fieldproof.serial.deflate;

import java.util.Arrays;

/** How a block tells its codes (RFC 1951 section 3.2.7): their lengths, runs shortened, in a code of their own. */
final class CodeHeader {
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int REPEAT = 16;
    private static final int FEW_ZEROS = 17;
    private static final int MANY_ZEROS = 18;
    private static final int MIN_LENGTHS = 257;
    private static final int MIN_ORDERED = 4;

    private final int lengths;
    private final int distances;
    private final int[] items;
    private final PrefixCode code;
    private final int ordered;
    private final long bits;

    private CodeHeader(int lengths, int distances, int[] items) {
        this.lengths = lengths;
        this.distances = distances;
        this.items = items;
        int[] counts = new int[ORDER.length];
        for (int item : items) {
            counts[item & 0xFF]++;
        }
        code = PrefixCode.of(counts, 7);
        int last = ORDER.length;
        while (last > MIN_ORDERED && code.bits(ORDER[last - 1]) == 0) {
            last--;
        }
        ordered = last;
        long sum = 14 + 3L * ordered + code.cost(counts);
        for (int item : items) {
            sum += extraBits(item & 0xFF);
        }
        bits = sum;
    }

    static CodeHeader of(PrefixCode lengthCode, PrefixCode distanceCode) {
        int lengths = lengthCode.symbolsUsed(MIN_LENGTHS);
        int distances = distanceCode.symbolsUsed(1);
        int[] all = new int[lengths + distances];
        Arrays.setAll(all, i -> i < lengths ? lengthCode.bits(i) : distanceCode.bits(i - lengths));
        CodeHeader plain = new CodeHeader(lengths, distances, items(all, Integer.MAX_VALUE));
        CodeHeader repeating = new CodeHeader(lengths, distances, items(all, 3));
        return repeating.bits <= plain.bits ? repeating : plain;
    }

    /** Lengths and runs of them: the symbol in the low byte, its extra value above. */
    private static int[] items(int[] all, int shortestRepeat) {
        int[] items = new int[all.length];
        int count = 0;
        for (int i = 0; i < all.length; ) {
            int run = 1;
            while (i + run < all.length && all[i + run] == all[i]) {
                run++;
            }
            if (all[i] == 0 && run >= 3) {
                run = Math.min(run, 138);
                items[count++] = run <= 10 ? FEW_ZEROS | ((run - 3) << 8) : MANY_ZEROS | ((run - 11) << 8);
                i += run;
                continue;
            }
            items[count++] = all[i++];
            for (int left = run - 1; all[i - 1] != 0 && left >= shortestRepeat; ) {
                int times = Math.min(6, left);
                items[count++] = REPEAT | ((times - 3) << 8);
                i += times;
                left -= times;
            }
        }
        return Arrays.copyOf(items, count);
    }

    private static int extraBits(int symbol) {
        return symbol == REPEAT ? 2 : symbol == FEW_ZEROS ? 3 : symbol == MANY_ZEROS ? 7 : 0;
    }

    long bits() {
        return bits;
    }

    void write(BitOutput out) {
        out.put(lengths - MIN_LENGTHS, 5);
        out.put(distances - 1, 5);
        out.put(ordered - MIN_ORDERED, 4);
        for (int i = 0; i < ordered; i++) {
            out.put(code.bits(ORDER[i]), 3);
        }
        for (int item : items) {
            int symbol = item & 0xFF;
            code.put(out, symbol);
            out.put(item >>> 8, extraBits(symbol));
        }
    }
}
