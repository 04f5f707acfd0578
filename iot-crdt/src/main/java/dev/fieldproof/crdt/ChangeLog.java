package dev.fieldproof.crdt;

import java.util.Arrays;

/**
 * Which keys changed in which order, each counted at its last change only: a log of keys whose stale cells are dropped
 * when it is full. Positions grow for ever; a position from before a compaction leads to a superset of what changed
 * since, never to a gap. About 12 bytes a key.
 */
final class ChangeLog {
    private int[] log;
    private int[] cellOf;
    private int length;
    private long base;

    ChangeLog(int capacity) {
        log = new int[Math.max(16, capacity + capacity / 2)];
        cellOf = new int[capacity];
        Arrays.fill(cellOf, -1);
    }

    void grow(int capacity) {
        int old = cellOf.length;
        cellOf = Arrays.copyOf(cellOf, capacity);
        Arrays.fill(cellOf, old, capacity, -1);
    }

    long position() {
        return base + length;
    }

    /** Moves the position without a change, when a log is restored. */
    void startAt(long position) {
        base = position - length;
    }

    void touch(int key) {
        if (length == log.length) {
            compact();
        }
        cellOf[key] = length;
        log[length++] = key;
    }

    private void compact() {
        int kept = 0;
        for (int cell = 0; cell < length; cell++) {
            int key = log[cell];
            if (cellOf[key] == cell) {
                cellOf[key] = kept;
                log[kept++] = key;
            }
        }
        base += length - kept;
        length = kept;
        if (kept > log.length - log.length / 3) {
            log = Arrays.copyOf(log, log.length + log.length / 2);
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
        return cellOf[key] == cell ? key : -1;
    }

    long positionAfter(int cell) {
        return base + cell + 1;
    }

    /** How many keys changed since a position, at most; an upper bound that costs nothing. */
    int changedSince(long position) {
        return length - firstCell(position);
    }

    /** Forgets that a key was ever there. */
    void forget(int key) {
        cellOf[key] = -1;
    }
}
