package dev.fieldproof.crdt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A map whose values are nestable states, other such maps among them: concurrent changes of a key merge, and a removal
 * takes away only what it has seen. Immutable.
 *
 * @param <K> type of the keys, themselves immutable
 * @param <S> type of the values
 */
public final class OrMap<K, S extends Nested<S>> implements Nested<OrMap<K, S>> {
    private final S empty;
    private final Map<K, S> entries;

    private OrMap(S empty, Map<K, S> entries) {
        this.empty = empty;
        this.entries = entries;
    }

    /**
     * A map without keys.
     *
     * @param <K> type of the keys
     * @param <S> type of the values
     * @param emptyValue what a new key begins with
     * @return the map
     */
    public static <K, S extends Nested<S>> OrMap<K, S> empty(S emptyValue) {
        return new OrMap<>(emptyValue, Map.of());
    }

    /**
     * Changes one key's value.
     *
     * @param key which
     * @param change makes the new state; give it the write's dot to put there
     * @return the map afterwards
     */
    public OrMap<K, S> update(K key, UnaryOperator<S> change) {
        return with(key, change.apply(entries.getOrDefault(key, empty)));
    }

    /**
     * Takes away what is seen of a key.
     *
     * @param key which
     * @return the map afterwards
     */
    public OrMap<K, S> remove(K key) {
        return with(key, empty);
    }

    private OrMap<K, S> with(K key, S value) {
        Map<K, S> copy = new HashMap<>(entries);
        if (value.isEmpty()) {
            copy.remove(key);
        } else {
            copy.put(key, value);
        }
        return new OrMap<>(empty, copy);
    }

    /**
     * The value of a key.
     *
     * @param key which
     * @return empty if the map has no such key
     */
    public Optional<S> get(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    /**
     * The keys.
     *
     * @return an unmodifiable set
     */
    public Set<K> keys() {
        return Set.copyOf(entries.keySet());
    }

    /** The states by key; not to be changed. */
    Map<K, S> entries() {
        return entries;
    }

    /** The map of these states; the map is handed over. */
    static <K, S extends Nested<S>> OrMap<K, S> of(S empty, Map<K, S> entries) {
        return new OrMap<>(empty, entries);
    }

    @Override
    public OrMap<K, S> join(OrMap<K, S> other, CausalContext mine, CausalContext theirs) {
        Set<K> all = new HashSet<>(entries.keySet());
        all.addAll(other.entries.keySet());
        Map<K, S> joined = new HashMap<>();
        for (K key : all) {
            S a = entries.getOrDefault(key, empty);
            S value = a.join(other.entries.getOrDefault(key, empty), mine, theirs);
            if (!value.isEmpty()) {
                joined.put(key, value);
            }
        }
        return new OrMap<>(empty, joined);
    }

    @Override
    public OrMap<K, S> only(Predicate<Dot> wanted) {
        Map<K, S> some = new HashMap<>();
        entries.forEach((key, value) -> {
            S part = value.only(wanted);
            if (!part.isEmpty()) {
                some.put(key, part);
            }
        });
        return new OrMap<>(empty, some);
    }

    @Override
    public void forEachDot(Consumer<Dot> visitor) {
        entries.values().forEach(value -> value.forEachDot(visitor));
    }

    @Override
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrMap<?, ?> that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
