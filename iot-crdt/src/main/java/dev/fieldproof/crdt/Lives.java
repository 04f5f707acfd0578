package dev.fieldproof.crdt;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers the lives of writers in order of appearance, so that an entry names its life in four bytes. */
final class Lives {
    private Boot[] lives;
    private int size;
    private @Nullable Map<Boot, Integer> index;

    Lives(Boot first) {
        lives = new Boot[] {first};
        size = 1;
    }

    private Lives(Boot[] lives, int size) {
        this.lives = lives;
        this.size = size;
    }

    /** The same numbers, to be read. */
    Lives copy() {
        return new Lives(lives.clone(), size);
    }

    Boot get(int line) {
        return lives[line];
    }

    /** The lives so far, in an array that may be longer. */
    Boot[] all() {
        return lives;
    }

    int size() {
        return size;
    }

    /** The number of a life, or -1 if it has none. */
    int find(Boot boot) {
        if (index != null) {
            return index.getOrDefault(boot, -1);
        }
        for (int i = 0; i < size; i++) {
            if (lives[i].equals(boot)) {
                return i;
            }
        }
        return -1;
    }

    /** The number of a life, given one now if it has none. */
    int lineOf(Boot boot) {
        int known = find(boot);
        if (known >= 0) {
            return known;
        }
        if (size == lives.length) {
            lives = Arrays.copyOf(lives, size * 2);
        }
        lives[size] = boot;
        if (index != null) {
            index.put(boot, size);
        } else if (size > 8) {
            // A device knows a handful of writers and is spared the table; a cloud knows many.
            index = new HashMap<>();
            for (int i = 0; i <= size; i++) {
                index.put(lives[i], i);
            }
        }
        return size++;
    }
}
