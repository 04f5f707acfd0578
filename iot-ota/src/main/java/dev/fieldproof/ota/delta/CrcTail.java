package dev.fieldproof.ota.delta;

import java.util.zip.CRC32;

/** The last four bytes of an image are the CRC-32 of those before. */
final class CrcTail extends TailMaker {
    private static final int BYTES = 4;

    private final int form;
    private final int at;
    private final CRC32 crc = new CRC32();
    private int made;

    CrcTail(int form, int imageBytes) {
        this.form = form;
        this.at = Math.max(0, imageBytes - BYTES);
    }

    @Override
    void complete(byte[] bytes, int count) {
        int before = Math.min(count, Math.max(0, at - made));
        crc.update(bytes, 0, before);
        int value = (int) crc.getValue() ^ ((form & Tail.PLAIN) != 0 ? -1 : 0);
        int bits = (form & Tail.BIG_ENDIAN) != 0 ? Integer.reverseBytes(value) : value;
        for (int i = before; i < count; i++) {
            bytes[i] = (byte) (bits >>> (8 * (made + i - at)));
        }
        made += count;
    }

    @Override
    int at() {
        return at;
    }

    @Override
    int bytes() {
        return BYTES;
    }
}
