package dev.fieldproof.geo.placement;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Why nothing cheaper can do: a tree that decides candidates one by one, with prices at its leaves. {@link
 * ProofVerifier} checks it without the solver.
 */
public sealed interface Proof {
    /** The price of one unit of cost: prices are whole parts of it. */
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
     * @param rows of the problem that have a price, ascending
     * @param prices of covering each of these rows once, 0 or more
     * @param openPrice of leaving one cell open once, 0 or more
     */
    @SuppressWarnings("ArrayRecordComponent") // large, and compared by nobody
    record Leaf(int[] rows, long[] prices, long openPrice) implements Proof {
        /** Prices for all rows, of which most are 0. */
        static Leaf of(long[] prices, long openPrice) {
            int[] rows = IntStream.range(0, prices.length)
                    .filter(i -> prices[i] != 0)
                    .toArray();
            return new Leaf(rows, Arrays.stream(rows).mapToLong(i -> prices[i]).toArray(), openPrice);
        }
    }

    /**
     * What need not be looked at: rows that another row implies, and candidates that another one outdoes, one after the
     * other. A row is implied by one that needs as much and is covered by no candidate that does not cover the row,
     * too. A candidate is outdone by one that covers every row that still needs it, once each, and that is no dearer,
     * and either on the same mount or alone on its own.
     *
     * @param what row number, or {@code -1 - candidate}, in the order of leaving out
     * @param by for each of them, the row that implies it or the candidate that outdoes it
     * @param rest what holds without them
     */
    @SuppressWarnings("ArrayRecordComponent") // large, and compared by nobody
    record Reduced(int[] what, int[] by, Proof rest) implements Proof {}

    /**
     * What can be covered part by part, for no open candidate covers rows of two parts.
     *
     * @param parts with rows of their own
     */
    record Parts(List<Part> parts) implements Proof {
        /** Copies the list. */
        public Parts {
            parts = List.copyOf(parts);
        }
    }

    /**
     * One part.
     *
     * @param rows ascending
     * @param fewest whatever covers them costs no less
     * @param proof that this is so, looking at these rows alone
     */
    @SuppressWarnings("ArrayRecordComponent") // large, and compared by nobody
    record Part(int[] rows, int fewest, Proof proof) {}
}
