package dev.fieldproof.ota.delta.bzip2;

/**
 * Bits of a part of an array, the leading one of each byte first; zeros after its end, for which somebody must look.
 */
final class BitReader {
    private final byte[] in;
    private final int from;
    private final int end;
    private int at;
    private long buffer;
    /** How many of the low bits of the buffer are yet to be read. */
    private int held;

    BitReader(byte[] in, int from, int length) {
        this.in = in;
        this.from = from;
        this.at = from;
        this.end = from + length;
    }

    /** The next bits without taking them, at most 32. */
    int peek(int bits) {
        if (held < bits) {
            fill();
        }
        return (int) (buffer >>> (held - bits) & (1L << bits) - 1);
    }

    private void fill() {
        while (held <= 48) {
            buffer = buffer << 8 | (at < end ? in[at] & 0xFF : 0);
            at++;
            held += 8;
        }
    }

    /** Takes bits that were peeked at. */
    void skip(int bits) {
        held -= bits;
    }

    /** Takes at most 32 bits. */
    int read(int bits) throws Bzip2Exception {
        int value = peek(bits);
        held -= bits;
        requireInput();
        return value;
    }

    /** Checks that no more bits were taken than there are. */
    void requireInput() throws Bzip2Exception {
        require(at - (held >>> 3) <= end, "a stream must be complete");
    }

    void require(boolean holds, String rule) throws Bzip2Exception {
        if (!holds) {
            throw new Bzip2Exception(offset(), rule);
        }
    }

    /** Bytes of which at least a bit was taken. */
    int offset() {
        return Math.min(end, at - (held >>> 3)) - from;
    }
}
