package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A set of dots, compact where a life's numbers are known without gaps (Almeida, Shoker, Baquero, "Delta state
 * replicated data types", 2018). Immutable.
 */
public final class CausalContext {
    /** No dot. */
    public static final CausalContext EMPTY = new CausalContext(new TreeMap<>(), new TreeSet<>());

    private final NavigableMap<Boot, Long> upTo;
    private final NavigableSet<Dot> beyond;

    private CausalContext(NavigableMap<Boot, Long> upTo, NavigableSet<Dot> beyond) {
        this.upTo = upTo;
        this.beyond = beyond;
    }

    /**
     * Some dots.
     *
     * @param dots any
     * @return the set
     */
    static CausalContext of(Iterable<Dot> dots) {
        NavigableSet<Dot> beyond = new TreeSet<>();
        dots.forEach(beyond::add);
        return compact(new TreeMap<>(), beyond);
    }

    /** All dots of lives up to a number of each. */
    static CausalContext upTo(Map<Boot, Long> last) {
        return last.isEmpty() ? EMPTY : new CausalContext(new TreeMap<>(last), new TreeSet<>());
    }

    /** The last number of each life; null if numbers below are missing. */
    @Nullable
    Map<Boot, Long> upTo() {
        return beyond.isEmpty() ? upTo : null;
    }

    /** The last number of each life before the first gap. */
    NavigableMap<Boot, Long> contiguous() {
        return upTo;
    }

    /** The dots behind gaps. */
    NavigableSet<Dot> beyond() {
        return beyond;
    }

    /** The set of all of these dots; lives up to a number of each, and others. */
    static CausalContext of(Map<Boot, Long> upTo, NavigableSet<Dot> beyond) {
        return compact(new TreeMap<>(upTo), new TreeSet<>(beyond));
    }

    private static CausalContext compact(NavigableMap<Boot, Long> upTo, NavigableSet<Dot> beyond) {
        beyond.removeIf(dot -> {
            long known = upTo.getOrDefault(dot.boot(), 0L);
            if (dot.counter() == known + 1) {
                upTo.put(dot.boot(), dot.counter());
            }
            return dot.counter() <= known + 1;
        });
        return new CausalContext(upTo, beyond);
    }

    /**
     * Whether a write is known.
     *
     * @param dot the write, counted from 1
     * @return true if it is in this set
     */
    public boolean contains(Dot dot) {
        return dot.counter() <= upTo.getOrDefault(dot.boot(), 0L) || beyond.contains(dot);
    }

    /**
     * The dot of a life's next write.
     *
     * @param boot the life
     * @return above all of its dots here
     */
    public Dot next(Boot boot) {
        long last = upTo.getOrDefault(boot, 0L);
        for (Dot dot : beyond) {
            last = dot.boot().equals(boot) ? Math.max(last, dot.counter()) : last;
        }
        return new Dot(boot, last + 1);
    }

    /**
     * The dots of both.
     *
     * @param other the other set
     * @return the union; {@code this} if nothing is new
     */
    public CausalContext merge(CausalContext other) {
        if (other.leq(this)) {
            return this;
        }
        NavigableMap<Boot, Long> merged = new TreeMap<>(upTo);
        other.upTo.forEach((boot, counter) -> merged.merge(boot, counter, Math::max));
        NavigableSet<Dot> rest = new TreeSet<>(beyond);
        rest.addAll(other.beyond);
        return compact(merged, rest);
    }

    /**
     * The dots that another set lacks.
     *
     * @param other the other set
     * @return the difference, as many as there are
     */
    List<Dot> minus(CausalContext other) {
        List<Dot> rest = new ArrayList<>();
        upTo.forEach((boot, last) -> {
            for (long n = other.upTo.getOrDefault(boot, 0L) + 1; n <= last; n++) {
                Dot dot = new Dot(boot, n);
                if (!other.beyond.contains(dot)) {
                    rest.add(dot);
                }
            }
        });
        beyond.stream().filter(dot -> !other.contains(dot)).forEach(rest::add);
        return rest;
    }

    /**
     * Whether another set includes this one.
     *
     * @param other the other set
     * @return true if every dot here is there
     */
    public boolean leq(CausalContext other) {
        for (Map.Entry<Boot, Long> entry : upTo.entrySet()) {
            if (entry.getValue() > other.upTo.getOrDefault(entry.getKey(), 0L)) {
                return false;
            }
        }
        for (Dot dot : beyond) {
            if (!other.contains(dot)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CausalContext that && upTo.equals(that.upTo) && beyond.equals(that.beyond);
    }

    @Override
    public int hashCode() {
        return 31 * upTo.hashCode() + beyond.hashCode();
    }

    @Override
    public String toString() {
        return upTo + (beyond.isEmpty() ? "" : " and " + beyond);
    }
}
