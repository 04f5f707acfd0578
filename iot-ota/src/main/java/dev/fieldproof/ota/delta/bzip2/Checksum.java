package dev.fieldproof.ota.delta.bzip2;

import java.util.zip.CRC32;

/**
 * The CRC-32 of bzip2, which takes the leading bit of each byte first: that of the platform with all bits turned round.
 */
final class Checksum {
    private static final byte[] REVERSED = new byte[256];

    static {
        for (int i = 0; i < REVERSED.length; i++) {
            REVERSED[i] = (byte) (Integer.reverse(i) >>> 24);
        }
    }

    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[4096];

    void reset() {
        crc.reset();
    }

    void update(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += buffer.length) {
            int count = Math.min(buffer.length, to - at);
            for (int i = 0; i < count; i++) {
                buffer[i] = REVERSED[bytes[at + i] & 0xFF];
            }
            crc.update(buffer, 0, count);
        }
    }

    int value() {
        return Integer.reverse((int) crc.getValue());
    }
}
