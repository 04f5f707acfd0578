package dev.fieldproof.geo.placement;

/**
 * Why no fewer candidates can do: a tree that decides candidates one by one, with prices at its leaves. {@link
 * ProofVerifier} checks it without the solver.
 */
public sealed interface Proof {
    /** The price of one candidate: prices are whole parts of it. */
    long ONE = 1L << 24;

    /**
     * Both ways of deciding one candidate.
     *
     * @param candidate its index
     * @param taken what holds if it is built
     * @param left what holds if it is not
     */
    record Branch(int candidate, Proof taken, Proof left) implements Proof {}

    /**
     * Prices that make every choice too dear: by duality, what the needs are worth at these prices, less what the
     * candidates would gain, is no more than what any choice costs.
     *
     * @param prices of covering each row of the problem once, 0 or more
     * @param openPrice of leaving one cell open once, 0 or more
     */
    @SuppressWarnings("ArrayRecordComponent") // large, and compared by nobody
    record Leaf(int[] prices, long openPrice) implements Proof {}
}
