package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.ImageReader;

/** What the models of one body share: the mixer, the old image and the latest bytes of the new one. */
final class Context {
    /** Probabilities that things are as expected the next time, after a first time when they were not, or were. */
    private static final int AFTER_SURPRISE = 1 << 13;

    private static final int AFTER_NONE = 62000;

    final Mixer mixer;
    final ImageReader old;
    final boolean full;
    private final int flags;
    private final int flagBits;
    private final char[] flagTags;
    private final int few;
    private final int fewBits;
    private final int bytes;
    private final int byteBits;
    /** The last four bytes of the new image, the latest lowest. */
    int latest;
    /** The four bytes before those. */
    int older;
    /** Offset in the new image. */
    int at;

    Context(Mixer mixer, ImageReader old, boolean full) {
        this.mixer = mixer;
        this.old = old;
        this.full = full;
        this.flagBits = full ? 20 : 10;
        this.byteBits = full ? 22 : 11;
        this.flags = mixer.region(1 << flagBits);
        this.flagTags = new char[1 << flagBits];
        this.fewBits = full ? 9 : 7;
        this.few = mixer.region(1 << fewBits);
        this.bytes = mixer.region(1 << byteBits);
    }

    /** The cell of one of the few contexts that are worth one each from the start. */
    int fewCell(int kind, int hash) {
        return few + (key(kind, hash) >>> (32 - fewBits));
    }

    /** What a context is looked up by; kinds keep apart what has the same hash. */
    static int key(int kind, int hash) {
        return (hash + kind * 0x7F4A_7C15) * 0x9E37_79B1;
    }

    private int tag(int key) {
        return 1 + (key >>> (full ? 0 : 32 - flagBits - 8) & (full ? 0xFFF : 0xFF));
    }

    /** The cell of a context that is known, or -1. */
    int knownCell(int key) {
        int slot = key >>> (32 - flagBits);
        return flagTags[slot] == tag(key) ? flags + slot : -1;
    }

    /** Whether any of the first four contexts is known. */
    boolean knowsAny(int[] keys) {
        return knows(keys[0]) || knows(keys[1]) || knows(keys[2]) || knows(keys[3]);
    }

    /** Whether a context is known. */
    boolean knows(int key) {
        return flagTags[key >>> (32 - flagBits)] == tag(key);
    }

    /** Forgets those of the first four contexts in which all has been as expected for long. */
    void forgetSure(int[] keys) {
        for (int i = 0; i < 4; i++) {
            int cell = knownCell(keys[i]);
            if (cell >= 0 && mixer.isSure(cell)) {
                flagTags[cell - flags] = 0;
            }
        }
    }

    /** Makes a context known: the small profile has room only for those in which something was not as expected. */
    void learn(int key, boolean hit) {
        if (!hit || full) {
            int slot = key >>> (32 - flagBits);
            if (flagTags[slot] != tag(key)) {
                flagTags[slot] = (char) tag(key);
                mixer.set(flags + slot, hit ? AFTER_NONE : AFTER_SURPRISE);
            }
        }
    }

    /** The cell of a context that predicts a bit of a byte; there are fewer of those, which must not be crowded out. */
    int byteCell(int kind, int hash) {
        return bytes + (key(kind, hash) >>> (32 - byteBits));
    }

    static int hash(int a, int b) {
        int h = (a * 0x2C1B_3C6D) ^ (b * 0x297A_2D39);
        return h ^ (h >>> 15);
    }
}
