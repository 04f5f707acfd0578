package dev.fieldproof.ota.rollout;

import java.nio.ByteBuffer;

/** First-in-first-out lists of devices, each device in one list at most, eight bytes a device. */
final class DeviceLists {
    private final int devices;
    private final int[] next;
    private final int[] previous;

    /** Each list is a ring through an element of its own beyond the devices. */
    DeviceLists(int devices, int lists) {
        this.devices = devices;
        next = new int[devices + lists];
        previous = new int[devices + lists];
        for (int i = 0; i < next.length; i++) {
            next[i] = i;
            previous[i] = i;
        }
    }

    boolean isEmpty(int list) {
        return next[devices + list] == devices + list;
    }

    /** The first of a list; it must not be empty. */
    int first(int list) {
        return next[devices + list];
    }

    void remove(int device) {
        next[previous[device]] = next[device];
        previous[next[device]] = previous[device];
        next[device] = device;
        previous[device] = device;
    }

    void moveToEnd(int device, int list) {
        remove(device);
        int ring = devices + list;
        previous[device] = previous[ring];
        next[device] = ring;
        next[previous[ring]] = device;
        previous[ring] = device;
    }

    /** Appends all of one list to another. */
    void splice(int from, int to) {
        if (isEmpty(from)) {
            return;
        }
        int ring = devices + from;
        int target = devices + to;
        int first = next[ring];
        int last = previous[ring];
        next[previous[target]] = first;
        previous[first] = previous[target];
        next[last] = target;
        previous[target] = last;
        next[ring] = ring;
        previous[ring] = ring;
    }

    void write(ByteBuffer out) {
        Snapshots.put(out, next);
        Snapshots.put(out, previous);
    }

    void read(ByteBuffer in) {
        Snapshots.get(in, next);
        Snapshots.get(in, previous);
    }

    int snapshotBytes() {
        return 8 * next.length;
    }
}
