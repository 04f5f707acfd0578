package dev.fieldproof.crdt;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A register that shows the value of the latest of concurrent writes, by their hybrid time and then their dots; a write
 * that has seen another replaces it whatever the times. Immutable.
 *
 * @param <V> type of the values, themselves immutable; different ones have different texts
 */
public final class LwwRegister<V> implements Nested<LwwRegister<V>> {
    private final DotFun<Write<V>> writes;

    private LwwRegister(DotFun<Write<V>> writes) {
        this.writes = writes;
    }

    /**
     * A register never written.
     *
     * @param <V> type of the values
     * @return the register
     */
    public static <V> LwwRegister<V> empty() {
        return new LwwRegister<>(DotFun.empty());
    }

    record Write<V>(long hybridTime, V value) {}

    /**
     * Replaces all values seen.
     *
     * @param value the new one
     * @param hybridTime when, by {@link HybridClock#tick()}
     * @param dot of this write
     * @return the register afterwards
     */
    public LwwRegister<V> set(V value, long hybridTime, Dot dot) {
        return new LwwRegister<>(DotFun.of(dot, new Write<>(hybridTime, value)));
    }

    /**
     * The latest value.
     *
     * @return empty if never written
     */
    public Optional<V> value() {
        // Of equal times the last counts, and they come in the order of their dots.
        return writes.all().stream()
                .reduce((latest, next) -> next.hybridTime() >= latest.hybridTime() ? next : latest)
                .map(Write::value);
    }

    /** The values by dot. */
    DotFun<Write<V>> writes() {
        return writes;
    }

    /** The register of these writes. */
    static <V> LwwRegister<V> of(DotFun<Write<V>> writes) {
        return new LwwRegister<>(writes);
    }

    @Override
    public LwwRegister<V> join(LwwRegister<V> other, CausalContext mine, CausalContext theirs) {
        return new LwwRegister<>(writes.join(other.writes, mine, theirs));
    }

    @Override
    public LwwRegister<V> only(Predicate<Dot> wanted) {
        return new LwwRegister<>(writes.only(wanted));
    }

    @Override
    public void forEachDot(Consumer<Dot> visitor) {
        writes.forEachDot(visitor);
    }

    @Override
    public boolean isEmpty() {
        return writes.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LwwRegister<?> that && writes.equals(that.writes);
    }

    @Override
    public int hashCode() {
        return writes.hashCode();
    }

    @Override
    public String toString() {
        return value().toString();
    }
}
