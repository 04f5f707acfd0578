package dev.fieldproof.crdt.sync;

/** Arithmetic modulo the prime 2^24 - 3, on numbers from 0 to the prime less one. Stateless. */
final class Field {
    static final int P = (1 << 24) - 3;
    private static final int LOW = (1 << 24) - 1;

    private Field() {}

    /** The remainder of a product of two elements: 2^24 leaves 3. */
    static int reduce(long x) {
        long r = (x & LOW) + 3 * (x >>> 24);
        r = (r & LOW) + 3 * (r >>> 24);
        r = (r & LOW) + 3 * (r >>> 24);
        return (int) (r >= P ? r - P : r);
    }

    static int mul(int a, int b) {
        return reduce((long) a * b);
    }

    static int add(int a, int b) {
        int sum = a + b;
        return sum >= P ? sum - P : sum;
    }

    static int sub(int a, int b) {
        int difference = a - b;
        return difference < 0 ? difference + P : difference;
    }

    /** The inverse by Fermat's little theorem. */
    static int inverse(int a) {
        if (a == 0) {
            throw new ArithmeticException("zero has no inverse");
        }
        int result = 1;
        int base = a;
        for (int e = P - 2; e > 0; e >>>= 1) {
            if ((e & 1) != 0) {
                result = mul(result, base);
            }
            base = mul(base, base);
        }
        return result;
    }
}
