package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.ImageReader;

/** What the models of one body share: the mixer, the old image and the latest bytes of the new one. */
final class Context {
    final Mixer mixer;
    final ImageReader old;
    final boolean full;
    /** log2 of the cells of a hashed table. */
    final int tableBits;
    /** The last four bytes of the new image, the latest lowest. */
    int latest;
    /** Offset in the new image. */
    int at;

    Context(Mixer mixer, ImageReader old, boolean full) {
        this.mixer = mixer;
        this.old = old;
        this.full = full;
        this.tableBits = full ? 17 : 9;
    }

    int table() {
        return mixer.region(1 << tableBits);
    }

    /** A cell of a hashed table. */
    int cell(int table, int hash) {
        return table + ((hash * 0x9E37_79B1) >>> (32 - tableBits));
    }

    static int hash(int a, int b) {
        int h = (a * 0x2C1B_3C6D) ^ (b * 0x297A_2D39);
        return h ^ (h >>> 15);
    }
}
