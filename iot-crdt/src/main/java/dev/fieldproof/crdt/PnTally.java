package dev.fieldproof.crdt;

/**
 * A replica of a {@link PnCounter} that merges in place, which allocates nothing once it knows the writers. For
 * where counters of many devices come in all the time, as at a gateway. Not thread-safe.
 */
public final class PnTally {
    private final Boot self;
    private GCounter ups;
    private GCounter downs;

    /**
     * A replica that knows nothing.
     *
     * @param self the life in which this replica counts; never used by two replicas or twice
     */
    public PnTally(Boot self) {
        this.self = self;
        ups = GCounter.ZERO.copy();
        downs = GCounter.ZERO.copy();
    }

    /**
     * Changes the value.
     *
     * @param by positive to go up, negative to go down; not {@link Long#MIN_VALUE}
     * @throws ArithmeticException if a count exceeds 2^63 - 1; nothing is changed then
     */
    public void add(long by) {
        merge(new PnCounter(ups, downs).addDelta(self, by));
    }

    /**
     * Takes over what a counter knows and this replica does not.
     *
     * @param other from anywhere; not changed
     */
    public void merge(PnCounter other) {
        if (!ups.absorb(other.ups())) {
            ups = ups.merge(other.ups()).copy();
        }
        if (!downs.absorb(other.downs())) {
            downs = downs.merge(other.downs()).copy();
        }
    }

    /**
     * The difference.
     *
     * @return increments less decrements
     */
    public long value() {
        return ups.value() - downs.value();
    }

    /**
     * What this replica knows, to be encoded, kept, or merged elsewhere.
     *
     * @return a copy
     */
    public PnCounter snapshot() {
        return new PnCounter(ups.copy(), downs.copy());
    }
}
