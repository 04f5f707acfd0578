package dev.fieldproof.ota.identity;

import java.util.Arrays;

/** Walks a tree of choices depth first, by replaying a path and changing its last choice that has another way. */
final class Choices {
    private int[] path = new int[64];
    private int[] ways = new int[64];
    private int length;
    private int position;

    int next(int count) {
        if (position == length) {
            if (length == path.length) {
                path = Arrays.copyOf(path, 2 * length);
                ways = Arrays.copyOf(ways, 2 * length);
            }
            path[length] = 0;
            ways[length++] = count;
        }
        return path[position++];
    }

    /** Goes to the next path; false after the last. */
    boolean advance() {
        position = 0;
        while (length > 0 && path[length - 1] + 1 == ways[length - 1]) {
            length--;
        }
        if (length == 0) {
            return false;
        }
        path[length - 1]++;
        return true;
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(path, length));
    }
}
