package dev.fieldproof.sparkplug.payload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A bounded view of protocol-buffer fields. Every read checks the bound; every fault names its place. */
final class WireReader {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** The top bit of each of eight bytes: a varint goes on where it is set, and text is not ASCII. */
    static final long TOPS = 0x8080_8080_8080_8080L;

    private static final byte[] EMPTY = new byte[0];

    private byte[] bytes = EMPTY;
    private int start;
    private int at;
    private int end;

    /** Offsets in faults count from {@code start}. */
    void reset(byte[] bytes, int start, int from, int to) {
        if (this.bytes != bytes) {
            // Storing a reference costs more than looking at it.
            this.bytes = bytes;
        }
        this.start = start;
        this.at = from;
        this.end = to;
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    void seek(int place) {
        at = place;
    }

    boolean atEnd() {
        return at >= end;
    }

    PayloadException fault(String rule) {
        return new PayloadException(at - start, rule);
    }

    PayloadException fault(int place, String rule) {
        return new PayloadException(place - start, rule);
    }

    long varint() throws PayloadException {
        byte[] from = bytes;
        int i = at;
        if (i < end && from[i] >= 0) {
            at = i + 1;
            return from[i];
        }
        if (i < end && from.length - i >= Long.BYTES) {
            long window = (long) LONG.get(from, i);
            long stops = ~window & TOPS;
            int used = Long.numberOfTrailingZeros(stops) + 1;
            if (stops != 0 && used >>> 3 <= end - i) {
                at = i + (used >>> 3);
                return fold(window & -1L >>> (Long.SIZE - used));
            }
        }
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (i >= end) {
                throw fault("a varint ends within its field");
            }
            byte b = from[i++];
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                at = i;
                return value;
            }
        }
        throw fault("a varint has at most 10 bytes");
    }

    /** Puts the seven low bits of each of eight bytes side by side. */
    static long fold(long bytes) {
        long sevens = bytes & 0x7F7F_7F7F_7F7F_7F7FL;
        long fourteens = (sevens & 0x007F_007F_007F_007FL) | (sevens & 0x7F00_7F00_7F00_7F00L) >>> 1;
        long halves = (fourteens & 0x0000_3FFF_0000_3FFFL) | (fourteens & 0x3FFF_0000_3FFF_0000L) >>> 2;
        return (halves & 0x0FFF_FFFFL) | halves >>> 32 << 28;
    }

    int tag() throws PayloadException {
        int place = at;
        long tag = varint();
        if (tag >>> 32 != 0 || tag >>> 3 == 0) {
            throw fault(place, "a field number is 1 to 536,870,911");
        }
        return (int) tag;
    }

    int fixed32() throws PayloadException {
        if (end - at < 4) {
            throw fault("a 32-bit value ends within its field");
        }
        int value = (int) INT.get(bytes, at);
        at += 4;
        return value;
    }

    long fixed64() throws PayloadException {
        if (end - at < 8) {
            throw fault("a 64-bit value ends within its field");
        }
        long value = (long) LONG.get(bytes, at);
        at += 8;
        return value;
    }

    /** Reads a length and checks that so many bytes follow; the caller reads or skips them. */
    int length() throws PayloadException {
        int place = at;
        long length = varint();
        if (length < 0 || length > end - at) {
            throw fault(place, "a length stays within its message");
        }
        return (int) length;
    }

    void skip(int count) {
        at += count;
    }

    /** Skips the value of a field that is not known, groups excepted. */
    void skipField(int tag) throws PayloadException {
        switch (tag & 7) {
            case WireWriter.VARINT -> varint();
            case WireWriter.FIXED64 -> fixed64();
            case WireWriter.BYTES -> skip(length());
            case WireWriter.FIXED32 -> fixed32();
            default -> throw fault("a wire type is 0, 1, 2 or 5");
        }
    }

    void expect(int tag, int wireType) throws PayloadException {
        if ((tag & 7) != wireType) {
            throw fault("field " + (tag >>> 3) + " has wire type " + wireType);
        }
    }

    String string() throws PayloadException {
        int length = length();
        String text = utf8(bytes, at, at + length, start);
        at += length;
        return text;
    }

    byte[] byteArray() throws PayloadException {
        int length = length();
        byte[] copy = java.util.Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return copy;
    }

    static String utf8(byte[] bytes, int from, int to, int start) throws PayloadException {
        if (ascii(bytes, from, to)) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PayloadException(from - start, "text is well-formed UTF-8");
        }
    }

    private static boolean ascii(byte[] bytes, int from, int to) {
        long seen = 0;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            seen |= (long) LONG.get(bytes, i);
        }
        for (; i < to; i++) {
            seen |= bytes[i];
        }
        return (seen & TOPS) == 0;
    }
}
