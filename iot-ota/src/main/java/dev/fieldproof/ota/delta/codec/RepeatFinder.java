package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.match.Copies;
import java.util.Arrays;

/**
 * Finds the runs of literals that are worth telling as repeats: for each stretch between copies the cheapest way
 * through, by estimated costs in 1/16 bit. Work and memory for each byte are bounded; an old image above 4 MiB is
 * looked up at some of its offsets only.
 */
final class RepeatFinder {
    private static final int SPAN = 4096;
    private static final int TRIES = 32;
    /** A run of this length is taken without looking for a better one. */
    private static final int NICE = 128;

    private static final int SHORTEST = 3;
    private static final int HASH_BITS = 16;
    private static final int MOST_INDEXED = 1 << 22;
    private static final int[] NOWHERE = new int[0];

    private final byte[] old;
    private final byte[] target;
    private final Copies copies;
    private final Repeats found = new Repeats();

    /** Offsets in the old image in the order of the hashes of the four bytes there, and where each hash begins. */
    private int[] oldOffsets = NOWHERE;

    private int[] oldStarts = NOWHERE;
    private final int[] newHeads = new int[1 << 12];
    private final int[] newChain = new int[Repeats.WINDOW];
    private int entered;

    private final int[][] literalCosts = new int[2][256];
    private final int[] recent = Repeats.none();
    /** For each offset of a span: the least cost so far, where from, by which distance, and what is recent then. */
    private final int[] costs = new int[SPAN + 1];

    private final int[] origins = new int[SPAN + 1];
    private final int[] distances = new int[SPAN + 1];
    private final int[] recents = new int[Repeats.RECENT * (SPAN + 1)];
    private int from;
    private int end;
    private int shift;

    private RepeatFinder(byte[] old, byte[] target, Copies copies) {
        this.old = old;
        this.target = target;
        this.copies = copies;
    }

    /** Finds the repeats between copies. */
    static Repeats between(byte[] old, byte[] target, Copies copies) {
        return new RepeatFinder(old, target, copies).run();
    }

    private Repeats run() {
        if (countLiterals() < SHORTEST) {
            return found;
        }
        index();
        Arrays.fill(newHeads, -1);
        int at = 0;
        for (int i = 0; i <= copies.size(); i++) {
            int gapEnd = i < copies.size() ? copies.targetAt(i) : target.length;
            if (gapEnd > at) {
                Repeats.remember(recent, 0, old.length - shift);
                for (; at < gapEnd; at = end) {
                    span(at, Math.min(gapEnd, at + SPAN));
                }
            }
            if (i < copies.size()) {
                at = gapEnd + copies.length(i);
                shift = copies.oldAt(i) - gapEnd;
            }
        }
        return found;
    }

    /** Counts the literals and tells what each value costs at even and at odd offsets. */
    private int countLiterals() {
        int[][] counts = new int[2][256];
        int[] sums = new int[2];
        int at = 0;
        for (int i = 0; i <= copies.size(); i++) {
            int gapEnd = i < copies.size() ? copies.targetAt(i) : target.length;
            for (; at < gapEnd; at++) {
                counts[at & 1][target[at] & 0xFF]++;
                sums[at & 1]++;
            }
            at = i < copies.size() ? gapEnd + copies.length(i) : at;
        }
        for (int odd = 0; odd < 2; odd++) {
            for (int value = 0; value < 256; value++) {
                double part = (counts[odd][value] + 0.5) / (sums[odd] + 128);
                literalCosts[odd][value] = 5 + (int) (-16 * StrictMath.log(part) / StrictMath.log(2));
            }
        }
        return sums[0] + sums[1];
    }

    private void index() {
        int step = Math.max(1, old.length / MOST_INDEXED);
        oldStarts = new int[(1 << HASH_BITS) + 1];
        for (int at = 0; at + 4 <= old.length; at += step) {
            oldStarts[hash(old, at) + 1]++;
        }
        for (int i = 0; i < 1 << HASH_BITS; i++) {
            oldStarts[i + 1] += oldStarts[i];
        }
        oldOffsets = new int[oldStarts[1 << HASH_BITS]];
        int[] ends = oldStarts.clone();
        for (int at = 0; at + 4 <= old.length; at += step) {
            oldOffsets[ends[hash(old, at)]++] = at;
        }
    }

    private static int three(byte[] image, int at) {
        return (image[at] & 0xFF) | (image[at + 1] & 0xFF) << 8 | (image[at + 2] & 0xFF) << 16;
    }

    private static int hash(byte[] image, int at) {
        return ((three(image, at) | image[at + 3] << 24) * 0x9E37_79B1) >>> (32 - HASH_BITS);
    }

    /** The cheapest way through a part of a stretch without copies. */
    private void span(int first, int last) {
        from = first;
        end = last;
        Arrays.fill(costs, 1, last - first + 1, Integer.MAX_VALUE);
        costs[0] = 0;
        origins[0] = -1;
        int at = first;
        while (at < last) {
            settle(at - first);
            int i = at - first;
            reach(i, 1, literalCosts[at & 1][target[at] & 0xFF], 0);
            int longest = last - at < 2 ? 0 : Math.max(again(at), last - at < SHORTEST ? 0 : anew(at));
            at += longest >= NICE ? longest : 1;
        }
        settle(last - first);
        System.arraycopy(recents, Repeats.RECENT * (last - first), recent, 0, Repeats.RECENT);
        emit(last - first);
    }

    /** Works out what is recent at an offset that will not be reached more cheaply any more. */
    private void settle(int i) {
        if (i == 0) {
            System.arraycopy(recent, 0, recents, 0, Repeats.RECENT);
            return;
        }
        System.arraycopy(recents, Repeats.RECENT * origins[i], recents, Repeats.RECENT * i, Repeats.RECENT);
        if (distances[i] != 0) {
            Repeats.remember(recents, Repeats.RECENT * i, distances[i]);
        }
    }

    private void reach(int i, int length, int cost, int distance) {
        if (costs[i] + cost < costs[i + length]) {
            costs[i + length] = costs[i] + cost;
            origins[i + length] = i;
            distances[i + length] = distance;
        }
    }

    /** Tries the recent distances; returns the longest run. */
    private int again(int at) {
        int i = at - from;
        int longest = 0;
        for (int rank = 0; rank < Repeats.RECENT; rank++) {
            int distance = recents[Repeats.RECENT * i + rank];
            int length = length(at, distance);
            for (int n = length >= NICE ? length : 1; n <= length; n++) {
                reach(i, n, 40 + 13 * rank + lengthCost(n), distance);
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }

    /** How far the bytes at an offset agree with those at a distance, within the stretch and the window. */
    private int length(int at, int distance) {
        if (distance > 0 && distance <= Math.min(Repeats.WINDOW, at)) {
            int length = Arrays.mismatch(target, at - distance, end - distance, target, at, end);
            return length < 0 ? end - at : length;
        }
        int oldAt = old.length + at - distance;
        if (oldAt < 0 || oldAt >= old.length) {
            return 0;
        }
        int most = Math.min(end - at, old.length - oldAt);
        int length = Arrays.mismatch(old, oldAt, oldAt + most, target, at, at + most);
        return length < 0 ? most : length;
    }

    /** Looks for places not used lately; returns the longest run. */
    private int anew(int at) {
        int longest = 0;
        enter(at);
        int tries = TRIES;
        for (int p = newHeads[head(at)]; p >= 0 && at - p <= Repeats.WINDOW && tries-- > 0; p = chained(p)) {
            int bits = 31 - Integer.numberOfLeadingZeros(at - p);
            longest = Math.max(longest, offer(at, at - p, 40 + 16 * (3 + bits)));
        }
        if (at + 4 > target.length || old.length < 4) {
            return longest;
        }
        int hash = hash(target, at);
        int above = Arrays.binarySearch(oldOffsets, oldStarts[hash], oldStarts[hash + 1], at + shift);
        above = above < 0 ? -above - 1 : above;
        int below = above - 1;
        for (tries = TRIES; tries > 0; tries--) {
            boolean up = above < oldStarts[hash + 1];
            boolean down = below >= oldStarts[hash];
            if (!up && !down) {
                break;
            }
            boolean nearer = down && (!up || at + shift - oldOffsets[below] < oldOffsets[above] - at - shift);
            int oldAt = oldOffsets[nearer ? below-- : above++];
            int bits = 31 - Integer.numberOfLeadingZeros(Math.abs(oldAt - at - shift) + 1);
            longest = Math.max(longest, offer(at, old.length + at - oldAt, 40 + 16 * (4 + bits)));
        }
        return longest;
    }

    private int offer(int at, int distance, int cost) {
        int length = length(at, distance);
        for (int n = length >= NICE ? length : SHORTEST; n <= length; n++) {
            reach(at - from, n, cost + lengthCost(n - 1), distance);
        }
        return length;
    }

    private static int lengthCost(int length) {
        return 26 * (31 - Integer.numberOfLeadingZeros(length)) + 16;
    }

    private int head(int at) {
        return (three(target, at) * 0x9E37_79B1) >>> 20;
    }

    /** Enters the offsets before one into the chains. */
    private void enter(int at) {
        for (entered = Math.max(entered, at - Repeats.WINDOW); entered < at; entered++) {
            int head = head(entered);
            newChain[entered & Repeats.WINDOW - 1] = newHeads[head];
            newHeads[head] = entered;
        }
    }

    /** The offset before in the same chain, or -1 where the chain has been written over. */
    private int chained(int p) {
        int before = newChain[p & Repeats.WINDOW - 1];
        return before < p ? before : -1;
    }

    /** Adds the runs of the cheapest way to an offset, which was found from its end. */
    private void emit(int last) {
        int way = 0;
        for (int i = last; i > 0; ) {
            int origin = origins[i];
            origins[i] = way;
            way = i;
            i = origin;
        }
        for (int i = 0; way > 0; ) {
            int next = way;
            if (distances[next] != 0) {
                found.add(from + i, next - i, distances[next]);
            }
            way = origins[next];
            i = next;
        }
    }
}
