package dev.fieldproof.crdt;

/** SipHash-2-4 (Aumasson, Bernstein, "SipHash: a fast short-input PRF", 2012) of 64-bit words. Not thread-safe. */
final class SipHash {
    private final long k0;
    private final long k1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private int words;

    SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
        begin();
    }

    SipHash begin() {
        v0 = k0 ^ 0x736f_6d65_7073_6575L;
        v1 = k1 ^ 0x646f_7261_6e64_6f6dL;
        v2 = k0 ^ 0x6c79_6765_6e65_7261L;
        v3 = k1 ^ 0x7465_6462_7974_6573L;
        words = 0;
        return this;
    }

    SipHash word(long m) {
        v3 ^= m;
        round();
        round();
        v0 ^= m;
        words++;
        return this;
    }

    /** Bytes, eight to a word, the last word filled with zeros; their number goes first. */
    SipHash bytes(byte[] data) {
        word(data.length);
        for (int from = 0; from < data.length; from += 8) {
            long m = 0;
            for (int i = from; i < Math.min(data.length, from + 8); i++) {
                m |= (data[i] & 0xFFL) << (8 * (i - from));
            }
            word(m);
        }
        return this;
    }

    /** The hash of the words so far, closed as the hash of a message of eight times as many bytes is. */
    long end() {
        word((long) (words * 8 & 0xFF) << 56);
        v2 ^= 0xFF;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
