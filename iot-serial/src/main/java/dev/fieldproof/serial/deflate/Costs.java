package dev.fieldproof.serial.deflate;

import java.util.Arrays;

/**
 * What each step of a parse is believed to cost, in 1/256 bit: a whole segment then fits an integer. Not thread-safe.
 */
final class Costs {
    private static final int ONE_BIT = 256;

    final int[] literals = new int[256];
    final int[] lengths = new int[Symbols.MAX_LENGTH + 1];
    final int[] distances = new int[Symbols.DISTANCES];

    /** What is believed before anything is known: about what code compresses to. */
    static Costs guess() {
        Costs costs = new Costs();
        Arrays.fill(costs.literals, 7 * ONE_BIT);
        for (int length = Symbols.MIN_LENGTH; length <= Symbols.MAX_LENGTH; length++) {
            costs.lengths[length] = (4 + Symbols.lengthExtraBits(Symbols.ofLength(length))) * ONE_BIT;
        }
        for (int symbol = 0; symbol < Symbols.DISTANCES; symbol++) {
            costs.distances[symbol] = (4 + Symbols.distanceExtraBits(symbol)) * ONE_BIT;
        }
        return costs;
    }

    /** What an ideal code for these counts costs; symbols not seen cost as if seen once. */
    static Costs of(Counts counts) {
        Costs costs = new Costs();
        double total = log2(sum(counts.literalsAndLengths));
        for (int i = 0; i < costs.literals.length; i++) {
            costs.literals[i] = cost(total, counts.literalsAndLengths[i], 0);
        }
        for (int length = Symbols.MIN_LENGTH; length <= Symbols.MAX_LENGTH; length++) {
            int symbol = Symbols.ofLength(length);
            costs.lengths[length] = cost(total, counts.literalsAndLengths[symbol], Symbols.lengthExtraBits(symbol));
        }
        double totalDistances = log2(sum(counts.distances));
        for (int symbol = 0; symbol < Symbols.DISTANCES; symbol++) {
            costs.distances[symbol] = cost(totalDistances, counts.distances[symbol], Symbols.distanceExtraBits(symbol));
        }
        return costs;
    }

    private static int sum(int[] counts) {
        return Math.max(1, Arrays.stream(counts).sum());
    }

    private static int cost(double total, int count, int extraBits) {
        return (int) ((total - log2(Math.max(1, count)) + extraBits) * ONE_BIT);
    }

    /** The same on every machine. */
    static double log2(int value) {
        return StrictMath.log(value) / StrictMath.log(2);
    }
}
