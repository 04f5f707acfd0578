package dev.fieldproof.crdt;

import org.jspecify.annotations.Nullable;

/** Tells of writes that are not visible: to the audit ring, to the listener, and to the count of alarms. */
final class Losses {
    private static final DropListener NOBODY = drop -> {};

    final AuditRing audit = new AuditRing(LwwMap.AUDIT_LIMIT);
    final Quarantine quarantine = new Quarantine();
    DropListener listener = NOBODY;
    long clashes;
    private final MapState state;

    Losses(MapState state) {
        this.state = state;
    }

    /** An arriving write that is not going to be visible. */
    void arriving(Drop.Reason reason, int key, int line, long counter, byte kind, long bits, @Nullable Object object) {
        Columns held = state.columns;
        Boot boot = state.lives.get(line);
        if (state.holds(key)) {
            Boot winner = state.lives.get(held.line(key));
            audit.add(reason, key, boot, counter, kind, bits, object, winner, held.counter(key));
        } else {
            audit.add(reason, key, boot, counter, kind, bits, object, null, 0);
        }
        tell(reason);
    }

    /** A write that was visible until now. */
    void held(Drop.Reason reason, int key, int winner, long winnerCounter) {
        Columns held = state.columns;
        audit.add(
                reason,
                key,
                state.lives.get(held.line(key)),
                held.counter(key),
                held.kind(key),
                held.bits(key),
                held.object(key),
                state.lives.get(winner),
                winnerCounter);
        tell(reason);
    }

    @SuppressWarnings("ReferenceEquality") // nobody is one object
    private void tell(Drop.Reason reason) {
        if (reason == Drop.Reason.CLASH || reason == Drop.Reason.FOREIGN_LIFE) {
            clashes++;
        }
        if (listener != NOBODY) {
            listener.dropped(audit.last());
        }
    }
}
