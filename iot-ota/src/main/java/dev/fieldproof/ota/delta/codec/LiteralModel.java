package dev.fieldproof.ota.delta.codec;

/** Bytes that no copy gives: low orders and the old byte that would be next; in the full profile more, and a match. */
final class LiteralModel {
    private static final int LIMIT = 250;
    private static final int RING_BITS = 18;
    private static final int RING_MASK = (1 << RING_BITS) - 1;
    private static final int MATCH_HASH_BITS = 16;
    private static final int MIN_MATCH = 4;

    /** With a smaller part of literals than this there is little to gain from the old image. */
    private static final int WORTH_PRIMING_PART = 16;

    private static final int FULL_ORDERS = 10;
    /** Which of them is about the old byte beside. */
    private static final int BESIDE = 5;

    private final Context context;
    private final Mixer mixer;
    private final int inputs;
    private final int matched;
    private final int weights;

    private final int[] hashes = new int[FULL_ORDERS];
    private final byte[] ring;
    private final int[] lastSeen;
    /** Positions count through the old image, if it was primed with, and then through the new one. */
    private int primed;

    private int matchAt = -1;
    private int matchLength;

    LiteralModel(Context context) {
        this.context = context;
        this.mixer = context.mixer;
        inputs = context.full ? FULL_ORDERS + 1 : 4;
        matched = context.full ? mixer.region(32 * 256) : 0;
        weights = mixer.weights(context.full ? 16 : 4, inputs, context.full ? 9000 : 17000);
        ring = new byte[context.full ? 1 << RING_BITS : 0];
        lastSeen = new int[context.full ? 1 << MATCH_HASH_BITS : 0];
    }

    /** Lets the full profile learn from the whole old image where much of the new one is not copied from it. */
    void prime(CopyMap map, int newSize) {
        int literals = newSize;
        for (int i = 0; i < map.size(); i++) {
            literals -= map.length(i);
        }
        if (!context.full || literals < newSize / WORTH_PRIMING_PART) {
            return;
        }
        int window = 0;
        int older = 0;
        for (int at = 0; at < context.old.size(); at++) {
            int value = context.old.at(at);
            hash(window, older, context.old.at(at - 1), at);
            int node = 1;
            for (int bit = 7; bit >= 0; bit--) {
                int salt = node * 0x3D4D_51CB;
                int one = value >>> bit & 1;
                for (int i = 0; i < FULL_ORDERS; i++) {
                    if (i != BESIDE) {
                        mixer.learn(context.byteCell(10 + i, hashes[i] + salt), one, LIMIT);
                    }
                }
                node = node << 1 | one;
            }
            older = older << 8 | window >>> 24;
            window = window << 8 | value;
            if (at >= MIN_MATCH) {
                lastSeen[slot(window)] = at + 1;
            }
        }
        primed = context.old.size();
    }

    private void hash(int latest, int older, int beside, int at) {
        hashes[0] = 0;
        hashes[1] = Context.hash(latest & 0xFF, 1);
        hashes[2] = Context.hash(latest & 0xFFFF, 2);
        if (!context.full) {
            hashes[3] = Context.hash(beside, 0x100);
            return;
        }
        hashes[3] = Context.hash(latest & 0xFFFFFF, 3);
        hashes[4] = Context.hash(latest, 4);
        hashes[BESIDE] = Context.hash(beside, latest & 0xFF);
        hashes[6] = Context.hash(latest, older & 0xFFFF);
        hashes[7] = Context.hash(latest & 0xFFFF00, 7 + (at & 1));
        hashes[8] = Context.hash(latest & 0xFF0000FF, 9 + (at & 3));
        hashes[9] = Context.hash(latest & 0xFF00, 13 + (at & 3));
    }

    /** Codes a byte beside which the old image holds the given one. */
    int code(int actual, int besideAt) {
        hash(context.latest, context.older, context.old.at(besideAt), context.at);
        int expected = findMatch();
        int level = Math.min(15, matchLength);
        int set = weights + (context.full ? level : context.at & 3) * inputs;
        int node = 1;
        for (int bit = 7; bit >= 0; bit--) {
            int salt = node * 0x3D4D_51CB;
            if (context.full) {
                for (int i = 0; i < FULL_ORDERS; i++) {
                    mixer.use(context.byteCell(10 + i, hashes[i] + salt));
                }
                boolean agrees = expected >= 0 && (expected | 0x100) >>> (bit + 1) == node;
                mixer.use(matched + (agrees ? (level << 1 | (expected >>> bit & 1)) + 32 : 0));
            } else {
                mixer.use(context.byteCell(10, node));
                mixer.use(context.byteCell(11, hashes[1] + salt));
                mixer.use(context.byteCell(12, hashes[2] + salt));
                mixer.use(context.byteCell(15, hashes[3] + salt));
            }
            node = node << 1 | mixer.mix(actual >>> bit & 1, set, 12, LIMIT);
        }
        return node & 0xFF;
    }

    private int findMatch() {
        return context.full && matchLength > 0 ? byteAt(matchAt) : -1;
    }

    private int byteAt(int position) {
        return position < primed ? context.old.at(position) : ring[position - primed & RING_MASK] & 0xFF;
    }

    private static int slot(int window) {
        return (window * 0x9E37_79B1) >>> (32 - MATCH_HASH_BITS);
    }

    /** Tells the model of every byte of the new image, literal or not. */
    void saw(int value) {
        if (!context.full) {
            return;
        }
        int at = primed + context.at;
        if (matchLength > 0 && byteAt(matchAt) == value) {
            matchAt++;
            matchLength++;
        } else {
            matchLength = 0;
        }
        ring[context.at & RING_MASK] = (byte) value;
        int slot = slot(context.latest << 8 | value);
        if (matchLength == 0 && context.at >= MIN_MATCH) {
            int candidate = lastSeen[slot];
            if (candidate > 0 && (candidate < primed || at + 1 - candidate < RING_MASK)) {
                matchAt = candidate;
                matchLength = 1;
            }
        }
        lastSeen[slot] = at + 1;
    }
}
