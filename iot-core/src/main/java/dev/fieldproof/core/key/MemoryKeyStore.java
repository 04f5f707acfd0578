package dev.fieldproof.core.key;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keys in memory, gone when the store is closed. Thread-safe. */
public final class MemoryKeyStore extends HeldKeys {
    private TreeMap<String, KeyEntry> entries = new TreeMap<>();

    /** Makes an empty store. */
    public MemoryKeyStore() {}

    @Override
    SortedMap<String, KeyEntry> entries() {
        return entries;
    }

    @Override
    void edit(Edit edit) throws IOException {
        TreeMap<String, KeyEntry> next = new TreeMap<>(entries);
        edit.apply(next);
        entries = next;
    }

    @Override
    void forget() {
        entries = new TreeMap<>();
    }

    @Override
    public String toString() {
        return "a key store in memory";
    }
}
