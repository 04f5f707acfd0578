package dev.fieldproof.serial.flash;

import java.util.ArrayList;
import java.util.List;

/**
 * A contiguous piece of a part that is to be written.
 *
 * @param from where in the part, a multiple of 4096
 * @param length in bytes
 */
record Run(int from, int length) {
    int end() {
        return from + length;
    }

    /** The list with one more piece, joined to the last if they touch. */
    static List<Run> append(List<Run> runs, Run next) {
        List<Run> result = new ArrayList<>(runs);
        int last = result.size() - 1;
        if (last >= 0 && result.get(last).end() == next.from) {
            result.set(last, new Run(result.get(last).from, result.get(last).length + next.length));
        } else {
            result.add(next);
        }
        return List.copyOf(result);
    }
}
