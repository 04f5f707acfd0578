package dev.fieldproof.ota.delta.codec;

/** Which byte came last in a context, and how often in a row. */
final class History {
    private final char[] entries;
    private final int bits;

    History(int bits) {
        this.bits = bits;
        this.entries = new char[1 << bits];
    }

    private static int key(int context) {
        return context * 0x9E37_79B1;
    }

    /** The byte in the low 8 bits and above it how often in a row, 0 to 3; -1 if the context is new. */
    int find(int context) {
        int key = key(context);
        int entry = entries[key >>> (32 - bits)];
        return entry >>> 10 == tag(key) ? entry & 0x3FF : -1;
    }

    /** Not 0, which a free entry has. */
    private int tag(int key) {
        return 1 + (key >>> (32 - bits - 6) & 0x3F) % 63;
    }

    void learn(int context, int value) {
        int known = find(context);
        int times = known >= 0 && (known & 0xFF) == value ? Math.min(3, (known >>> 8) + 1) : 0;
        int key = key(context);
        entries[key >>> (32 - bits)] = (char) (tag(key) << 10 | times << 8 | value);
    }
}
