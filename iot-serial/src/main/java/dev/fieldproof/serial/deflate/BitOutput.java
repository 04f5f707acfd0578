package dev.fieldproof.serial.deflate;

import java.util.Arrays;

/** Bits, the lowest of a byte first (RFC 1951 section 3.1.1). Not thread-safe. */
final class BitOutput {
    private byte[] bytes;
    private int count;
    private long pending;
    private int pendingBits;

    BitOutput(int capacityBytes) {
        bytes = new byte[Math.max(16, capacityBytes)];
    }

    /** Appends the low bits of a value, at most 32. */
    void put(int value, int bits) {
        pending |= (value & ((1L << bits) - 1)) << pendingBits;
        pendingBits += bits;
        while (pendingBits >= 8) {
            octet((int) pending);
            pending >>>= 8;
            pendingBits -= 8;
        }
    }

    /** Fills the byte begun with zeros. */
    void align() {
        put(0, -pendingBits & 7);
    }

    /** Appends bytes; only where a byte begins. */
    void put(byte[] source, int from, int length) {
        for (int i = from; i < from + length; i++) {
            octet(source[i]);
        }
    }

    private void octet(int value) {
        if (count == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * count);
        }
        bytes[count++] = (byte) value;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, count);
    }
}
