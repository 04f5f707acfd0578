package dev.fieldproof.crdt;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Dots with a value each; the building block of the nestable types. Immutable. */
final class DotFun<X> implements Nested<DotFun<X>> {
    private final NavigableMap<Dot, X> values;

    private DotFun(NavigableMap<Dot, X> values) {
        this.values = values;
    }

    static <X> DotFun<X> empty() {
        return new DotFun<>(new TreeMap<>());
    }

    static <X> DotFun<X> of(Dot dot, X value) {
        NavigableMap<Dot, X> one = new TreeMap<>();
        one.put(dot, value);
        return new DotFun<>(one);
    }

    /** A function by dot; the map is handed over. */
    static <X> DotFun<X> of(NavigableMap<Dot, X> values) {
        return new DotFun<>(values);
    }

    /** By dot; not to be changed. */
    NavigableMap<Dot, X> values() {
        return values;
    }

    @Override
    public DotFun<X> join(DotFun<X> other, CausalContext mine, CausalContext theirs) {
        NavigableMap<Dot, X> joined = new TreeMap<>();
        for (Map.Entry<Dot, X> entry : values.entrySet()) {
            if (other.values.containsKey(entry.getKey()) || !theirs.contains(entry.getKey())) {
                joined.put(entry.getKey(), entry.getValue());
            }
        }
        for (Map.Entry<Dot, X> entry : other.values.entrySet()) {
            if (!mine.contains(entry.getKey())) {
                joined.put(entry.getKey(), entry.getValue());
            }
        }
        return new DotFun<>(joined);
    }

    @Override
    public DotFun<X> only(Predicate<Dot> wanted) {
        NavigableMap<Dot, X> some = new TreeMap<>(values);
        for (Iterator<Dot> dots = some.keySet().iterator(); dots.hasNext(); ) {
            if (!wanted.test(dots.next())) {
                dots.remove();
            }
        }
        return new DotFun<>(some);
    }

    @Override
    public void forEachDot(Consumer<Dot> visitor) {
        values.keySet().forEach(visitor);
    }

    @Override
    public boolean isEmpty() {
        return values.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DotFun<?> that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
