package dev.fieldproof.ota.delta.bzip2;

import java.util.Arrays;

/** Bits into a growing array, the leading one of each byte first. */
final class BitWriter {
    private byte[] out = new byte[1 << 12];
    private int size;
    private long buffer;
    private int held;

    /** Writes the low bits of a value, at most 32. */
    void write(int bits, int value) {
        buffer = buffer << bits | (value & (1L << bits) - 1);
        held += bits;
        while (held >= 8) {
            held -= 8;
            if (size == out.length) {
                out = Arrays.copyOf(out, 2 * size);
            }
            out[size++] = (byte) (buffer >>> held);
        }
    }

    void write48(long value) {
        write(24, (int) (value >>> 24));
        write(24, (int) value);
    }

    /** All bytes; the last one is filled up with zeros. */
    byte[] finish() {
        write((8 - held) & 7, 0);
        return Arrays.copyOf(out, size);
    }
}
