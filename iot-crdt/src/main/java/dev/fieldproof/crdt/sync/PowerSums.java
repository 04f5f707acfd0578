package dev.fieldproof.crdt.sync;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the keys in which two maps differ from a few sums over each: S_k is the sum of w * a^k modulo 2^24 - 3, where a
 * is the key's number plus one and w a digest of what it holds. The sums of the difference are the syndromes of a
 * Reed-Solomon code, and t differing keys are found from 2t + 1 of them (Berlekamp and Massey; the set form is
 * PinSketch of Dodis, Ostrovsky, Reyzin and Smith, "Fuzzy extractors", 2008). Stateless.
 */
final class PowerSums {
    private PowerSums() {}

    /** How many sums find so many differing keys and check themselves with the rest. */
    static int countFor(int capacity, int checks) {
        return 2 * capacity + checks;
    }

    /** Adds a key to the sums. */
    static void add(int[] sums, int key, int w) {
        int term = w;
        int locator = key + 1;
        for (int k = 0; k < sums.length; k++) {
            sums[k] = Field.add(sums[k], term);
            term = Field.mul(term, locator);
        }
    }

    /** The sums of one side less those of the other. */
    static int[] difference(int[] a, int[] b) {
        int[] result = new int[a.length];
        for (int k = 0; k < a.length; k++) {
            result[k] = Field.sub(a[k], b[k]);
        }
        return result;
    }

    /**
     * The keys that differ.
     *
     * @param syndromes the difference of the two sides' sums
     * @param capacity most keys to find
     * @param candidates the keys that may differ, ascending
     * @return the keys, ascending; empty if there are more than the capacity, as far as the checks can tell
     */
    static Optional<int[]> decode(int[] syndromes, int capacity, int[] candidates) {
        if (Arrays.stream(syndromes).allMatch(s -> s == 0)) {
            return Optional.of(new int[0]);
        }
        int[] locator = berlekampMassey(syndromes);
        int degree = locator.length - 1;
        if (degree > capacity) {
            return Optional.empty();
        }
        int[] found = new int[degree];
        int n = 0;
        for (int key : candidates) {
            if (isRoot(locator, key + 1)) {
                if (n == degree) {
                    return Optional.empty();
                }
                found[n++] = key;
            }
        }
        if (n < degree) {
            return Optional.empty();
        }
        int[] weights = weights(syndromes, locator, found);
        int[] again = new int[syndromes.length];
        for (int i = 0; i < degree; i++) {
            if (weights[i] == 0) {
                return Optional.empty();
            }
            add(again, found[i], weights[i]);
        }
        return Arrays.equals(again, syndromes) ? Optional.of(found) : Optional.empty();
    }

    /** The shortest recurrence of the syndromes: c[0] = 1, and sum of c[i] * s[n - i] is zero for every n. */
    static int[] berlekampMassey(int[] s) {
        int[] c = new int[s.length + 1];
        int[] b = new int[s.length + 1];
        c[0] = 1;
        b[0] = 1;
        int degree = 0;
        int shift = 1;
        int scale = 1;
        for (int n = 0; n < s.length; n++) {
            int discrepancy = s[n];
            for (int i = 1; i <= degree; i++) {
                discrepancy = Field.add(discrepancy, Field.mul(c[i], s[n - i]));
            }
            if (discrepancy == 0) {
                shift++;
                continue;
            }
            int factor = Field.mul(discrepancy, Field.inverse(scale));
            int[] before = 2 * degree <= n ? c.clone() : b;
            for (int i = shift; i < c.length; i++) {
                c[i] = Field.sub(c[i], Field.mul(factor, b[i - shift]));
            }
            if (2 * degree <= n) {
                degree = n + 1 - degree;
                b = before;
                scale = discrepancy;
                shift = 1;
            } else {
                shift++;
            }
        }
        return Arrays.copyOf(c, degree + 1);
    }

    /** Whether 1 - a*x divides the locator polynomial. */
    private static boolean isRoot(int[] locator, int a) {
        int value = locator[0];
        for (int i = 1; i < locator.length; i++) {
            value = Field.add(Field.mul(value, a), locator[i]);
        }
        return value == 0;
    }

    /** The weight of each key, by Forney's formula: -a * omega(1/a) / c'(1/a) with omega = s*c mod x^degree. */
    private static int[] weights(int[] s, int[] c, int[] keys) {
        int degree = c.length - 1;
        int[] omega = new int[degree];
        for (int n = 0; n < degree; n++) {
            for (int i = 0; i <= n; i++) {
                omega[n] = Field.add(omega[n], Field.mul(c[i], s[n - i]));
            }
        }
        int[] result = new int[degree];
        for (int j = 0; j < degree; j++) {
            int a = keys[j] + 1;
            int x = Field.inverse(a);
            int numerator = 0;
            int derivative = 0;
            for (int i = degree - 1; i >= 0; i--) {
                numerator = Field.add(Field.mul(numerator, x), omega[i]);
                derivative = Field.add(Field.mul(derivative, x), Field.mul(i + 1, c[i + 1]));
            }
            // A double root has no derivative; it cannot be a difference of two maps.
            int quotient = derivative == 0 ? 0 : Field.mul(numerator, Field.inverse(derivative));
            result[j] = Field.sub(0, Field.mul(a, quotient));
        }
        return result;
    }
}
