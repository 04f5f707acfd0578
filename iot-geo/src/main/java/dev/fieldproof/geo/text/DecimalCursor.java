package dev.fieldproof.geo.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads plain decimal numbers where they stand in a buffer, without knowing beforehand where they end: an optional
 * minus, digits with at most one point, fifteen digits at most. What is longer or has an exponent is left to
 * {@link Decimals#parse}, which gives the same doubles. Not thread-safe.
 */
public final class DecimalCursor {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_DIGITS = 15;
    private static final long ZEROS = 0x3030303030303030L;
    private static final int[] WHOLE_POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    private double value;

    /** Makes a cursor that has read nothing. */
    public DecimalCursor() {}

    /**
     * Reads a number.
     *
     * @param bytes holds the text
     * @param from the number's first byte
     * @param limit where the buffer ends; a number that touches it may go on behind
     * @return one past its last byte, before the limit; -1 if no plain number stands there
     */
    public int read(byte[] bytes, int from, int limit) {
        boolean negative = from < limit && bytes[from] == '-';
        int start = negative ? from + 1 : from;
        int i = start;
        long mantissa = 0;
        while (i < limit && (bytes[i] - '0' & 0xff) < 10) {
            mantissa = mantissa * 10 + bytes[i++] - '0';
        }
        int digits = i - start;
        int scale = 0;
        if (i < limit && bytes[i] == '.') {
            int point = ++i;
            if (limit - i >= 8) {
                long eight = (long) LONG.get(bytes, i);
                int count = Long.numberOfTrailingZeros(others(eight)) >>> 3;
                if (count > 0) {
                    // What is no digit goes out at the top, zeros come in before the digits.
                    int out = 64 - 8 * count;
                    long aligned = count == 8 ? eight : (eight << out) | (ZEROS >>> (64 - out));
                    mantissa = mantissa * WHOLE_POWERS[count] + eightDigits(aligned);
                    i += count;
                }
            }
            while (i < limit && (bytes[i] - '0' & 0xff) < 10) {
                mantissa = mantissa * 10 + bytes[i++] - '0';
            }
            scale = i - point;
            digits += scale;
        }
        if (i == limit || digits == 0 || digits > MAX_DIGITS) {
            return -1;
        }
        // Both are exact doubles, so the quotient is correctly rounded.
        double magnitude = scale == 0 ? mantissa : mantissa / Decimals.power(scale);
        value = negative ? -magnitude : magnitude;
        return i;
    }

    /**
     * Not zero in each byte that is no digit, at least in the first such: a digit is 0x30 to 0x3f, also when six is
     * added.
     */
    private static long others(long bytes) {
        return ((bytes & 0xf0f0f0f0f0f0f0f0L) | ((bytes + 0x0606060606060606L & 0xf0f0f0f0f0f0f0f0L) >>> 4))
                ^ 0x3333333333333333L;
    }

    /** Adds up pairs, then fours, then eights, all at once; the first digit is the lowest byte. */
    private static long eightDigits(long bytes) {
        long ones = bytes - 0x3030303030303030L;
        long pairs = ones * 10 + (ones >>> 8);
        return ((pairs & 0x000000ff000000ffL) * (100 + (1_000_000L << 32))
                        + (pairs >>> 16 & 0x000000ff000000ffL) * (1 + (10_000L << 32)))
                >>> 32;
    }

    /**
     * The number read last.
     *
     * @return the double nearest to its text
     */
    public double value() {
        return value;
    }
}
