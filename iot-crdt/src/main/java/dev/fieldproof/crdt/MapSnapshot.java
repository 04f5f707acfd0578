package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an {@link LwwMap} held at one moment. Immutable and thread-safe, whatever becomes of the map. */
public final class MapSnapshot {
    private final KeyDictionary keys;
    private final MapState state;
    private final Version version;

    /** Of a state that nobody changes any more. */
    MapSnapshot(KeyDictionary keys, MapState state, Version version) {
        this.keys = keys;
        this.state = state;
        this.version = version;
    }

    /**
     * The map's version at that moment.
     *
     * @return to be handed to {@link LwwMap#deltaSince}, which then gives what changed since
     */
    public Version version() {
        return version;
    }

    /**
     * How many keys held a value.
     *
     * @return removed keys not counted
     */
    public int size() {
        return state.live;
    }

    /**
     * What a key held.
     *
     * @param key its number
     * @return empty if it was never written or was removed
     */
    public Optional<Value> get(int key) {
        return state.holds(key) ? Optional.ofNullable(state.columns.value(key)) : Optional.empty();
    }

    /**
     * What a key held, by name.
     *
     * @param name the key's name
     * @return empty if it was never written or was removed
     * @throws IllegalArgumentException if the schema has no such key
     */
    public Optional<Value> get(String name) {
        int key = keys.idOf(name);
        if (key < 0) {
            throw new IllegalArgumentException("the schema has no key '" + name + "'");
        }
        return get(key);
    }

    /**
     * What was known of a key, removals included.
     *
     * @param key its number
     * @return empty if it was never written
     */
    public Optional<LwwMap.Entry> entry(int key) {
        return state.entry(key);
    }

    /**
     * All entries, removals included.
     *
     * @return a copy, by key
     */
    public List<LwwMap.Entry> entries() {
        List<LwwMap.Entry> all = new ArrayList<>(state.held);
        for (int key = 0; key < state.columns.capacity(); key++) {
            entry(key).ifPresent(all::add);
        }
        return all;
    }
}
