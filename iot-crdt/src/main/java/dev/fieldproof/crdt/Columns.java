package dev.fieldproof.crdt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The entries of a map, one array per field, indexed by key: 21 bytes an entry while all values are numbers. */
final class Columns {
    byte[] kinds;
    int[] lines;
    long[] counters;
    long[] bits;
    /** Strings and byte arrays; absent until the first one comes. */
    @Nullable
    Object[] objects;

    private static final @Nullable Object[] NO_OBJECTS = new Object[0];

    Columns(int capacity) {
        kinds = new byte[capacity];
        Arrays.fill(kinds, Kind.NONE);
        lines = new int[capacity];
        counters = new long[capacity];
        bits = new long[capacity];
        objects = NO_OBJECTS;
    }

    private Columns(Columns from) {
        kinds = from.kinds.clone();
        lines = from.lines.clone();
        counters = from.counters.clone();
        bits = from.bits.clone();
        objects = from.objects.clone();
    }

    Columns copy() {
        return new Columns(this);
    }

    int capacity() {
        return kinds.length;
    }

    void grow(int capacity) {
        int old = kinds.length;
        kinds = Arrays.copyOf(kinds, capacity);
        Arrays.fill(kinds, old, capacity, Kind.NONE);
        lines = Arrays.copyOf(lines, capacity);
        counters = Arrays.copyOf(counters, capacity);
        bits = Arrays.copyOf(bits, capacity);
    }

    @Nullable
    Object object(int key) {
        return key < objects.length ? objects[key] : null;
    }

    void set(int key, int line, long counter, byte kind, long value, @Nullable Object object) {
        kinds[key] = kind;
        lines[key] = line;
        counters[key] = counter;
        bits[key] = value;
        if (object != null || key < objects.length) {
            setObject(key, object);
        }
    }

    private void setObject(int key, @Nullable Object object) {
        if (key >= objects.length) {
            objects = Arrays.copyOf(objects, kinds.length);
        }
        objects[key] = object;
    }

    @Nullable
    Value value(int key) {
        return Kind.toValue(kinds[key], bits[key], object(key));
    }
}
