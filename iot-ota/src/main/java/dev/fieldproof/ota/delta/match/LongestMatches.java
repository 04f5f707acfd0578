package dev.fieldproof.ota.delta.match;

/**
 * For every position of the new image the longest exact match that starts there anywhere in the old image, all of them
 * in linear time: the neighbours of a new suffix among the old ones in the joint suffix array, their common prefixes
 * computed in text order as in T. Kasai et al., "Linear-Time Longest-Common-Prefix Computation in Suffix Arrays and Its
 * Applications", CPM 2001. Not thread-safe.
 */
public final class LongestMatches implements MatchFinder {
    private static final int SENTINEL = 0;
    private static final int SEPARATOR = 1;
    private static final int FIRST_BYTE = 2;

    private final int[] oldAt;
    private final int[] lengths;
    private int at;

    private LongestMatches(int[] oldAt, int[] lengths) {
        this.oldAt = oldAt;
        this.lengths = lengths;
    }

    /**
     * Finds the longest matches.
     *
     * @param old the old image
     * @param target the new image; both together below 2^31 - 8 bytes
     * @return one match for each byte of {@code target}
     */
    public static LongestMatches between(byte[] old, byte[] target) {
        int[] sa = sortBoth(old, target);
        int first = old.length + 1;
        int[] before = new int[target.length];
        int[] after = new int[target.length];
        int nearest = -1;
        for (int suffix : sa) {
            if (suffix < old.length) {
                nearest = suffix;
            } else if (suffix >= first && suffix - first < target.length) {
                before[suffix - first] = nearest;
            }
        }
        nearest = -1;
        for (int i = sa.length - 1; i >= 0; i--) {
            int suffix = sa[i];
            if (suffix < old.length) {
                nearest = suffix;
            } else if (suffix >= first && suffix - first < target.length) {
                after[suffix - first] = nearest;
            }
        }
        keepLonger(old, target, before, after);
        return new LongestMatches(before, after);
    }

    private static int[] sortBoth(byte[] old, byte[] target) {
        char[] text = new char[old.length + target.length + 2];
        int n = 0;
        for (byte b : old) {
            text[n++] = (char) ((b & 0xFF) + FIRST_BYTE);
        }
        text[n++] = SEPARATOR;
        for (byte b : target) {
            text[n++] = (char) ((b & 0xFF) + FIRST_BYTE);
        }
        text[n] = SENTINEL;
        return SuffixArray.sort(text, 256 + FIRST_BYTE);
    }

    /** Turns the two neighbours of each position into the better one and its length, in place. */
    private static void keepLonger(byte[] old, byte[] target, int[] before, int[] after) {
        int beforeLength = 0;
        int afterLength = 0;
        for (int i = 0; i < target.length; i++) {
            beforeLength = extend(old, before[i], target, i, Math.max(0, beforeLength - 1));
            afterLength = extend(old, after[i], target, i, Math.max(0, afterLength - 1));
            if (beforeLength >= afterLength) {
                after[i] = beforeLength;
            } else {
                before[i] = after[i];
                after[i] = afterLength;
            }
        }
    }

    private static int extend(byte[] old, int oldAt, byte[] target, int targetAt, int known) {
        if (oldAt < 0) {
            return 0;
        }
        int limit = Math.min(old.length - oldAt, target.length - targetAt);
        int length = Math.min(known, limit);
        while (length < limit && old[oldAt + length] == target[targetAt + length]) {
            length++;
        }
        return length;
    }

    @Override
    public void find(int target, int shift) {
        at = target;
    }

    @Override
    public int length() {
        return lengths[at];
    }

    @Override
    public int oldAt() {
        return oldAt[at];
    }
}
