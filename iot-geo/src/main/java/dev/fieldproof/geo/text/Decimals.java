package dev.fieldproof.geo.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes doubles as decimal ASCII. Both directions are exact: reading gives the double nearest to the text,
 * writing gives a text that reads back as the same double. Stateless and thread-safe.
 */
public final class Decimals {
    /** The longest text {@link #write} makes. */
    public static final int MAX_WRITTEN_BYTES = 32;

    private static final int MAX_EXACT_POWER = 22;
    private static final long MAX_EXACT_MANTISSA = 1L << 53;
    private static final double[] POWERS = new double[MAX_EXACT_POWER + 1];
    private static final long[] LONG_POWERS = new long[19];

    private static final long EIGHT = 100_000_000;
    private static final long ASCII_ZEROS = 0x3030303030303030L;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static {
        for (int i = 0; i <= MAX_EXACT_POWER; i++) {
            POWERS[i] = Double.parseDouble("1e" + i);
        }
        long power = 1;
        for (int i = 0; i < LONG_POWERS.length; i++) {
            LONG_POWERS[i] = power;
            power *= 10;
        }
    }

    private Decimals() {}

    /** Ten to a power of 0 to 22, exact. */
    static double power(int exponent) {
        return POWERS[exponent];
    }

    /**
     * Reads a decimal number: an optional sign, digits with at most one point, an optional exponent.
     *
     * @param bytes holds the text
     * @param from its first byte
     * @param to one past its last byte
     * @return the nearest double; NaN if the text is no such number or is too large for a double
     */
    public static double parse(byte[] bytes, int from, int to) {
        int i = from;
        boolean negative = false;
        if (i < to && (bytes[i] == '-' || bytes[i] == '+')) {
            negative = bytes[i++] == '-';
        }
        long mantissa = 0;
        int digits = 0;
        int point = -1;
        int start = i;
        for (; i < to; i++) {
            int d = bytes[i] - '0';
            if (d >= 0 && d <= 9) {
                if (digits < 18) {
                    mantissa = mantissa * 10 + d;
                    if (mantissa != 0) {
                        digits++;
                    }
                } else {
                    return slowly(bytes, from, to);
                }
            } else if (bytes[i] == '.' && point < 0) {
                point = i;
            } else {
                break;
            }
        }
        if (i - start - (point >= 0 ? 1 : 0) == 0) {
            return Double.NaN;
        }
        if (i != to) {
            return slowly(bytes, from, to);
        }
        int scale = point < 0 ? 0 : to - point - 1;
        if (mantissa > MAX_EXACT_MANTISSA || scale > MAX_EXACT_POWER) {
            return slowly(bytes, from, to);
        }
        // Both operands are exact doubles, so the quotient is correctly rounded.
        double value = mantissa / POWERS[scale];
        return negative ? -value : value;
    }

    private static double slowly(byte[] bytes, int from, int to) {
        if (!isDecimal(bytes, from, to)) {
            return Double.NaN;
        }
        double value = Double.parseDouble(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
        return Double.isInfinite(value) ? Double.NaN : value;
    }

    private static boolean isDecimal(byte[] bytes, int from, int to) {
        int i = from;
        if (i < to && (bytes[i] == '-' || bytes[i] == '+')) {
            i++;
        }
        int digits = 0;
        boolean point = false;
        for (; i < to && (isDigit(bytes[i]) || (bytes[i] == '.' && !point)); i++) {
            if (bytes[i] == '.') {
                point = true;
            } else {
                digits++;
            }
        }
        if (digits == 0) {
            return false;
        }
        if (i < to && (bytes[i] == 'e' || bytes[i] == 'E')) {
            i++;
            if (i < to && (bytes[i] == '-' || bytes[i] == '+')) {
                i++;
            }
            int exponentStart = i;
            while (i < to && isDigit(bytes[i])) {
                i++;
            }
            return i == to && i > exponentStart;
        }
        return i == to;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /**
     * Writes a double in plain notation where that is short, else with an exponent as JSON allows.
     *
     * @param value a finite number
     * @param out receives the text; at least {@link #MAX_WRITTEN_BYTES} free
     * @param at where to start
     * @return one past the last byte written
     * @throws IllegalArgumentException if the value is not finite
     */
    public static int write(double value, byte[] out, int at) {
        if (value == 0) {
            // JSON readers keep a negative zero only as a decimal fraction.
            out[at] = '0';
            return at + 1;
        }
        double magnitude = Math.abs(value);
        if (magnitude < 1e9 && magnitude >= 1e-3) {
            // Eight decimals are a millimetre on the ground; more are tried as far as the digits stay exact.
            double scaled = magnitude * 1e8;
            long mantissa = (long) (scaled + 0.5);
            if (scaled < MAX_EXACT_MANTISSA && mantissa / 1e8 == magnitude) {
                return writeFixed(value < 0, mantissa, 8, out, at);
            }
            for (int scale = 15; scale > 8; scale--) {
                scaled = magnitude * POWERS[scale];
                if (scaled < MAX_EXACT_MANTISSA) {
                    mantissa = (long) (scaled + 0.5);
                    if (mantissa / POWERS[scale] == magnitude) {
                        return writeFixed(value < 0, mantissa, scale, out, at);
                    }
                    break;
                }
            }
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("not a finite number: " + value);
        }
        String text = Double.toString(value);
        int n = text.endsWith(".0") ? text.length() - 2 : text.length();
        for (int i = 0; i < n; i++) {
            out[at + i] = (byte) text.charAt(i);
        }
        return at + n;
    }

    /** Writes {@code mantissa / 10^scale}, a scale of 8 to 16, without needless zeros. */
    private static int writeFixed(boolean negative, long mantissa, int scale, byte[] out, int at) {
        int i = at;
        if (negative) {
            out[i++] = '-';
        }
        if (scale == 8) {
            // Divisors that the compiler knows cost a multiplication.
            long whole = mantissa / EIGHT;
            i = writeWhole((int) whole, out, i);
            return writeFraction((int) (mantissa - whole * EIGHT), out, i);
        }
        long whole = mantissa / LONG_POWERS[scale];
        long sixteen = (mantissa - whole * LONG_POWERS[scale]) * LONG_POWERS[16 - scale];
        i = writeWhole((int) whole, out, i);
        int high = (int) (sixteen / EIGHT);
        int low = (int) (sixteen - high * EIGHT);
        if (low == 0) {
            return writeFraction(high, out, i);
        }
        out[i] = '.';
        LONG.set(out, i + 1, digits(high) + ASCII_ZEROS);
        long last = digits(low);
        LONG.set(out, i + 9, last + ASCII_ZEROS);
        return i + 17 - Long.numberOfLeadingZeros(last) / 8;
    }

    /** Writes the point and eight digits but for zeros at the end; nothing if there are only zeros. */
    private static int writeFraction(int eight, byte[] out, int at) {
        if (eight == 0) {
            return at;
        }
        out[at] = '.';
        long digits = digits(eight);
        LONG.set(out, at + 1, digits + ASCII_ZEROS);
        return at + 9 - Long.numberOfLeadingZeros(digits) / 8;
    }

    /** The eight digits of a number, one a byte, the first in the lowest: halved three times in all lanes at once. */
    private static long digits(int value) {
        int high = value / 10_000;
        long fours = high | ((long) (value - high * 10_000) << 32);
        long hundreds = ((fours * 10_486) >>> 20) & 0x0000007f0000007fL;
        long twos = hundreds | ((fours - hundreds * 100) << 16);
        long tens = ((twos * 103) >>> 10) & 0x000f000f000f000fL;
        return tens | ((twos - tens * 10) << 8);
    }

    private static int writeWhole(int value, byte[] out, int at) {
        if (value < 10) {
            out[at] = (byte) ('0' + value);
            return at + 1;
        }
        int digits = 2;
        while (value >= LONG_POWERS[digits]) {
            digits++;
        }
        int rest = value;
        for (int j = at + digits - 1; j >= at; j--) {
            int next = rest / 10;
            out[j] = (byte) ('0' + (rest - next * 10));
            rest = next;
        }
        return at + digits;
    }
}
