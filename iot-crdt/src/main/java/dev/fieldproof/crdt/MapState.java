package dev.fieldproof.crdt;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a replica of a map holds: entries by key, the log of their changes, the lives that wrote them. */
final class MapState {
    final int maxKeys;
    final Columns columns = new Columns(0);
    final ChangeLog log = new ChangeLog(0);
    final Lives lives;
    final Map<WriterId, Dot> floors = new HashMap<>();
    int live;
    int held;

    MapState(int maxKeys, Boot self) {
        this.maxKeys = maxKeys;
        this.lives = new Lives(self);
    }

    void store(int key, int line, long counter, byte kind, long bits, @Nullable Object object) {
        if (key >= columns.kinds.length) {
            int capacity = (int) Math.min(maxKeys, Math.max(key + 1L, key + key / 2 + 8L));
            columns.grow(capacity);
            log.grow(capacity);
        }
        byte before = columns.kinds[key];
        held += before == Kind.NONE ? 1 : 0;
        live += (kind == Kind.REMOVED ? 0 : 1) - (before == Kind.REMOVED || before == Kind.NONE ? 0 : 1);
        columns.set(key, line, counter, kind, bits, object);
        log.touch(key);
    }

    /** Forgets a removal, except that it happened. */
    void forget(int key) {
        raiseFloor(dot(columns.lines[key], columns.counters[key]));
        columns.kinds[key] = Kind.NONE;
        log.forget(key);
        held--;
    }

    boolean holds(int key) {
        return key >= 0 && key < columns.kinds.length && columns.kinds[key] != Kind.NONE;
    }

    Dot dot(int line, long counter) {
        return new Dot(lives.get(line), counter);
    }

    Optional<Dot> stampOf(int key) {
        return holds(key) ? Optional.of(dot(columns.lines[key], columns.counters[key])) : Optional.empty();
    }

    Optional<LwwMap.Entry> entry(int key) {
        return stampOf(key).map(stamp -> new LwwMap.Entry(key, stamp, Optional.ofNullable(columns.value(key))));
    }

    /** Compares a write to the one held: positive if it is later. */
    int compare(int key, boolean shared, int line, long counter) {
        int heldLine = columns.lines[key];
        int byCounter = Long.compare(counter, columns.counters[key]);
        if (heldLine == line || (shared && byCounter != 0)) {
            return byCounter;
        }
        return lives.get(line).compareTo(lives.get(heldLine));
    }

    boolean aboveFloor(int line, long counter) {
        Dot floor = floors.get(lives.get(line).writer());
        return floor == null || dot(line, counter).compareTo(floor) > 0;
    }

    void raiseFloor(Dot floor) {
        floors.merge(floor.boot().writer(), floor, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
}
