package dev.fieldproof.serial.deflate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds where new codes pay: the cheapest partition of a parse into blocks, at every 1024th step. Stateless. */
final class BlockSplit {
    private static final int GRAIN = 1024;
    private static final double HEADER_BITS = 60;
    private static final double HEADER_BITS_PER_SYMBOL = 3;
    private static final double[] N_LOG_N = new double[4096];

    static {
        for (int n = 1; n < N_LOG_N.length; n++) {
            N_LOG_N[n] = n * Costs.log2(n);
        }
    }

    private BlockSplit() {}

    static List<Parse> split(byte[] bytes, Parse whole) {
        int[] steps = whole.steps();
        int grains = Math.max(1, (steps.length + GRAIN - 1) / GRAIN);
        int[] places = new int[grains + 1];
        int[][] sums = sums(bytes, whole, grains, places);
        double[] cost = new double[grains + 1];
        int[] previous = new int[grains + 1];
        for (int to = 1; to <= grains; to++) {
            cost[to] = Double.MAX_VALUE;
            for (int from = 0; from < to; from++) {
                double candidate = cost[from] + cost(sums[from], sums[to]);
                if (candidate < cost[to]) {
                    cost[to] = candidate;
                    previous[to] = from;
                }
            }
        }
        List<Parse> parts = new ArrayList<>();
        for (int to = grains; to > 0; to = previous[to]) {
            int from = previous[to];
            int last = Math.min(steps.length, to * GRAIN);
            parts.add(0, new Parse(places[from], Arrays.copyOfRange(steps, from * GRAIN, last)));
        }
        return parts;
    }

    /** Counts of everything before each grain, literals and lengths first, distances behind. */
    private static int[][] sums(byte[] bytes, Parse whole, int grains, int[] places) {
        int[][] sums = new int[grains + 1][];
        Counts counts = new Counts();
        int at = whole.from();
        for (int i = 0; i <= grains * GRAIN; i++) {
            if (i % GRAIN == 0) {
                int[] sum = Arrays.copyOf(counts.literalsAndLengths, Symbols.LITERALS_AND_LENGTHS + Symbols.DISTANCES);
                System.arraycopy(counts.distances, 0, sum, Symbols.LITERALS_AND_LENGTHS, Symbols.DISTANCES);
                sums[i / GRAIN] = sum;
                places[i / GRAIN] = at;
            }
            if (i < whole.steps().length) {
                Parse.count(counts, bytes, at, whole.steps()[i]);
                at += Parse.length(whole.steps()[i]);
            }
        }
        return sums;
    }

    /** About how many bits a block takes that holds what was counted in between. */
    private static double cost(int[] before, int[] after) {
        double bits = HEADER_BITS;
        int total = 0;
        for (int i = 0; i < before.length; i++) {
            if (i == Symbols.LITERALS_AND_LENGTHS) {
                bits += nLogN(total);
                total = 0;
            }
            int count = after[i] - before[i];
            if (count > 0) {
                total += count;
                bits += HEADER_BITS_PER_SYMBOL - nLogN(count);
            }
        }
        return bits + nLogN(total);
    }

    private static double nLogN(int n) {
        return n < N_LOG_N.length ? N_LOG_N[n] : n * Costs.log2(n);
    }
}
