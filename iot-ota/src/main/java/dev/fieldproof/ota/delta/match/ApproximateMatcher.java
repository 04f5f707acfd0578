package dev.fieldproof.ota.delta.match;

/**
 * Approximate matching after C. Percival, "Naive Differences of Executable Code", 2003: an exact match is taken up when
 * it beats, by more than a threshold, what going on with the copy before would match; each copy then grows both ways
 * for as long as at least half of the bytes agree.
 */
public final class ApproximateMatcher {
    private final byte[] old;
    private final byte[] target;
    private final MatchFinder finder;
    private final int threshold;
    private final Copies copies = new Copies();

    private int lastScan;
    private int lastOld;

    private ApproximateMatcher(byte[] old, byte[] target, MatchFinder finder, int threshold) {
        this.old = old;
        this.target = target;
        this.finder = finder;
        this.threshold = threshold;
    }

    /**
     * Finds copies.
     *
     * @param old the old image
     * @param target the new image
     * @param finder finds matches between the two
     * @param threshold by how many bytes a match must beat the copy before, 8 in bsdiff
     * @return the copies in the order of the new image
     */
    public static Copies match(byte[] old, byte[] target, MatchFinder finder, int threshold) {
        return new ApproximateMatcher(old, target, finder, threshold).run();
    }

    private Copies run() {
        int scan = 0;
        int length = 0;
        int lastShift = 0;
        while (scan < target.length) {
            int agreeing = 0;
            scan += length;
            length = 0;
            int counted = scan;
            for (; scan < target.length; scan++) {
                finder.find(scan, lastShift);
                length = finder.length();
                for (; counted < scan + length; counted++) {
                    if (agrees(counted + lastShift, counted)) {
                        agreeing++;
                    }
                }
                if ((length == agreeing && length != 0) || length > agreeing + threshold) {
                    break;
                }
                if (agrees(scan + lastShift, scan)) {
                    agreeing--;
                }
            }
            if (length != agreeing || scan >= target.length) {
                int oldAt = scan < target.length ? finder.oldAt() : 0;
                int back = take(scan, oldAt);
                lastScan = scan - back;
                lastOld = oldAt - back;
                lastShift = oldAt - scan;
            }
        }
        return copies;
    }

    private boolean agrees(int oldAt, int targetAt) {
        return oldAt >= 0 && oldAt < old.length && old[oldAt] == target[targetAt];
    }

    /**
     * Ends the copy before, which began at {@code lastScan}; returns how far the next one reaches back from its match.
     */
    private int take(int scan, int oldAt) {
        int forward = bestForward(scan);
        int back = scan < target.length ? bestBackward(scan, oldAt) : 0;
        int overlap = lastScan + forward - (scan - back);
        if (overlap > 0) {
            int keep = bestSplit(scan - back, oldAt - back, overlap);
            forward += keep - overlap;
            back -= keep;
        }
        copies.add(lastScan, lastOld, forward);
        return back;
    }

    private int bestForward(int scan) {
        int best = 0;
        int bestScore = 0;
        int score = 0;
        for (int i = 0; lastScan + i < scan && lastOld + i < old.length; i++) {
            score += old[lastOld + i] == target[lastScan + i] ? 1 : -1;
            if (score > bestScore) {
                bestScore = score;
                best = i + 1;
            }
        }
        return best;
    }

    private int bestBackward(int scan, int oldAt) {
        int best = 0;
        int bestScore = 0;
        int score = 0;
        for (int i = 1; scan - i >= lastScan && oldAt - i >= 0; i++) {
            score += old[oldAt - i] == target[scan - i] ? 1 : -1;
            if (score > bestScore) {
                bestScore = score;
                best = i;
            }
        }
        return best;
    }

    /** How many of the first bytes that both copies could give are better taken from the one before. */
    private int bestSplit(int from, int oldFrom, int overlap) {
        int best = 0;
        int bestScore = 0;
        int score = 0;
        for (int i = 0; i < overlap; i++) {
            if (old[lastOld + from - lastScan + i] == target[from + i]) {
                score++;
            }
            if (old[oldFrom + i] == target[from + i]) {
                score--;
            }
            if (score > bestScore) {
                bestScore = score;
                best = i + 1;
            }
        }
        return best;
    }
}
