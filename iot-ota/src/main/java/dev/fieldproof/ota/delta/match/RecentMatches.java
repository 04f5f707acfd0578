package dev.fieldproof.ota.delta.match;

/**
 * Long matches, if not always the longest, in a fraction of a suffix array's time: old positions chained by the hash of
 * the bytes that begin there, of which a few are tried. Bounded work for each byte on any input.
 */
public final class RecentMatches implements MatchFinder {
    private static final int HASHED_BYTES = 6;
    private static final int TRIES = 8;
    /** A match on the copy at hand that is this long is not worth a search for a longer one. */
    private static final int GOOD_BYTES = 24;
    /** No match is followed further than this before it is taken. */
    private static final int FAR_BYTES = 1 << 12;

    private final byte[] old;
    private final byte[] target;
    private final int[] heads;
    private final int[] before;
    private final int shiftBits;

    private int length;
    private int oldAt;
    private int foundTarget = -1;

    /**
     * Indexes the old image.
     *
     * @param old the old image
     * @param target the new image
     */
    public RecentMatches(byte[] old, byte[] target) {
        this.old = old;
        this.target = target;
        int bits = Math.max(8, Math.min(22, 32 - Integer.numberOfLeadingZeros(old.length)));
        this.shiftBits = 64 - bits;
        this.heads = new int[1 << bits];
        this.before = new int[old.length];
        for (int i = old.length - HASHED_BYTES; i >= 0; i--) {
            int h = hash(old, i);
            before[i] = heads[h];
            heads[h] = i + 1;
        }
    }

    private int hash(byte[] bytes, int at) {
        long low = (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16;
        long high = (bytes[at + 3] & 0xFF) | (bytes[at + 4] & 0xFF) << 8 | (bytes[at + 5] & 0xFF) << 16;
        return (int) (((low | (high << 24)) * 0x9E37_79B9_7F4A_7C15L) >>> shiftBits);
    }

    @Override
    public void find(int at, int shift) {
        if (foundTarget == at - 1 && length > FAR_BYTES / 2) {
            // Within a long match there is no need to look again.
            length--;
            oldAt++;
            foundTarget = at;
            return;
        }
        foundTarget = at;
        length = extent(at + shift, at);
        oldAt = at + shift;
        if (length >= GOOD_BYTES || at + HASHED_BYTES > target.length) {
            return;
        }
        int candidate = heads[hash(target, at)];
        for (int tries = TRIES; tries > 0 && candidate != 0 && length < FAR_BYTES; tries--) {
            int extent = extent(candidate - 1, at);
            if (extent > length) {
                length = extent;
                oldAt = candidate - 1;
            }
            candidate = before[candidate - 1];
        }
    }

    private int extent(int from, int at) {
        if (from < 0 || from >= old.length) {
            return 0;
        }
        int limit = Math.min(Math.min(old.length - from, target.length - at), FAR_BYTES);
        int i = java.util.Arrays.mismatch(old, from, from + limit, target, at, at + limit);
        return i < 0 ? limit : i;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int oldAt() {
        return oldAt;
    }
}
