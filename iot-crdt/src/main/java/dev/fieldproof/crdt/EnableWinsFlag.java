package dev.fieldproof.crdt;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A flag that stays on when it is switched on and off concurrently. Immutable. */
public final class EnableWinsFlag implements Nested<EnableWinsFlag> {
    private final DotFun<Boolean> writes;

    private EnableWinsFlag(DotFun<Boolean> writes) {
        this.writes = writes;
    }

    /** A flag that was switched on by these writes. */
    static EnableWinsFlag of(List<Dot> dots) {
        NavigableMap<Dot, List<Boolean>> writes = new TreeMap<>();
        dots.forEach(dot -> writes.put(dot, List.of(true)));
        return new EnableWinsFlag(DotFun.of(writes));
    }

    /**
     * A flag that is off.
     *
     * @return the flag
     */
    public static EnableWinsFlag empty() {
        return new EnableWinsFlag(DotFun.empty());
    }

    /**
     * Switches it on.
     *
     * @param dot of this write
     * @return the flag afterwards
     */
    public EnableWinsFlag enable(Dot dot) {
        return new EnableWinsFlag(DotFun.of(dot, true));
    }

    /**
     * Switches it off, as far as it was seen to be on.
     *
     * @return the flag afterwards
     */
    public EnableWinsFlag disable() {
        return empty();
    }

    /**
     * Whether it is on.
     *
     * @return true if someone switched it on and nobody who saw that switched it off
     */
    public boolean enabled() {
        return !writes.isEmpty();
    }

    /** The dots that switched it on. */
    DotFun<Boolean> writes() {
        return writes;
    }

    /** The flag switched on by these. */
    static EnableWinsFlag of(DotFun<Boolean> writes) {
        return new EnableWinsFlag(writes);
    }

    @Override
    public EnableWinsFlag join(EnableWinsFlag other, CausalContext mine, CausalContext theirs) {
        return new EnableWinsFlag(writes.join(other.writes, mine, theirs));
    }

    @Override
    public EnableWinsFlag only(Predicate<Dot> wanted) {
        return new EnableWinsFlag(writes.only(wanted));
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
        return other instanceof EnableWinsFlag that && writes.equals(that.writes);
    }

    @Override
    public int hashCode() {
        return writes.hashCode();
    }

    @Override
    public String toString() {
        return enabled() ? "on" : "off";
    }
}
