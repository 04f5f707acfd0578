package dev.fieldproof.crdt;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A register that keeps every value of concurrent writes until a write that has seen them replaces them. Immutable.
 *
 * @param <V> type of the values, themselves immutable; different ones have different texts
 */
public final class MvRegister<V> implements Nested<MvRegister<V>> {
    private final DotFun<V> writes;

    private MvRegister(DotFun<V> writes) {
        this.writes = writes;
    }

    /**
     * A register never written.
     *
     * @param <V> type of the values
     * @return the register
     */
    public static <V> MvRegister<V> empty() {
        return new MvRegister<>(DotFun.empty());
    }

    /**
     * Replaces all values seen.
     *
     * @param value the new one
     * @param dot of this write
     * @return the register afterwards
     */
    public MvRegister<V> set(V value, Dot dot) {
        return new MvRegister<>(DotFun.of(dot, value));
    }

    /**
     * The values.
     *
     * @return none if never written, one as a rule, several after concurrent writes, in order of their dots and texts
     */
    public List<V> values() {
        return List.copyOf(writes.all());
    }

    /** The values by dot. */
    DotFun<V> writes() {
        return writes;
    }

    /** The register of these writes. */
    static <V> MvRegister<V> of(DotFun<V> writes) {
        return new MvRegister<>(writes);
    }

    @Override
    public MvRegister<V> join(MvRegister<V> other, CausalContext mine, CausalContext theirs) {
        return new MvRegister<>(writes.join(other.writes, mine, theirs));
    }

    @Override
    public MvRegister<V> only(Predicate<Dot> wanted) {
        return new MvRegister<>(writes.only(wanted));
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
        return other instanceof MvRegister<?> that && writes.equals(that.writes);
    }

    @Override
    public int hashCode() {
        return writes.hashCode();
    }

    @Override
    public String toString() {
        return values().toString();
    }
}
