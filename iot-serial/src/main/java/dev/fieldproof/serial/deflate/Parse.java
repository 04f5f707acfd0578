package dev.fieldproof.serial.deflate;

/**
 * Bytes cut into steps, each a literal or a match. Immutable by convention: the array is never changed.
 *
 * @param from where the first step begins
 * @param steps the length in the upper half, 1 for a literal; the distance less one in the lower
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Parse(int from, int[] steps) {
    static int step(int length, int distance) {
        return (length << 16) | (distance - 1);
    }

    static int length(int step) {
        return step >>> 16;
    }

    static int distance(int step) {
        return (step & 0xFFFF) + 1;
    }

    int end() {
        int at = from;
        for (int step : steps) {
            at += length(step);
        }
        return at;
    }

    /** Counts the steps, and where each begins. */
    Counts counts(byte[] bytes) {
        Counts counts = new Counts();
        int at = from;
        for (int step : steps) {
            count(counts, bytes, at, step);
            at += length(step);
        }
        return counts;
    }

    static void count(Counts counts, byte[] bytes, int at, int step) {
        int length = length(step);
        if (length == 1) {
            counts.literal(bytes[at]);
        } else {
            counts.match(length, distance(step));
        }
    }
}
