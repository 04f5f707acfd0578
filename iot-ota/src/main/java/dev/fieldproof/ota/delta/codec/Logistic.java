package dev.fieldproof.ota.delta.codec;

/**
 * The logistic domain in integers: {@code stretch(p) = log2(p / (1 - p))} in 1/256, and its inverse. Both tables come
 * from repeated squaring in integers, so that every machine has the same ones.
 */
final class Logistic {
    /** Largest magnitude in the logistic domain. */
    static final int LIMIT = 4095;

    private static final int LOG_STEPS = 256;
    private static final int SQUASH_STEP = 32;
    private static final char[] LOG2 = new char[LOG_STEPS + 1];
    private static final char[] SQUASH = new char[2 * (LIMIT + 1) / SQUASH_STEP + 1];
    /** Of probabilities in 1/4096. */
    private static final short[] STRETCH = new short[1 << 12];

    static {
        for (int i = 0; i < LOG_STEPS; i++) {
            LOG2[i] = (char) log2Fraction(LOG_STEPS + i);
        }
        LOG2[LOG_STEPS] = 1 << 12;
        int p = 1;
        for (int i = 0; i < SQUASH.length; i++) {
            int wanted = i * SQUASH_STEP - LIMIT - 1;
            while (p < 65535 && stretch(p) < wanted) {
                p++;
            }
            SQUASH[i] = (char) p;
        }
        for (int i = 0; i < STRETCH.length; i++) {
            STRETCH[i] = (short) stretch(Math.max(1, i << 4));
        }
    }

    private Logistic() {}

    /** log2(x / 256) in 1/4096 for x from 256 to 511. */
    private static int log2Fraction(int x) {
        long mantissa = (long) x << 22;
        int log = 0;
        for (int bit = 0; bit < 12; bit++) {
            mantissa = (mantissa * mantissa) >>> 30;
            log <<= 1;
            if (mantissa >= 1L << 31) {
                mantissa >>>= 1;
                log |= 1;
            }
        }
        return log;
    }

    private static int log2(int x) {
        int whole = 31 - Integer.numberOfLeadingZeros(x);
        int mantissa = (x << (16 - whole)) & 0xFFFF;
        int i = mantissa >>> 8;
        int low = LOG2[i];
        return (whole << 12) + low + (((LOG2[i + 1] - low) * (mantissa & 0xFF)) >> 8);
    }

    /** From a probability in 1/65536, 1 to 65535. */
    static int stretch(int probability) {
        return (log2(probability) - log2(65536 - probability)) >> 4;
    }

    /** From a probability in 1/4096; 0 stands for 1/65536. */
    static int stretchSmall(int probability) {
        return STRETCH[probability];
    }

    /** To a probability in 1/65536, 1 to 65535. */
    static int squash(int x) {
        int limited = Math.max(-LIMIT, Math.min(LIMIT, x)) + LIMIT + 1;
        int i = limited / SQUASH_STEP;
        int low = SQUASH[i];
        return low + (SQUASH[i + 1] - low) * (limited % SQUASH_STEP) / SQUASH_STEP;
    }

    /** The tables, for the decoder in C: logarithms first. */
    static char[][] tables() {
        return new char[][] {LOG2.clone(), SQUASH.clone()};
    }
}
