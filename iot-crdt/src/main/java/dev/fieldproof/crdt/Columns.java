package dev.fieldproof.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a map, indexed by key: three words each, side by side, so that an entry costs one or two cache lines
 * and 24 bytes while all values are numbers. Words of zero are a key never held. They lie in pages, as a collector may
 * round a large array up to whole regions of the heap.
 */
final class Columns {
    private static final int WORDS = 3;
    private static final int PAGE_BITS = 11;
    private static final int PAGE_KEYS = 1 << PAGE_BITS;
    private static final long CELL = 0xFFFF_FFFFL;
    private static final @Nullable Object[] NO_OBJECTS = new Object[0];

    /**
     * Of each key: its counter; its bits; and its line (28 bits), its kind off NONE (4), its cell in the log plus one.
     * Every page but the last is full.
     */
    private long[][] pages = new long[0][];

    private int capacity;

    /** Strings and byte arrays; absent until the first one comes. */
    private @Nullable Object[] objects = NO_OBJECTS;

    Columns copy() {
        Columns copy = new Columns();
        copy.pages = pages.clone();
        for (int i = 0; i < pages.length; i++) {
            copy.pages[i] = pages[i].clone();
        }
        copy.capacity = capacity;
        copy.objects = objects.clone();
        return copy;
    }

    /** Keys from here up were never held. */
    int capacity() {
        return capacity;
    }

    void grow(int keys) {
        int before = pages.length;
        capacity = keys;
        pages = Arrays.copyOf(pages, (keys + PAGE_KEYS - 1) >>> PAGE_BITS);
        for (int i = Math.max(0, before - 1); i < pages.length; i++) {
            int length = WORDS * Math.min(PAGE_KEYS, keys - i * PAGE_KEYS);
            pages[i] = i < before ? Arrays.copyOf(pages[i], length) : new long[length];
        }
    }

    private long[] page(int key) {
        return pages[key >>> PAGE_BITS];
    }

    private static int at(int key) {
        return WORDS * (key & PAGE_KEYS - 1);
    }

    private long meta(int key) {
        return page(key)[at(key) + 2];
    }

    byte kind(int key) {
        return (byte) (Kind.NONE - ((int) (meta(key) >>> 32) & 15));
    }

    int line(int key) {
        return (int) (meta(key) >>> 36);
    }

    long counter(int key) {
        return page(key)[at(key)];
    }

    long bits(int key) {
        return page(key)[at(key) + 1];
    }

    /** Where in the log of changes the key's last change is; -1 if nowhere. */
    int cell(int key) {
        return (int) meta(key) - 1;
    }

    void setCell(int key, int cell) {
        page(key)[at(key) + 2] = (meta(key) & ~CELL) | ((cell + 1) & CELL);
    }

    @Nullable
    Object object(int key) {
        return key < objects.length ? objects[key] : null;
    }

    void set(int key, int line, long counter, byte kind, long value, @Nullable Object object) {
        long[] page = page(key);
        int at = at(key);
        page[at] = counter;
        page[at + 1] = value;
        page[at + 2] = (long) line << 36 | (long) (Kind.NONE - kind) << 32 | (page[at + 2] & CELL);
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
        Arrays.fill(page(key), at(key), at(key) + WORDS, 0);
    }

    /** Whether a key is held here as there, by the numbers alone; a line there is {@code lines[line]} here. */
    boolean sameNumbers(int key, Columns there, int[] lines) {
        if (key >= capacity) {
            return false;
        }
        int at = at(key);
        long[] mine = page(key);
        long[] theirs = there.page(key);
        long meta = theirs[at + 2];
        return mine[at] == theirs[at]
                && mine[at + 1] == theirs[at + 1]
                && mine[at + 2] >>> 32 == ((long) lines[(int) (meta >>> 36)] << 4 | (meta >>> 32 & 15));
    }

    @Nullable
    Value value(int key) {
        return Kind.toValue(kind(key), bits(key), object(key));
    }
}
