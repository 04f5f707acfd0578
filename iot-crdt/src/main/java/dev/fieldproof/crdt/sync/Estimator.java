package dev.fieldproof.crdt.sync;

/**
 * Tells from a few bits how many keys differ: every element toggles one bit of a level that it belongs to with
 * probability 2^-(level + 1); what both sides have cancels out (Mitzenmacher, Pagh, Pham, "Efficient estimation for
 * high similarities using odd sketches", 2014). Not thread-safe.
 */
final class Estimator {
    static final int COARSE_LEVELS = 16;
    static final int COARSE_BITS = 8;
    static final int FINE_LEVELS = 6;
    private static final int MAX_DIFFERENT = 1 << 24;

    final int firstLevel;
    final int levels;
    final int bitsPerLevel;
    final byte[] bits;

    private Estimator(int firstLevel, int levels, int bitsPerLevel, byte[] bits) {
        this.firstLevel = firstLevel;
        this.levels = levels;
        this.bitsPerLevel = bitsPerLevel;
        this.bits = bits;
    }

    /** Sixteen bytes that tell the order of magnitude. */
    static Estimator coarse() {
        return new Estimator(0, COARSE_LEVELS, COARSE_BITS, new byte[COARSE_LEVELS * COARSE_BITS / 8]);
    }

    static Estimator coarse(byte[] bits) {
        return new Estimator(0, COARSE_LEVELS, COARSE_BITS, bits);
    }

    /** Six levels around a first estimate, which tell it to a fifth or better. */
    static Estimator fine(int about) {
        int bytes = about < 100 ? 10 : about < 400 ? 32 : 85;
        int level = (int) Math.round(Math.log(about / (bytes * 8.0)) / Math.log(2));
        return fine(Math.max(0, level), new byte[bytes * FINE_LEVELS]);
    }

    static Estimator fine(int firstLevel, byte[] bits) {
        return new Estimator(firstLevel, FINE_LEVELS, bits.length / FINE_LEVELS * 8, bits);
    }

    /** An empty one of the same shape. */
    Estimator emptied() {
        return new Estimator(firstLevel, levels, bitsPerLevel, new byte[bits.length]);
    }

    void toggle(long digest) {
        long mixed = (digest ^ digest >>> 29) * 0xBF58_476D_1CE4_E5B9L;
        mixed ^= mixed >>> 32;
        int level = Long.numberOfTrailingZeros(mixed) - firstLevel;
        if (level < 0 || level >= levels) {
            return;
        }
        int bit = level * bitsPerLevel + (int) (((mixed >>> 32) * bitsPerLevel) >>> 32);
        bits[bit >>> 3] ^= (byte) (1 << (bit & 7));
    }

    /** The most likely number of keys in which the two sides differ. */
    int differing(Estimator other) {
        int[] ones = new int[levels];
        for (int bit = 0; bit < levels * bitsPerLevel; bit++) {
            int both = bits[bit >>> 3] ^ other.bits[bit >>> 3];
            ones[bit / bitsPerLevel] += both >>> (bit & 7) & 1;
        }
        double best = Double.NEGATIVE_INFINITY;
        double most = 0;
        for (double d = 1; d < MAX_DIFFERENT; d *= 1.01) {
            double likelihood = 0;
            for (int i = 0; i < levels; i++) {
                // A changed key toggles once on either side.
                double elements = 2 * d / Math.scalb(1.0, i + firstLevel + 1);
                double one = Math.max(1e-12, (1 - Math.exp(-2 * elements / bitsPerLevel)) / 2);
                likelihood += ones[i] * Math.log(one) + (bitsPerLevel - ones[i]) * Math.log1p(-one);
            }
            if (likelihood > best) {
                best = likelihood;
                most = d;
            }
        }
        return (int) Math.round(most);
    }
}
