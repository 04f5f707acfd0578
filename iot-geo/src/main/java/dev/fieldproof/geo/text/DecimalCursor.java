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

    private double value;
    private int end;

    /** Makes a cursor that has read nothing. */
    public DecimalCursor() {}

    /**
     * Reads a number.
     *
     * @param bytes holds the text
     * @param from the number's first byte
     * @param limit where the buffer ends; a number that touches it may go on behind
     * @return whether a plain number stands there and ends before the limit
     */
    public boolean read(byte[] bytes, int from, int limit) {
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
                if (isEightDigits(eight)) {
                    mantissa = mantissa * 100_000_000 + eightDigits(eight);
                    i += 8;
                }
            }
            while (i < limit && (bytes[i] - '0' & 0xff) < 10) {
                mantissa = mantissa * 10 + bytes[i++] - '0';
            }
            scale = i - point;
            digits += scale;
        }
        if (i == limit || digits == 0 || digits > MAX_DIGITS) {
            return false;
        }
        // Both are exact doubles, so the quotient is correctly rounded.
        double magnitude = scale == 0 ? mantissa : mantissa / Decimals.power(scale);
        value = negative ? -magnitude : magnitude;
        end = i;
        return true;
    }

    /** Every byte is 0x30 to 0x3f and stays so when six is added: 0x30 to 0x39. */
    private static boolean isEightDigits(long bytes) {
        return ((bytes & 0xf0f0f0f0f0f0f0f0L) | ((bytes + 0x0606060606060606L & 0xf0f0f0f0f0f0f0f0L) >>> 4))
                == 0x3333333333333333L;
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

    /**
     * Where the number read last ended.
     *
     * @return one past its last byte
     */
    public int end() {
        return end;
    }
}
