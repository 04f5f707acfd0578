package dev.fieldproof.crdt;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A counter that never falls below zero, however its copies are split: every unit belongs to a life that may spend it
 * without asking anyone, or hand it over (Balegas et al., "Extending eventually consistent cloud databases for
 * enforcing numeric invariants", 2015). Units of a life that ended unspent stay unspent. Immutable.
 */
public final class BoundedCounter implements Crdt<BoundedCounter> {
    /** No units. */
    public static final BoundedCounter ZERO = new BoundedCounter(GCounter.ZERO, new TreeMap<>());

    /** Spent units by life. */
    private final GCounter spent;
    /** Units handed over by (giver, taker); a giver equal to the taker made them. Each count only grows. */
    private final NavigableMap<Boot, NavigableMap<Boot, Long>> moved;

    private BoundedCounter(GCounter spent, NavigableMap<Boot, NavigableMap<Boot, Long>> moved) {
        this.spent = spent;
        this.moved = moved;
    }

    /** What came of a change that may be refused. */
    public sealed interface Outcome {
        /**
         * It took place.
         *
         * @param counter afterwards
         */
        record Done(BoundedCounter counter) implements Outcome {}

        /**
         * The life does not have so many units; nothing changed.
         *
         * @param available what it has
         */
        record Refused(long available) implements Outcome {}
    }

    /**
     * Makes units, which belong to their maker.
     *
     * @param writer whose life makes them; only its owner may use it
     * @param by at least 0
     * @return the counter afterwards
     * @throws IllegalArgumentException if {@code by} is negative
     */
    public BoundedCounter increment(Boot writer, long by) {
        return new BoundedCounter(spent, withMoved(writer, writer, by));
    }

    /**
     * Spends units.
     *
     * @param writer whose life spends them; only its owner may use it
     * @param by at least 0
     * @return the counter afterwards, or a refusal
     * @throws IllegalArgumentException if {@code by} is negative
     */
    public Outcome decrement(Boot writer, long by) {
        long available = available(writer);
        return by > available
                ? new Outcome.Refused(available)
                : new Outcome.Done(new BoundedCounter(spent.increment(writer, by), moved));
    }

    /**
     * Hands units over.
     *
     * @param from whose life gives them; only its owner may use it
     * @param to whose life may spend them then
     * @param by at least 0
     * @return the counter afterwards, or a refusal
     * @throws IllegalArgumentException if {@code by} is negative or both lives are the same
     */
    public Outcome transfer(Boot from, Boot to, long by) {
        if (from.equals(to)) {
            throw new IllegalArgumentException("a transfer has two sides: " + from);
        }
        long available = available(from);
        return by > available
                ? new Outcome.Refused(available)
                : new Outcome.Done(new BoundedCounter(spent, withMoved(from, to, by)));
    }

    private NavigableMap<Boot, NavigableMap<Boot, Long>> withMoved(Boot from, Boot to, long by) {
        if (by < 0) {
            throw new IllegalArgumentException("negative: " + by);
        }
        NavigableMap<Boot, NavigableMap<Boot, Long>> copy = new TreeMap<>(moved);
        NavigableMap<Boot, Long> row = new TreeMap<>(copy.getOrDefault(from, new TreeMap<>()));
        row.merge(to, by, Math::addExact);
        copy.put(from, row);
        return copy;
    }

    /**
     * What a life may spend without asking anyone.
     *
     * @param writer the life
     * @return made and taken, less given and spent
     */
    public long available(Boot writer) {
        long sum = -spent.countOf(writer);
        for (Map.Entry<Boot, NavigableMap<Boot, Long>> row : moved.entrySet()) {
            boolean own = row.getKey().equals(writer);
            for (Map.Entry<Boot, Long> cell : row.getValue().entrySet()) {
                boolean taken = cell.getKey().equals(writer);
                sum += taken ? cell.getValue() : own ? -cell.getValue() : 0;
            }
        }
        return sum;
    }

    /**
     * What is left.
     *
     * @return all units made less all spent, at least 0 once everything made was heard of
     */
    public long value() {
        long made = 0;
        for (Map.Entry<Boot, NavigableMap<Boot, Long>> row : moved.entrySet()) {
            made += row.getValue().getOrDefault(row.getKey(), 0L);
        }
        return made - spent.value();
    }

    /** What each life spent. */
    GCounter spent() {
        return spent;
    }

    /** What each life handed to each; not to be changed. */
    NavigableMap<Boot, NavigableMap<Boot, Long>> moved() {
        return moved;
    }

    /** The counter of these units; the map is handed over. */
    static BoundedCounter of(GCounter spent, NavigableMap<Boot, NavigableMap<Boot, Long>> moved) {
        return new BoundedCounter(spent, moved);
    }

    @Override
    public BoundedCounter merge(BoundedCounter other) {
        if (other.leq(this)) {
            return this;
        }
        NavigableMap<Boot, NavigableMap<Boot, Long>> merged = new TreeMap<>(moved);
        other.moved.forEach((from, row) -> {
            NavigableMap<Boot, Long> both = new TreeMap<>(merged.getOrDefault(from, new TreeMap<>()));
            row.forEach((to, count) -> both.merge(to, count, Math::max));
            merged.put(from, both);
        });
        return new BoundedCounter(spent.merge(other.spent), merged);
    }

    @Override
    public boolean leq(BoundedCounter other) {
        return spent.leq(other.spent)
                && moved.entrySet().stream()
                        .allMatch(row -> row.getValue().entrySet().stream()
                                .allMatch(cell -> other.moved.containsKey(row.getKey())
                                        && other.moved.get(row.getKey()).getOrDefault(cell.getKey(), -1L)
                                                >= cell.getValue()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BoundedCounter that && spent.equals(that.spent) && moved.equals(that.moved);
    }

    @Override
    public int hashCode() {
        return 31 * spent.hashCode() + moved.hashCode();
    }

    @Override
    public String toString() {
        return Long.toString(value());
    }
}
