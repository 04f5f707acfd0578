package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.ImageReader;

/** What the models of one body share: the mixer, the old image and the latest bytes of the new one. */
final class Context {
    final Mixer mixer;
    final ImageReader old;
    final boolean full;
    private final int flags;
    private final int flagBits;
    private final int bytes;
    private final int byteBits;
    /** The last four bytes of the new image, the latest lowest. */
    int latest;
    /** Offset in the new image. */
    int at;

    Context(Mixer mixer, ImageReader old, boolean full) {
        this.mixer = mixer;
        this.old = old;
        this.full = full;
        this.flagBits = full ? 20 : 11;
        this.byteBits = full ? 20 : 12;
        this.flags = mixer.region(1 << flagBits);
        this.bytes = mixer.region(1 << byteBits);
    }

    /**
     * The cell of a context that predicts whether something is as expected; kinds keep apart what has the same hash.
     */
    int flagCell(int kind, int hash) {
        return flags + (((hash + kind * 0x7F4A_7C15) * 0x9E37_79B1) >>> (32 - flagBits));
    }

    /** The cell of a context that predicts a bit of a byte; there are fewer of those, which must not be crowded out. */
    int byteCell(int kind, int hash) {
        return bytes + (((hash + kind * 0x7F4A_7C15) * 0x9E37_79B1) >>> (32 - byteBits));
    }

    static int hash(int a, int b) {
        int h = (a * 0x2C1B_3C6D) ^ (b * 0x297A_2D39);
        return h ^ (h >>> 15);
    }
}
