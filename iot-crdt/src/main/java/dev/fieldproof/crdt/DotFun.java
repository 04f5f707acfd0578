package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Dots with a value each; the building block of the nestable types. Two devices that write under one identity give one
 * dot several values: all are kept, in the order of their texts, so that merging commutes even then. Immutable.
 */
final class DotFun<X> implements Nested<DotFun<X>> {
    /** Most values of one dot; of more, the last in order stay, on every replica the same. */
    static final int MAX_CLASHES = 16;

    private final NavigableMap<Dot, List<X>> values;

    private DotFun(NavigableMap<Dot, List<X>> values) {
        this.values = values;
    }

    static <X> DotFun<X> empty() {
        return new DotFun<>(new TreeMap<>());
    }

    static <X> DotFun<X> of(Dot dot, X value) {
        NavigableMap<Dot, List<X>> one = new TreeMap<>();
        one.put(dot, List.of(value));
        return new DotFun<>(one);
    }

    /** A function by dot; the map is handed over. */
    static <X> DotFun<X> of(NavigableMap<Dot, List<X>> values) {
        return new DotFun<>(values);
    }

    /** How many values there are. */
    int size() {
        return values.values().stream().mapToInt(List::size).sum();
    }

    /** Visits the values by ascending dot, several of one dot in their order. */
    void forEach(BiConsumer<Dot, X> visitor) {
        values.forEach((dot, all) -> all.forEach(x -> visitor.accept(dot, x)));
    }

    /** The values by ascending dot. */
    List<X> all() {
        List<X> all = new ArrayList<>(values.size());
        values.values().forEach(all::addAll);
        return all;
    }

    @Override
    public DotFun<X> join(DotFun<X> other, CausalContext mine, CausalContext theirs) {
        NavigableMap<Dot, List<X>> joined = new TreeMap<>();
        values.forEach((dot, here) -> {
            List<X> there = other.values.get(dot);
            if (there != null) {
                joined.put(dot, both(here, there));
            } else if (!theirs.contains(dot)) {
                joined.put(dot, here);
            }
        });
        other.values.forEach((dot, there) -> {
            if (!mine.contains(dot)) {
                joined.putIfAbsent(dot, there);
            }
        });
        return new DotFun<>(joined);
    }

    /** The values of one dot on two sides, which are the same unless two devices live under one identity. */
    static <X> List<X> both(List<X> here, List<X> there) {
        if (here.equals(there)) {
            return here;
        }
        List<X> all = new ArrayList<>(here);
        there.stream().filter(x -> !here.contains(x)).forEach(all::add);
        all.sort(Comparator.comparing((X x) -> x.toString()).thenComparingInt(Object::hashCode));
        return List.copyOf(all.subList(Math.max(0, all.size() - MAX_CLASHES), all.size()));
    }

    @Override
    public DotFun<X> only(Predicate<Dot> wanted) {
        NavigableMap<Dot, List<X>> some = new TreeMap<>(values);
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
