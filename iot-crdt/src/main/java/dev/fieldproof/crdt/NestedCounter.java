package dev.fieldproof.crdt;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A counter inside a map: goes up and down, and starts again from nothing when its key is removed, except for what was
 * counted concurrently. On its own, {@link PnCounter} is smaller. Immutable.
 */
public final class NestedCounter implements Nested<NestedCounter> {
    private final DotFun<Long> writes;

    private NestedCounter(DotFun<Long> writes) {
        this.writes = writes;
    }

    /**
     * Nothing counted.
     *
     * @return the counter
     */
    public static NestedCounter empty() {
        return new NestedCounter(DotFun.empty());
    }

    /**
     * Counts; the writer's sum so far moves to the new dot.
     *
     * @param by any
     * @param dot of this write
     * @return the counter afterwards
     * @throws ArithmeticException if the writer's sum exceeds 64 bits
     */
    public NestedCounter add(long by, Dot dot) {
        long sum = by;
        for (long own : writes.only(d -> d.boot().equals(dot.boot())).all()) {
            sum = Math.addExact(sum, own);
        }
        DotFun<Long> others = writes.only(d -> !d.boot().equals(dot.boot()));
        return new NestedCounter(others.join(DotFun.of(dot, sum), CausalContext.EMPTY, CausalContext.EMPTY));
    }

    /**
     * The sum of all.
     *
     * @return the value; wraps around beyond 64 bits
     */
    public long value() {
        return writes.all().stream().mapToLong(i -> i).sum();
    }

    /** The sums by dot. */
    DotFun<Long> writes() {
        return writes;
    }

    /** The counter of these sums. */
    static NestedCounter of(DotFun<Long> writes) {
        return new NestedCounter(writes);
    }

    @Override
    public NestedCounter join(NestedCounter other, CausalContext mine, CausalContext theirs) {
        return new NestedCounter(writes.join(other.writes, mine, theirs));
    }

    @Override
    public NestedCounter only(Predicate<Dot> wanted) {
        return new NestedCounter(writes.only(wanted));
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
        return other instanceof NestedCounter that && writes.equals(that.writes);
    }

    @Override
    public int hashCode() {
        return writes.hashCode();
    }

    @Override
    public String toString() {
        return Long.toString(value());
    }
}
