package dev.fieldproof.ota.delta.codec;

/** Bytes that no copy gives: low orders, the old byte that would be next, and in the full profile a match model. */
final class LiteralModel {
    private static final int LIMIT = 250;
    private static final int RING_BITS = 18;
    private static final int RING_MASK = (1 << RING_BITS) - 1;
    private static final int MATCH_HASH_BITS = 16;
    private static final int MIN_MATCH = 4;

    private final Context context;
    private final Mixer mixer;
    private final int inputs;
    private final int matched;
    private final int weights;

    private final byte[] ring;
    private final int[] lastSeen;
    private int matchAt = -1;
    private int matchLength;

    LiteralModel(Context context) {
        this.context = context;
        this.mixer = context.mixer;
        inputs = context.full ? 7 : 4;
        matched = context.full ? mixer.region(32 * 256) : 0;
        weights = mixer.weights(context.full ? 16 : 4, inputs, context.full ? 13500 : 17000);
        ring = new byte[context.full ? 1 << RING_BITS : 0];
        lastSeen = new int[context.full ? 1 << MATCH_HASH_BITS : 0];
    }

    /** Codes a byte beside which the old image holds the given one. */
    int code(int actual, int besideAt) {
        int latest = context.latest;
        int beside = context.old.at(besideAt);
        int hash1 = Context.hash(latest & 0xFF, 1);
        int hash2 = Context.hash(latest & 0xFFFF, 2);
        int hash3 = Context.hash(latest & 0xFFFFFF, 3);
        int hash4 = Context.hash(latest, 4);
        int hashA = Context.hash(beside, context.full ? latest & 0xFF : 0x100);
        int expected = findMatch();
        int level = Math.min(15, matchLength);
        int set = weights + (context.full ? level : context.at & 3) * inputs;
        int node = 1;
        for (int bit = 7; bit >= 0; bit--) {
            int salt = node * 0x3D4D_51CB;
            mixer.use(context.byteCell(10, node));
            mixer.use(context.byteCell(11, hash1 + salt));
            mixer.use(context.byteCell(12, hash2 + salt));
            mixer.use(context.byteCell(15, hashA + salt));
            if (context.full) {
                mixer.use(context.byteCell(13, hash3 + salt));
                mixer.use(context.byteCell(14, hash4 + salt));
                boolean agrees = expected >= 0 && (expected | 0x100) >>> (bit + 1) == node;
                mixer.use(matched + (agrees ? (level << 1 | (expected >>> bit & 1)) + 32 : 0));
            }
            node = node << 1 | mixer.mix(actual >>> bit & 1, set, 12, LIMIT);
        }
        return node & 0xFF;
    }

    private int findMatch() {
        if (!context.full) {
            return -1;
        }
        return matchLength > 0 ? ring[matchAt & RING_MASK] & 0xFF : -1;
    }

    /** Tells the model of every byte of the new image, literal or not. */
    void saw(int value) {
        if (!context.full) {
            return;
        }
        int at = context.at;
        if (matchLength > 0 && (ring[matchAt & RING_MASK] & 0xFF) == value) {
            matchAt++;
            matchLength++;
        } else {
            matchLength = 0;
        }
        ring[at & RING_MASK] = (byte) value;
        int window = context.latest << 8 | value;
        int slot = (window * 0x9E37_79B1) >>> (32 - MATCH_HASH_BITS);
        if (matchLength == 0 && at >= MIN_MATCH) {
            int candidate = lastSeen[slot];
            if (candidate > 0 && at + 1 - candidate < RING_MASK) {
                matchAt = candidate;
                matchLength = 1;
            }
        }
        lastSeen[slot] = at + 1;
    }
}
