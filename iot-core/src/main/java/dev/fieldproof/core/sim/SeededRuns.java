package dev.fieldproof.core.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Checks a property on many pseudo-random inputs, the same ones every time, and on failure names the seed that
 * reproduces the run and, for lists, a small list that still fails.
 *
 * <p>System properties: {@code fieldproof.seed} runs that one seed alone (hexadecimal, as the failure printed it);
 * {@code fieldproof.runs} multiplies the number of runs (default 1). Stateless and thread-safe.
 */
public final class SeededRuns {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;
    private static final int MAX_SHRINK_CHECKS = 20_000;

    private SeededRuns() {}

    /**
     * Checks a property that draws what it needs from the generator.
     *
     * @param runs how many inputs, before multiplication
     * @param property throws any {@link RuntimeException} or {@link AssertionError} if it does not hold
     * @throws AssertionError at the first failure, with the seed
     */
    public static void check(int runs, Consumer<RandomGenerator> property) {
        for (long seed : seeds(runs)) {
            try {
                property.accept(new SplittableRandom(seed));
            } catch (RuntimeException | AssertionError e) {
                throw failure(seed, "", e);
            }
        }
    }

    /**
     * Checks a property of lists, such as histories of operations, and shrinks a failing list by leaving elements out.
     *
     * @param <T> element type; elements must not be changed by the property
     * @param runs how many lists, before multiplication
     * @param generate makes a list
     * @param property throws any {@link RuntimeException} or {@link AssertionError} if it does not hold
     * @throws AssertionError at the first failure, with the seed and the smallest failing list found
     */
    public static <T> void checkLists(
            int runs, Function<RandomGenerator, List<T>> generate, Consumer<List<T>> property) {
        for (long seed : seeds(runs)) {
            List<T> list = generate.apply(new SplittableRandom(seed));
            Throwable thrown = thrownBy(property, list);
            if (thrown != null) {
                List<T> small = shrink(property, list);
                throw failure(seed, " with " + small.size() + " of " + list.size() + " elements: " + small, thrown);
            }
        }
    }

    private static long[] seeds(int runs) {
        String only = System.getProperty("fieldproof.seed");
        if (only != null) {
            return new long[] {Long.parseUnsignedLong(only, 16)};
        }
        long[] seeds = new long[Math.multiplyExact(runs, Integer.getInteger("fieldproof.runs", 1))];
        for (int i = 0; i < seeds.length; i++) {
            seeds[i] = (i + 1) * GOLDEN_GAMMA;
        }
        return seeds;
    }

    private static <T> @org.jspecify.annotations.Nullable Throwable thrownBy(Consumer<List<T>> property, List<T> list) {
        try {
            property.accept(list);
            return null;
        } catch (RuntimeException | AssertionError e) {
            return e;
        }
    }

    /** Leaves out ever smaller chunks for as long as the rest still fails. */
    private static <T> List<T> shrink(Consumer<List<T>> property, List<T> failing) {
        List<T> smallest = failing;
        int checks = 0;
        for (int chunk = failing.size() / 2; chunk > 0; chunk /= 2) {
            int from = 0;
            while (from < smallest.size() && checks++ < MAX_SHRINK_CHECKS) {
                List<T> candidate = new ArrayList<>(smallest.subList(0, from));
                candidate.addAll(smallest.subList(Math.min(from + chunk, smallest.size()), smallest.size()));
                if (thrownBy(property, candidate) == null) {
                    from += chunk;
                } else {
                    smallest = candidate;
                }
            }
        }
        return smallest;
    }

    private static AssertionError failure(long seed, String detail, Throwable cause) {
        String hex = Long.toHexString(seed);
        return new AssertionError("fails for -Dfieldproof.seed=" + hex + detail + ": " + cause, cause);
    }
}
