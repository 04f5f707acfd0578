package dev.fieldproof.ota.delta.codec;

/**
 * Binary range decoder, the inverse of {@link RangeEncoder}. Input is pushed in; whoever drives it sees to it that
 * {@link #LOOKAHEAD_BYTES} are there, or that the input has ended, before each unit of decoding.
 */
final class RangeDecoder implements BitCoder {
    /** More than any one unit of the body can use up: 80 decisions of at most 2 bytes. */
    private static final int LOOKAHEAD_BYTES = 192;

    private static final long TOP = 1L << 24;

    private final byte[] ring = new byte[4096];
    private int head;
    private int tail;
    private long range = 0xFFFF_FFFFL;
    private long code;
    private boolean started;
    private boolean ended;

    @Override
    public int code(int bit, int probability) {
        if (!started) {
            started = true;
            for (int i = 0; i < 4; i++) {
                code = code << 8 | next();
            }
        }
        long bound = (range >>> 16) * probability;
        int decoded;
        if (code < bound) {
            range = bound;
            decoded = 1;
        } else {
            code -= bound;
            range -= bound;
            decoded = 0;
        }
        while (range < TOP) {
            range <<= 8;
            code = code << 8 | next();
        }
        return decoded;
    }

    @Override
    public boolean ready() {
        return ended || tail - head >= LOOKAHEAD_BYTES;
    }

    /** Tells that no more input will come. */
    void end() {
        ended = true;
    }

    private int next() {
        return head == tail ? 0 : ring[head++ & (ring.length - 1)] & 0xFF;
    }

    int buffered() {
        return tail - head;
    }

    /** Takes as many bytes as fit; returns how many. */
    int push(byte[] bytes, int offset, int length) {
        int count = Math.min(length, ring.length - buffered());
        for (int i = 0; i < count; i++) {
            ring[tail++ & (ring.length - 1)] = bytes[offset + i];
        }
        return count;
    }
}
