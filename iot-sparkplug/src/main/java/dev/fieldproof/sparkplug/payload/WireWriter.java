package dev.fieldproof.sparkplug.payload;

import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.Arrays;

/**
 * Protocol-buffer fields in a growing buffer, in a single pass: a length is given one byte and moved up if it needs
 * more.
 */
final class WireWriter {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int BYTES = 2;
    static final int FIXED32 = 5;

    private static final VarHandle INT = WireReader.INT;
    private static final VarHandle LONG = WireReader.LONG;

    private static final int MAX_VARINT = 10;

    private byte[] buffer = new byte[512];
    private int length;

    void reset() {
        length = 0;
    }

    byte[] buffer() {
        return buffer;
    }

    int length() {
        return length;
    }

    private void reserve(int bytes) {
        if (buffer.length - length < bytes) {
            grow(bytes);
        }
    }

    private void grow(int bytes) {
        buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(length, bytes), buffer.length * 2));
    }

    void tag(int field, int wireType) {
        reserve(MAX_VARINT);
        length = put(buffer, length, (long) field << 3 | wireType);
    }

    void varint(long value) {
        reserve(MAX_VARINT);
        length = put(buffer, length, value);
    }

    /** Writes where there is room, and returns where it ends. */
    static int put(byte[] to, int from, long value) {
        int at = from;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        return at;
    }

    void varintField(int field, long value) {
        reserve(2 * MAX_VARINT);
        length = put(buffer, put(buffer, length, (long) field << 3), value);
    }

    void timeField(int field, Instant time) {
        reserve(2 * MAX_VARINT);
        length = putTime(buffer, put(buffer, length, (long) field << 3), time.toEpochMilli());
    }

    /** Milliseconds since 1970: of our century they take six bytes, which are put together at once. */
    static int putTime(byte[] to, int at, long millis) {
        if (millis >>> 35 == 0 || millis >>> 42 != 0) {
            return put(to, at, millis);
        }
        long spread = (millis & 0x7F)
                | (millis & 0x3F80) << 1
                | (millis & 0x1F_C000) << 2
                | (millis & 0xFE0_0000) << 3
                | (millis & 0x7_F000_0000L) << 4
                | millis >>> 35 << 40;
        LONG.set(to, at, spread | 0x80_8080_8080L);
        return at + 6;
    }

    /** Writes a metric if it is plain; false if it is not, and nothing is written. */
    boolean plainMetric(int field, Metric metric, UInt32Slot uint32Slot) {
        reserve(PlainMetric.MAX_BYTES);
        int end = PlainMetric.write(buffer, length, field, metric, uint32Slot);
        boolean plain = end > length;
        length = end;
        return plain;
    }

    void boolField(int field, boolean value) {
        varintField(field, value ? 1 : 0);
    }

    void floatField(int field, float value) {
        reserve(MAX_VARINT + Integer.BYTES);
        int at = put(buffer, length, (long) field << 3 | FIXED32);
        INT.set(buffer, at, Float.floatToRawIntBits(value));
        length = at + Integer.BYTES;
    }

    void doubleField(int field, double value) {
        reserve(MAX_VARINT + Long.BYTES);
        int at = put(buffer, length, (long) field << 3 | FIXED64);
        LONG.set(buffer, at, Double.doubleToRawLongBits(value));
        length = at + Long.BYTES;
    }

    void fixed32(int value) {
        reserve(4);
        INT.set(buffer, length, value);
        length += 4;
    }

    void fixed64(long value) {
        reserve(8);
        LONG.set(buffer, length, value);
        length += 8;
    }

    /** The low bytes of a whole number, least significant first. */
    void fixed(long value, int bytes) {
        reserve(bytes);
        for (int i = 0; i < bytes; i++) {
            buffer[length++] = (byte) (value >>> (8 * i));
        }
    }

    void bytesField(int field, byte[] value) {
        tag(field, BYTES);
        varint(value.length);
        raw(value);
    }

    void raw(byte[] value) {
        if (value.length == 0) {
            return;
        }
        reserve(value.length);
        System.arraycopy(value, 0, buffer, length, value.length);
        length += value.length;
    }

    void stringField(int field, String value) {
        tag(field, BYTES);
        int mark = begin();
        utf8(value);
        end(mark);
    }

    /** Opens a length-delimited body; the mark goes to {@link #end}. */
    int begin() {
        reserve(1);
        return ++length;
    }

    /** Closes a body: writes its length before it, and moves it up where one byte of length is not enough. */
    void end(int mark) {
        int size = length - mark;
        if (size < 0x80) {
            buffer[mark - 1] = (byte) size;
            return;
        }
        int extra = 0;
        for (int rest = size >>> 7; rest != 0; rest >>>= 7) {
            extra++;
        }
        if (extra > 0) {
            reserve(extra);
            System.arraycopy(buffer, mark, buffer, mark + extra, size);
        }
        length = mark - 1;
        varint(size);
        length += size;
    }

    /** Text; a lone surrogate becomes a question mark, as {@link String#getBytes} has it. */
    void utf8(String text) {
        int chars = text.length();
        reserve(chars * 3);
        byte[] to = buffer;
        int at = length;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                to[at++] = (byte) c;
            } else if (c < 0x800) {
                to[at++] = (byte) (0xC0 | c >> 6);
                to[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                to[at++] = (byte) (0xE0 | c >> 12);
                to[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                to[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < chars && Character.isLowSurrogate(text.charAt(i + 1))) {
                int point = Character.toCodePoint(c, text.charAt(++i));
                to[at++] = (byte) (0xF0 | point >> 18);
                to[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                to[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                to[at++] = (byte) (0x80 | (point & 0x3F));
            } else {
                to[at++] = '?';
            }
        }
        length = at;
    }
}
