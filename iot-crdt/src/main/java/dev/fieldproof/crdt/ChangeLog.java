package dev.fieldproof.crdt;

import java.util.Arrays;

/**
 * Which keys changed in which order, each counted at its last change only: a log of keys whose stale cells are dropped
 * when it is full. Positions grow for ever; a position from before a compaction leads to a superset of what changed
 * since, never to a gap. About 6 bytes a key, and the cell that its entry remembers.
 */
final class ChangeLog {
    private final Columns columns;
    private int[] log = new int[16];
    private int length;
    private long base;

    ChangeLog(Columns columns) {
        this.columns = columns;
    }

    long position() {
        return base + length;
    }

    /** Moves the position although no key changed: something else did that followers have to hear of. */
    void mark() {
        base++;
    }

    void touch(int key) {
        if (length == log.length) {
            compact();
        }
        columns.setCell(key, length);
        log[length++] = key;
    }

    private void compact() {
        int kept = 0;
        for (int cell = 0; cell < length; cell++) {
            int key = log[cell];
            if (columns.cell(key) == cell) {
                columns.setCell(key, kept);
                log[kept++] = key;
            }
        }
        base += length - kept;
        length = kept;
        if (kept > log.length - log.length / 3) {
            log = Arrays.copyOf(log, kept + kept / 2 + 8);
        }
    }

    /** The first live cell at or after a position; {@code length} if there is none. */
    int firstCell(long position) {
        return (int) Math.max(0, Math.min(length, position - base));
    }

    int length() {
        return length;
    }

    /** The key whose last change is in this cell, or -1 if it changed again later. */
    int keyAt(int cell) {
        int key = log[cell];
        return columns.cell(key) == cell ? key : -1;
    }

    long positionAfter(int cell) {
        return base + cell + 1;
    }
}
