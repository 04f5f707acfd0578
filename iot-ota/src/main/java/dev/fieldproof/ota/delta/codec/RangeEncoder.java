package dev.fieldproof.ota.delta.codec;

import java.io.ByteArrayOutputStream;

/**
 * Binary range encoder with carry propagation, after G. N. N. Martin, "Range encoding", 1979: 32-bit range, 16-bit
 * probabilities, bytes out.
 */
final class RangeEncoder implements BitCoder {
    private static final long TOP = 1L << 24;
    private static final long MASK = 0xFFFF_FFFFL;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long low;
    private long range = MASK;
    private int held = -1;
    private int heldOnes;

    @Override
    public int code(int bit, int probability) {
        long bound = (range >>> 16) * probability;
        if (bit != 0) {
            range = bound;
        } else {
            low += bound;
            range -= bound;
        }
        while (range < TOP) {
            range <<= 8;
            shift();
        }
        return bit;
    }

    @Override
    public boolean ready() {
        return true;
    }

    /** Moves the top byte of {@code low} out, holding back bytes that a carry could still change. */
    private void shift() {
        int top = (int) (low >>> 24);
        if (top == 0xFF) {
            heldOnes++;
        } else {
            release(top >>> 8);
            held = top & 0xFF;
        }
        low = (low << 8) & MASK;
    }

    private void release(int carry) {
        if (held >= 0) {
            out.write(held + carry);
        }
        for (; heldOnes > 0; heldOnes--) {
            out.write(0xFF + carry);
        }
    }

    /** Ends the stream with the fewest bytes; the decoder reads zeros after them. */
    byte[] finish() {
        long end = low + range - 1;
        for (int zeros = 32; zeros >= 0; zeros -= 8) {
            long value = end >>> zeros << zeros;
            if (value >= low) {
                low = value;
                break;
            }
        }
        for (int i = 0; i < 5; i++) {
            shift();
        }
        release(0);
        byte[] bytes = out.toByteArray();
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return java.util.Arrays.copyOf(bytes, length);
    }

    /** Bytes so far, not counting those that a carry could still change. */
    int sizeBytes() {
        return out.size();
    }
}
