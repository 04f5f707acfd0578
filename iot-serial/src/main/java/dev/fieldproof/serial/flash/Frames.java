package dev.fieldproof.serial.flash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is sent for a piece of flash, cut into frames. Immutable.
 *
 * @param bytes all of it
 * @param ends where each frame ends, growing, the last at the end of the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy, never compared
record Frames(byte[] bytes, List<Integer> ends) {
    /** Frames as large as they may be. */
    static Frames even(byte[] bytes, int maxBytes) {
        List<Integer> ends = new ArrayList<>();
        for (int end = maxBytes; end < bytes.length; end += maxBytes) {
            ends.add(end);
        }
        ends.add(bytes.length);
        return new Frames(bytes, List.copyOf(ends));
    }

    int count() {
        return ends.size();
    }

    /** Where a frame begins. */
    int begin(int index) {
        return index == 0 ? 0 : ends.get(index - 1);
    }

    byte[] frame(int index) {
        return Arrays.copyOfRange(bytes, begin(index), ends.get(index));
    }
}
