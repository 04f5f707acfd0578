package dev.fieldproof.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a map, indexed by key: three words each, side by side, so that an entry costs one or two cache lines
 * and 24 bytes while all values are numbers. Words of zero are a key never held.
 */
final class Columns {
    private static final int WORDS = 3;
    private static final long CELL = 0xFFFF_FFFFL;
    private static final @Nullable Object[] NO_OBJECTS = new Object[0];

    /**
     * Of each key: its counter; its bits; and its line (28 bits), its kind off NONE (4), its cell in the log plus one.
     */
    private long[] words = new long[0];

    private int capacity;

    /** Strings and byte arrays; absent until the first one comes. */
    private @Nullable Object[] objects = NO_OBJECTS;

    Columns copy() {
        Columns copy = new Columns();
        copy.words = words.clone();
        copy.capacity = capacity;
        copy.objects = objects.clone();
        return copy;
    }

    /** Keys from here up were never held. */
    int capacity() {
        return capacity;
    }

    void grow(int keys) {
        capacity = keys;
        words = Arrays.copyOf(words, keys * WORDS);
    }

    byte kind(int key) {
        return (byte) (Kind.NONE - ((int) (words[WORDS * key + 2] >>> 32) & 15));
    }

    int line(int key) {
        return (int) (words[WORDS * key + 2] >>> 36);
    }

    long counter(int key) {
        return words[WORDS * key];
    }

    long bits(int key) {
        return words[WORDS * key + 1];
    }

    /** Where in the log of changes the key's last change is; -1 if nowhere. */
    int cell(int key) {
        return (int) words[WORDS * key + 2] - 1;
    }

    void setCell(int key, int cell) {
        words[WORDS * key + 2] = (words[WORDS * key + 2] & ~CELL) | ((cell + 1) & CELL);
    }

    @Nullable
    Object object(int key) {
        return key < objects.length ? objects[key] : null;
    }

    void set(int key, int line, long counter, byte kind, long value, @Nullable Object object) {
        int at = WORDS * key;
        words[at] = counter;
        words[at + 1] = value;
        words[at + 2] = (long) line << 36 | (long) (Kind.NONE - kind) << 32 | (words[at + 2] & CELL);
        if (object != null || key < objects.length) {
            setObject(key, object);
        }
    }

    private void setObject(int key, @Nullable Object object) {
        if (key >= objects.length) {
            objects = Arrays.copyOf(objects, capacity);
        }
        objects[key] = object;
    }

    void forget(int key) {
        Arrays.fill(words, WORDS * key, WORDS * (key + 1), 0);
    }

    /** Whether a key is held here as there, by the numbers alone; a line there is {@code lines[line]} here. */
    boolean sameNumbers(int key, Columns there, int[] lines) {
        int at = WORDS * key;
        long meta = there.words[at + 2];
        return at < words.length
                && words[at] == there.words[at]
                && words[at + 1] == there.words[at + 1]
                && words[at + 2] >>> 32 == ((long) lines[(int) (meta >>> 36)] << 4 | (meta >>> 32 & 15));
    }

    @Nullable
    Value value(int key) {
        return Kind.toValue(kind(key), bits(key), object(key));
    }
}
