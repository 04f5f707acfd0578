package dev.fieldproof.crdt;

import java.util.List;

/**
 * Numbers the keys of a schema, densely from zero, so that numbers travel instead of names. Both sides of a
 * synchronisation must use the same numbering. Implementations are immutable or append-only, and thread-safe.
 */
public interface KeyDictionary {
    /** Most keys of one dictionary: the locators of a sketch are below 2^24 - 3. */
    int MAX_KEYS = (1 << 24) - 4;

    /**
     * How many keys there are.
     *
     * @return 0 to {@link #MAX_KEYS}
     */
    int size();

    /**
     * The number of a key.
     *
     * @param name its name
     * @return 0 to {@code size() - 1}, or -1 if the schema has no such key
     */
    int idOf(String name);

    /**
     * The name of a key.
     *
     * @param id 0 to {@code size() - 1}
     * @return its name
     * @throws IndexOutOfBoundsException if there is no such key
     */
    String nameOf(int id);

    /**
     * A fixed schema.
     *
     * @param names distinct names; the first is number 0
     * @return the dictionary
     * @throws IllegalArgumentException if a name occurs twice or there are too many
     */
    static KeyDictionary of(List<String> names) {
        return new PackedDictionary(names);
    }
}
