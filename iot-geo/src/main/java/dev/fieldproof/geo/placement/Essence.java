package dev.fieldproof.geo.placement;

import java.util.Arrays;

/**
 * A problem without the rows that another row implies: where all that can see one also see the other, and the other
 * needs no more, meeting the first meets both. A proof for the essence holds for the whole problem with a price of
 * nothing on the rows left out. Immutable.
 *
 * @param problem what is left to solve; the columns are the same
 * @param rows for each row left, its index in the whole problem
 * @param wholeRows how many rows the whole problem has
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Essence(CoverProblem problem, int[] rows, int wholeRows) {
    /** Leaves out what is implied; nothing if some weight may stay open, for then each row counts by itself. */
    static Essence of(CoverProblem whole) {
        int n = whole.rows();
        boolean[] implied = new boolean[n];
        if (whole.slack() == 0) {
            markImplied(whole, implied);
        }
        int[] rows = new int[n];
        int[] index = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            index[i] = implied[i] ? -1 : count;
            if (!implied[i]) {
                rows[count++] = i;
            }
        }
        rows = Arrays.copyOf(rows, count);
        int[] need = new int[count];
        long[] weight = new long[count];
        for (int i = 0; i < count; i++) {
            need[i] = whole.need()[rows[i]];
            weight[i] = whole.weight()[rows[i]];
        }
        int[][] columns = new int[whole.columns().length][];
        for (int j = 0; j < columns.length; j++) {
            columns[j] = Arrays.stream(whole.columns()[j])
                    .filter(i -> !implied[i])
                    .map(i -> index[i])
                    .toArray();
        }
        return new Essence(
                new CoverProblem(need, weight, columns, whole.group(), whole.groups(), whole.slack()), rows, n);
    }

    /** A row is implied by one whose seers are a part of its own; of equal rows the first stays. */
    private static void markImplied(CoverProblem whole, boolean[] implied) {
        int n = whole.rows();
        int words = (whole.columns().length + 63) / 64;
        long[][] seers = new long[n][words];
        int[] count = new int[n];
        for (int j = 0; j < whole.columns().length; j++) {
            for (int i : whole.columns()[j]) {
                seers[i][j >> 6] |= 1L << j;
                count[i]++;
            }
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Integer.compare(count[a], count[b]));
        int[] kept = new int[n];
        int keptCount = 0;
        for (int i : order) {
            for (int k = 0; k < keptCount && !implied[i]; k++) {
                implied[i] = whole.need()[kept[k]] >= whole.need()[i] && isPart(seers[kept[k]], seers[i]);
            }
            if (!implied[i]) {
                kept[keptCount++] = i;
            }
        }
    }

    private static boolean isPart(long[] part, long[] whole) {
        for (int w = 0; w < part.length; w++) {
            if ((part[w] & ~whole[w]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The same proof for the whole problem. */
    Proof whole(Proof proof) {
        if (rows.length == wholeRows) {
            return proof;
        }
        if (proof instanceof Proof.Branch branch) {
            return new Proof.Branch(branch.candidate(), whole(branch.taken()), whole(branch.left()));
        }
        Proof.Leaf leaf = (Proof.Leaf) proof;
        int[] prices = new int[wholeRows];
        for (int i = 0; i < rows.length; i++) {
            prices[rows[i]] = leaf.prices()[i];
        }
        return new Proof.Leaf(prices, leaf.openPrice());
    }
}
