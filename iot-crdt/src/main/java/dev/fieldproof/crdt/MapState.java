package dev.fieldproof.crdt;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a replica of a map holds: entries by key, the log of their changes, the lives that wrote them. */
final class MapState {
    final int maxKeys;
    final Columns columns;
    final ChangeLog log;
    final Lives lives;
    /** By the writer of owned keys; one for all shared keys under {@link WriterId#SHARED}. */
    final Map<WriterId, Dot> floors = new TreeMap<>();

    int live;
    int held;

    MapState(int maxKeys, Boot self) {
        this(maxKeys, new Columns(), new Lives(self));
    }

    private MapState(int maxKeys, Columns columns, Lives lives) {
        this.maxKeys = maxKeys;
        this.columns = columns;
        this.log = new ChangeLog(columns);
        this.lives = lives;
    }

    /** The entries alone, to be read. */
    MapState copy() {
        MapState copy = new MapState(maxKeys, columns.copy(), lives.copy());
        copy.live = live;
        copy.held = held;
        return copy;
    }

    void store(int key, int line, long counter, byte kind, long bits, @Nullable Object object) {
        if (key >= columns.capacity()) {
            columns.grow((int) Math.min(maxKeys, Math.max(key + 1L, key + key / 2 + 8L)));
        }
        byte before = columns.kind(key);
        held += before == Kind.NONE ? 1 : 0;
        live += (kind == Kind.REMOVED ? 0 : 1) - (before == Kind.REMOVED || before == Kind.NONE ? 0 : 1);
        columns.set(key, line, counter, kind, bits, object);
        log.touch(key);
    }

    /** Forgets a removal, except that it happened. */
    void forget(int key, boolean shared) {
        raiseFloor(shared, dot(columns.line(key), columns.counter(key)));
        columns.forget(key);
        held--;
    }

    boolean holds(int key) {
        return key >= 0 && key < columns.capacity() && columns.kind(key) != Kind.NONE;
    }

    Dot dot(int line, long counter) {
        return new Dot(lives.get(line), counter);
    }

    Optional<Dot> stampOf(int key) {
        return holds(key) ? Optional.of(dot(columns.line(key), columns.counter(key))) : Optional.empty();
    }

    Optional<LwwMap.Entry> entry(int key) {
        return stampOf(key).map(stamp -> new LwwMap.Entry(key, stamp, Optional.ofNullable(columns.value(key))));
    }

    /** Compares a write to the one held: positive if it is later. */
    int compare(int key, boolean shared, int line, long counter) {
        int heldLine = columns.line(key);
        int byCounter = Long.compare(counter, columns.counter(key));
        if (heldLine == line || (shared && byCounter != 0)) {
            return byCounter;
        }
        return lives.get(line).compareTo(lives.get(heldLine));
    }

    boolean aboveFloor(boolean shared, int line, long counter) {
        if (floors.isEmpty()) {
            return true;
        }
        Dot floor = floors.get(shared ? WriterId.SHARED : lives.get(line).writer());
        return floor == null || compare(shared, dot(line, counter), floor) > 0;
    }

    void raiseFloor(boolean shared, Dot floor) {
        WriterId writer = shared ? WriterId.SHARED : floor.boot().writer();
        floors.merge(writer, floor, (a, b) -> compare(shared, a, b) >= 0 ? a : b);
    }

    private static int compare(boolean shared, Dot a, Dot b) {
        int byCounter = shared ? Long.compare(a.counter(), b.counter()) : 0;
        return byCounter != 0 ? byCounter : a.compareTo(b);
    }
}
