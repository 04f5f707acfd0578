package dev.fieldproof.ota.delta.codec;

/** Bytes that no copy gives, in the full profile: many orders, the old byte that would be next, and a match. */
final class LiteralModel implements Literals {
    private static final int LIMIT = 250;
    private static final int RING_BITS = 18;
    private static final int RING_MASK = (1 << RING_BITS) - 1;
    private static final int MATCH_HASH_BITS = 16;
    private static final int MIN_MATCH = 4;

    /** With a smaller part of literals than this there is little to gain from the old image. */
    private static final int WORTH_PRIMING_PART = 16;

    private static final int ORDERS = 10;
    /** Which of them is about the old byte beside. */
    private static final int BESIDE = 5;

    private final Context context;
    private final Mixer mixer;
    private final int matched;
    private final int weights;

    private final int[] hashes = new int[ORDERS];
    private final byte[] ring;
    private final int[] lastSeen;
    /** Positions count through the old image, if it was primed with, and then through the new one. */
    private int primed;

    private int matchAt = -1;
    private int matchLength;

    LiteralModel(Context context) {
        this.context = context;
        this.mixer = context.mixer;
        matched = mixer.region(32 * 256);
        weights = mixer.weights(16, ORDERS + 1, 9000);
        ring = new byte[1 << RING_BITS];
        lastSeen = new int[1 << MATCH_HASH_BITS];
    }

    /** Lets it learn from the whole old image where much of the new one is not copied from it. */
    @Override
    public void prime(CopyMap map, int newSize) {
        int literals = newSize;
        for (int i = 0; i < map.size(); i++) {
            literals -= map.length(i);
        }
        if (literals < newSize / WORTH_PRIMING_PART) {
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
                for (int i = 0; i < ORDERS; i++) {
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
        hashes[3] = Context.hash(latest & 0xFFFFFF, 3);
        hashes[4] = Context.hash(latest, 4);
        hashes[BESIDE] = Context.hash(beside, latest & 0xFF);
        hashes[6] = Context.hash(latest, older & 0xFFFF);
        hashes[7] = Context.hash(latest & 0xFFFF00, 7 + (at & 1));
        hashes[8] = Context.hash(latest & 0xFF0000FF, 9 + (at & 3));
        hashes[9] = Context.hash(latest & 0xFF00, 13 + (at & 3));
    }

    @Override
    public int code(int actual, int besideAt) {
        hash(context.latest, context.older, context.old.at(besideAt), context.at);
        int expected = findMatch();
        int level = Math.min(15, matchLength);
        int set = weights + level * (ORDERS + 1);
        int node = 1;
        for (int bit = 7; bit >= 0; bit--) {
            int salt = node * 0x3D4D_51CB;
            for (int i = 0; i < ORDERS; i++) {
                mixer.use(context.byteCell(10 + i, hashes[i] + salt));
            }
            boolean agrees = expected >= 0 && (expected | 0x100) >>> (bit + 1) == node;
            mixer.use(matched + (agrees ? (level << 1 | (expected >>> bit & 1)) + 32 : 0));
            node = node << 1 | mixer.mix(actual >>> bit & 1, set, 12, LIMIT);
        }
        return node & 0xFF;
    }

    private int findMatch() {
        return matchLength > 0 ? byteAt(matchAt) : -1;
    }

    private int byteAt(int position) {
        return position < primed ? context.old.at(position) : ring[position - primed & RING_MASK] & 0xFF;
    }

    private static int slot(int window) {
        return (window * 0x9E37_79B1) >>> (32 - MATCH_HASH_BITS);
    }

    @Override
    public void saw(byte[] bytes, int from, int length) {
        int latest = context.latest;
        for (int i = 0; i < length; i++) {
            int value = bytes[from + i] & 0xFF;
            latest = latest << 8 | value;
            saw(value, context.at + i, slot(latest));
        }
    }

    private void saw(int value, int newAt, int slot) {
        int at = primed + newAt;
        if (matchLength > 0 && byteAt(matchAt) == value) {
            matchAt++;
            matchLength++;
        } else {
            matchLength = 0;
        }
        ring[newAt & RING_MASK] = (byte) value;
        if (matchLength == 0 && newAt >= MIN_MATCH) {
            int candidate = lastSeen[slot];
            if (candidate > 0 && (candidate < primed || at + 1 - candidate < RING_MASK)) {
                matchAt = candidate;
                matchLength = 1;
            }
        }
        lastSeen[slot] = at + 1;
    }
}
