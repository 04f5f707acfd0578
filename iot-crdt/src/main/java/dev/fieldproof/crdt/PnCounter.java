package dev.fieldproof.crdt;

/**
 * A counter that goes up and down: two growing counters and their difference. Immutable.
 *
 * @param ups all increments
 * @param downs all decrements
 */
public record PnCounter(GCounter ups, GCounter downs) implements Crdt<PnCounter> {
    /** Nothing counted. */
    public static final PnCounter ZERO = new PnCounter(GCounter.ZERO, GCounter.ZERO);

    /**
     * The delta of a change.
     *
     * @param writer whose life counts; only its owner may use it
     * @param by positive to go up, negative to go down; not {@link Long#MIN_VALUE}
     * @return the change alone, to be merged here and elsewhere
     * @throws ArithmeticException if a count exceeds 2^63 - 1
     */
    public PnCounter addDelta(Boot writer, long by) {
        return by >= 0
                ? new PnCounter(ups.incrementDelta(writer, by), GCounter.ZERO)
                : new PnCounter(GCounter.ZERO, downs.incrementDelta(writer, Math.negateExact(by)));
    }

    /**
     * Changes the value.
     *
     * @param writer whose life counts; only its owner may use it
     * @param by positive to go up, negative to go down; not {@link Long#MIN_VALUE}
     * @return the counter afterwards
     * @throws ArithmeticException if a count exceeds 2^63 - 1
     */
    public PnCounter add(Boot writer, long by) {
        return merge(addDelta(writer, by));
    }

    /**
     * The difference.
     *
     * @return increments less decrements
     */
    public long value() {
        return ups.value() - downs.value();
    }

    @Override
    public PnCounter merge(PnCounter other) {
        GCounter up = ups.merge(other.ups);
        GCounter down = downs.merge(other.downs);
        return sameAs(up, down) ? this : new PnCounter(up, down);
    }

    @SuppressWarnings("ReferenceEquality") // merge gives back the same object if nothing is new
    private boolean sameAs(GCounter up, GCounter down) {
        return up == ups && down == downs;
    }

    @Override
    public boolean leq(PnCounter other) {
        return ups.leq(other.ups) && downs.leq(other.downs);
    }
}
