package dev.fieldproof.crdt.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes the primitives of the format into a growing array. Not thread-safe. */
public final class WireWriter {
    private byte[] bytes;
    private int size;

    /** Starts empty. */
    public WireWriter() {
        this.bytes = new byte[128];
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
        }
    }

    /**
     * Writes one byte.
     *
     * @param value its low 8 bits are written
     * @return this
     */
    public WireWriter u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /**
     * Writes 8 bytes, least significant first.
     *
     * @param value any
     * @return this
     */
    public WireWriter fixed64(long value) {
        room(8);
        for (int i = 0; i < 8; i++) {
            bytes[size++] = (byte) (value >>> (8 * i));
        }
        return this;
    }

    /**
     * Writes 4 bytes, least significant first.
     *
     * @param value any
     * @return this
     */
    public WireWriter fixed32(int value) {
        room(4);
        for (int i = 0; i < 4; i++) {
            bytes[size++] = (byte) (value >>> (8 * i));
        }
        return this;
    }

    /**
     * Writes an unsigned number in groups of seven bits, least significant first, 1 to 10 bytes.
     *
     * @param value read as unsigned
     * @return this
     */
    public WireWriter varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /**
     * Writes a signed number as {@link #varint}, small magnitudes short.
     *
     * @param value any
     * @return this
     */
    public WireWriter zigzag(long value) {
        return varint((value << 1) ^ (value >> 63));
    }

    /**
     * Writes bytes as they are.
     *
     * @param value any
     * @return this
     */
    public WireWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /**
     * Writes the length as {@link #varint}, then the bytes.
     *
     * @param value any
     * @return this
     */
    public WireWriter block(byte[] value) {
        return varint(value.length).raw(value);
    }

    /**
     * Writes a column: a width in bits (one byte), then every number in so many bits, the first in the lowest bits of
     * the first byte; the last byte is filled with zeros. The width is the smallest that fits.
     *
     * @param values numbers, read as unsigned
     * @param count how many of them
     * @return this
     */
    public WireWriter packed(long[] values, int count) {
        long all = 0;
        for (int i = 0; i < count; i++) {
            all |= values[i];
        }
        int width = 64 - Long.numberOfLeadingZeros(all);
        u8(width);
        int length = Math.toIntExact(((long) width * count + 7) / 8);
        room(length);
        Arrays.fill(bytes, size, size + length, (byte) 0);
        long bit = (long) size * 8;
        for (int i = 0; i < count; i++) {
            long rest = values[i];
            for (int left = width; left > 0; ) {
                int shift = (int) (bit & 7);
                int take = Math.min(8 - shift, left);
                bytes[(int) (bit >>> 3)] |= (byte) ((rest & ((1L << take) - 1)) << shift);
                rest >>>= take;
                bit += take;
                left -= take;
            }
        }
        size += length;
        return this;
    }

    /**
     * Writes a column after taking the smallest number off each: the smallest as {@link #zigzag}, then {@link #packed}.
     *
     * @param values signed numbers; overwritten
     * @param count how many of them, at least one
     * @return this
     */
    public WireWriter framed(long[] values, int count) {
        long min = values[0];
        for (int i = 1; i < count; i++) {
            min = Math.min(min, values[i]);
        }
        for (int i = 0; i < count; i++) {
            values[i] -= min;
        }
        return zigzag(min).packed(values, count);
    }

    /**
     * How much is written.
     *
     * @return bytes so far
     */
    public int size() {
        return size;
    }

    /**
     * What is written.
     *
     * @return a copy of the bytes so far
     */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /**
     * Copies what is written.
     *
     * @param out its position moves by {@link #size()}
     * @throws java.nio.BufferOverflowException if it has too little room; nothing is written then
     */
    public void copyTo(ByteBuffer out) {
        out.put(bytes, 0, size);
    }
}
