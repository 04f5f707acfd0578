package dev.fieldproof.ota.rollout;

import java.nio.ByteBuffer;

/**
 * What a campaign keeps of each device, 16 bytes side by side: devices are visited in a shuffled order, and one visit
 * then costs one line of the processor's cache instead of five. Devices are in first-in-first-out lists, each in one
 * list at most.
 */
final class DeviceCells {
    private static final int CELL = 4;
    private static final int NEXT = 0;
    private static final int PREVIOUS = 1;
    /** Seconds since the campaign's start when the device came to its list. */
    private static final int SINCE = 2;
    /** From the low end: state 4 bits, attempts 4, rhythm 3, upgraded 1; condition in the upper half. */
    private static final int WORD = 3;

    private static final int STATE_MASK = 15;
    private static final int ATTEMPT = 1 << 4;
    private static final int RHYTHM_SHIFT = 8;
    private static final int UPGRADED = 1 << 11;
    private static final int CONDITION_SHIFT = 16;

    private final int devices;
    private final int[] cells;

    /** Each list is a ring through a cell of its own beyond the devices. */
    DeviceCells(Fleet fleet, int lists) {
        devices = fleet.size();
        cells = new int[CELL * (devices + lists)];
        for (int i = 0; i < devices + lists; i++) {
            cells[CELL * i + NEXT] = i;
            cells[CELL * i + PREVIOUS] = i;
        }
        for (int device = 0; device < devices; device++) {
            cells[CELL * device + WORD] = fleet.rhythm(device) << RHYTHM_SHIFT;
        }
    }

    int state(int device) {
        return cells[CELL * device + WORD] & STATE_MASK;
    }

    void state(int device, int state) {
        int at = CELL * device + WORD;
        cells[at] = (cells[at] & ~STATE_MASK) | state;
    }

    int attempts(int device) {
        return cells[CELL * device + WORD] >> 4 & 15;
    }

    void addAttempt(int device) {
        cells[CELL * device + WORD] += ATTEMPT;
    }

    int rhythm(int device) {
        return cells[CELL * device + WORD] >> RHYTHM_SHIFT & 7;
    }

    boolean isUpgraded(int device) {
        return (cells[CELL * device + WORD] & UPGRADED) != 0;
    }

    void upgraded(int device, boolean enough) {
        int at = CELL * device + WORD;
        cells[at] = enough ? cells[at] | UPGRADED : cells[at] & ~UPGRADED;
    }

    short condition(int device) {
        return (short) (cells[CELL * device + WORD] >> CONDITION_SHIFT);
    }

    void condition(int device, short condition) {
        int at = CELL * device + WORD;
        cells[at] = (cells[at] & 0xFFFF) | condition << CONDITION_SHIFT;
    }

    int since(int device) {
        return cells[CELL * device + SINCE];
    }

    boolean isEmpty(int list) {
        return cells[CELL * (devices + list) + NEXT] == devices + list;
    }

    /** The first of a list; it must not be empty. */
    int first(int list) {
        return cells[CELL * (devices + list) + NEXT];
    }

    void remove(int device) {
        int at = CELL * device;
        int next = cells[at + NEXT];
        if (next != device) {
            int previous = cells[at + PREVIOUS];
            cells[CELL * previous + NEXT] = next;
            cells[CELL * next + PREVIOUS] = previous;
            cells[at + NEXT] = device;
            cells[at + PREVIOUS] = device;
        }
    }

    void moveToEnd(int device, int list, int sinceSeconds) {
        remove(device);
        int at = CELL * device;
        int ring = devices + list;
        int last = cells[CELL * ring + PREVIOUS];
        cells[at + PREVIOUS] = last;
        cells[at + NEXT] = ring;
        cells[at + SINCE] = sinceSeconds;
        cells[CELL * last + NEXT] = device;
        cells[CELL * ring + PREVIOUS] = device;
    }

    /** Appends all of one list to another. */
    void splice(int from, int to) {
        if (isEmpty(from)) {
            return;
        }
        int ring = devices + from;
        int target = devices + to;
        int first = cells[CELL * ring + NEXT];
        int last = cells[CELL * ring + PREVIOUS];
        int before = cells[CELL * target + PREVIOUS];
        cells[CELL * before + NEXT] = first;
        cells[CELL * first + PREVIOUS] = before;
        cells[CELL * last + NEXT] = target;
        cells[CELL * target + PREVIOUS] = last;
        cells[CELL * ring + NEXT] = ring;
        cells[CELL * ring + PREVIOUS] = ring;
    }

    int size() {
        return devices;
    }

    void write(ByteBuffer out) {
        Snapshots.put(out, cells);
    }

    void read(ByteBuffer in) {
        Snapshots.get(in, cells);
    }

    int snapshotBytes() {
        return 4 * cells.length;
    }
}
