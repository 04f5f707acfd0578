package dev.fieldproof.crdt.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the primitives of the format from an array, checking every length before it is believed. Allocates only what
 * {@link #raw} returns. Not thread-safe.
 */
public final class WireReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final byte[] bytes;
    private final int end;
    private int at;

    /**
     * Reads a whole array.
     *
     * @param bytes not copied; must not change while it is read
     */
    public WireReader(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /**
     * Where the next read begins.
     *
     * @return offset in bytes
     */
    public int offset() {
        return at;
    }

    /**
     * What is left.
     *
     * @return bytes not read yet
     */
    public int remaining() {
        return end - at;
    }

    /**
     * A violation at the current offset.
     *
     * @param rule the rule that is broken
     * @return the exception to throw
     */
    public WireException broken(String rule) {
        return new WireException(at, rule);
    }

    private int take(long length) throws WireException {
        if (length < 0 || length > end - at) {
            throw broken("input ends within a field");
        }
        int from = at;
        at += (int) length;
        return from;
    }

    /**
     * Reads one byte.
     *
     * @return 0 to 255
     * @throws WireException if the input ends
     */
    public int u8() throws WireException {
        return bytes[take(1)] & 0xFF;
    }

    /**
     * Reads 8 bytes, least significant first.
     *
     * @return the number
     * @throws WireException if the input ends
     */
    public long fixed64() throws WireException {
        return (long) LONG.get(bytes, take(8));
    }

    /**
     * Reads 4 bytes, least significant first.
     *
     * @return the number
     * @throws WireException if the input ends
     */
    public int fixed32() throws WireException {
        int from = take(4);
        return (bytes[from] & 0xFF)
                | (bytes[from + 1] & 0xFF) << 8
                | (bytes[from + 2] & 0xFF) << 16
                | (bytes[from + 3] & 0xFF) << 24;
    }

    /**
     * Reads a variable-length unsigned number.
     *
     * @return the number, to be read as unsigned
     * @throws WireException if the input ends, or the number is longer than 64 bits or than it need be
     */
    public long varint() throws WireException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = u8();
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                if ((b == 0 && shift > 0) || (shift == 63 && b > 1)) {
                    throw new WireException(at - 1, "a number uses its shortest form of at most 64 bits");
                }
                return value;
            }
        }
        throw broken("a number uses its shortest form of at most 64 bits");
    }

    /**
     * Reads a variable-length number of limited size.
     *
     * @param max largest allowed, not negative
     * @param what names the field in the error
     * @return 0 to {@code max}
     * @throws WireException if the input ends or the number is larger
     */
    public int count(int max, String what) throws WireException {
        int start = at;
        long value = varint();
        if (value < 0 || value > max) {
            throw new WireException(start, what + " is at most " + max + ", not " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    /**
     * Reads a variable-length number that must not be negative.
     *
     * @param what names the field in the error
     * @return 0 to 2^63 - 1
     * @throws WireException if the input ends or the number is larger
     */
    public long positive(String what) throws WireException {
        int start = at;
        long value = varint();
        if (value < 0) {
            throw new WireException(start, what + " is below 2^63");
        }
        return value;
    }

    /**
     * Reads a signed variable-length number.
     *
     * @return the number
     * @throws WireException if the input ends
     */
    public long zigzag() throws WireException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /**
     * Reads bytes as they are.
     *
     * @param length not negative
     * @return a copy
     * @throws WireException if the input ends
     */
    public byte[] raw(int length) throws WireException {
        int from = take(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /**
     * Passes over bytes.
     *
     * @param length how many
     * @return the offset where they begin
     * @throws WireException if the input ends before
     */
    public int skip(long length) throws WireException {
        return take(length);
    }

    /**
     * Reads the width of a column.
     *
     * @return 0 to 64 bits
     * @throws WireException if the input ends or the width is larger
     */
    public int width() throws WireException {
        int width = u8();
        if (width > 64) {
            throw new WireException(at - 1, "a column is at most 64 bits wide, not " + width);
        }
        return width;
    }

    /**
     * Passes over a packed column.
     *
     * @param count how many numbers
     * @param width bits of each, 0 to 64
     * @return the offset where it begins, for {@link #packed}
     * @throws WireException if the input ends before
     */
    public int column(int count, int width) throws WireException {
        return take(((long) count * width + 7) / 8);
    }

    /**
     * One number of a packed column.
     *
     * @param offset where the column begins
     * @param width bits of each number, 0 to 64
     * @param index which number
     * @return the number, unsigned
     */
    public long packed(int offset, int width, int index) {
        if (width == 0) {
            return 0;
        }
        long bit = (long) index * width;
        int from = offset + (int) (bit >>> 3);
        int shift = (int) (bit & 7);
        long value = word(from) >>> shift;
        if (shift + width > 64) {
            value |= (bytes[from + 8] & 0xFFL) << (64 - shift);
        }
        return width == 64 ? value : value & ((1L << width) - 1);
    }

    /** Eight bytes as a number, with zeros where the array ends. */
    private long word(int from) {
        if (from + 8 <= bytes.length) {
            return (long) LONG.get(bytes, from);
        }
        long value = 0;
        for (int i = from; i < bytes.length; i++) {
            value |= (bytes[i] & 0xFFL) << (8 * (i - from));
        }
        return value;
    }
}
