package dev.fieldproof.sparkplug.host;

import java.util.ArrayList;
import java.util.List;

/**
 * Which positions of one edge node's sample log have been received: drops what comes twice, counts what never came, and
 * knows up to where everything did ({@link dev.fieldproof.sparkplug.StoreAndForward}). Not thread-safe.
 */
final class ReceiptLedger {
    private static final int MAX_RANGES = 1_024;

    private final long logId;
    private final List<long[]> ranges = new ArrayList<>();
    private long history;
    private long live;
    private long duplicates;
    private long lost;

    ReceiptLedger(long logId) {
        this.logId = logId;
    }

    long logId() {
        return logId;
    }

    long duplicates() {
        return duplicates;
    }

    /** Samples that the node let go before any host had them. */
    long lost() {
        return lost;
    }

    /** A session begins: what lies before its first position will not come any more. */
    void born(long first, long next) {
        giveUp(first);
        history = first;
        live = next;
    }

    /** The node skipped to a position of its history. */
    void jump(long position) {
        history = position;
    }

    private void giveUp(long before) {
        if (ranges.isEmpty()) {
            ranges.add(new long[] {before, before});
            return;
        }
        long end = ranges.get(0)[1];
        while (end < before) {
            long gapEnd = ranges.size() > 1 ? Math.min(before, ranges.get(1)[0]) : before;
            lost += gapEnd - end;
            ranges.get(0)[1] = gapEnd;
            mergeFirst();
            end = ranges.get(0)[1];
        }
    }

    private void mergeFirst() {
        while (ranges.size() > 1 && ranges.get(0)[1] >= ranges.get(1)[0]) {
            long[] second = ranges.remove(1);
            ranges.get(0)[1] = Math.max(ranges.get(0)[1], second[1]);
        }
    }

    /** Counts one sample; false if it was received before. */
    boolean accept(boolean historical) {
        long position = historical ? history++ : live++;
        for (int i = ranges.size() - 1; i >= 0; i--) {
            long[] range = ranges.get(i);
            if (position >= range[0] && position < range[1]) {
                duplicates++;
                return false;
            }
            if (position == range[1]) {
                range[1]++;
                if (i + 1 < ranges.size() && ranges.get(i + 1)[0] == range[1]) {
                    range[1] = ranges.remove(i + 1)[1];
                }
                return true;
            }
            if (position > range[1]) {
                ranges.add(i + 1, new long[] {position, position + 1});
                if (i + 2 < ranges.size() && ranges.get(i + 2)[0] == position + 1) {
                    ranges.get(i + 1)[1] = ranges.remove(i + 2)[1];
                }
                bound();
                return true;
            }
        }
        // Before the first known position: it was given up, or the node repeats what was acknowledged.
        duplicates++;
        return false;
    }

    private void bound() {
        if (ranges.size() > MAX_RANGES) {
            giveUp(ranges.get(1)[0]);
        }
    }

    /** Everything before this position was received or is lost for good. */
    long receivedUpTo() {
        return ranges.isEmpty() ? 0 : ranges.get(0)[1];
    }

    /** Positions between the first and the last received one that have not come, and still may. */
    long missing() {
        long missing = 0;
        for (int i = 1; i < ranges.size(); i++) {
            missing += ranges.get(i)[0] - ranges.get(i - 1)[1];
        }
        return missing;
    }
}
