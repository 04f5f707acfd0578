package dev.fieldproof.crdt;

import java.util.ArrayDeque;
import java.util.List;

/** The last writes that a merge made or left invisible, up to a limit; it counts what it forgets. Not thread-safe. */
public final class AuditRing {
    private final ArrayDeque<Drop> ring = new ArrayDeque<>();
    private final int limit;
    private long forgotten;

    /**
     * Starts empty.
     *
     * @param limit most drops kept, at least 0
     */
    AuditRing(int limit) {
        this.limit = limit;
    }

    void add(Drop drop) {
        ring.add(drop);
        if (ring.size() > limit) {
            ring.remove();
            forgotten++;
        }
    }

    /**
     * What is kept.
     *
     * @return a copy, oldest first
     */
    public List<Drop> drops() {
        return List.copyOf(ring);
    }

    /**
     * What the limit pushed out.
     *
     * @return how many drops are no longer kept
     */
    public long forgotten() {
        return forgotten;
    }
}
