package dev.fieldproof.benchmarks.scorecard;

/**
 * A measured row.
 *
 * @param row what was measured
 * @param ours our value
 * @param theirs the rival's value, {@link Spread#NONE} without a rival
 * @param ratio ours divided by the rival's, pair by pair
 * @param failure why there is no measurement, or empty
 */
public record Result(Row row, Spread ours, Spread theirs, Spread ratio, String failure) {
    /**
     * Whether the goal is reached.
     *
     * @return false also if the measurement failed
     */
    public boolean isMet() {
        return failure.isEmpty() && row.goal().isMet(ours.median(), ratio.median());
    }

    /**
     * The verdict in a word.
     *
     * @return {@code met}, {@code not met} or {@code failed}
     */
    public String verdict() {
        return failure.isEmpty() ? isMet() ? "met" : "not met" : "failed";
    }
}
