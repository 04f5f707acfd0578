package dev.fieldproof.crdt;

/**
 * What became of the writes of a merge, none left out: {@code written = accepted + stale + dropped + quarantined}.
 * Immutable.
 *
 * @param written writes that arrived
 * @param accepted became visible
 * @param stale were known already, or lost against a later write
 * @param dropped were refused: foreign to the key's owner, unknown to the schema
 * @param quarantined were put aside because their clock ran too far ahead
 * @param clashes alarms on the way: one stamp with two contents, or this writer's own life lived by another
 */
public record MergeReport(long written, long accepted, long stale, long dropped, long quarantined, long clashes) {
    /** Nothing arrived. */
    public static final MergeReport EMPTY = new MergeReport(0, 0, 0, 0, 0, 0);

    /**
     * Checks the sum.
     *
     * @throws IllegalArgumentException if writes are unaccounted for
     */
    public MergeReport {
        if (written != accepted + stale + dropped + quarantined) {
            throw new IllegalArgumentException("written " + written + " is not accepted " + accepted + " + stale "
                    + stale + " + dropped " + dropped + " + quarantined " + quarantined);
        }
    }

    /**
     * Two merges together.
     *
     * @param other the other
     * @return the sums
     */
    public MergeReport plus(MergeReport other) {
        return new MergeReport(
                written + other.written,
                accepted + other.accepted,
                stale + other.stale,
                dropped + other.dropped,
                quarantined + other.quarantined,
                clashes + other.clashes);
    }
}
