package dev.fieldproof.crdt;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells of writes that are not visible: to the audit ring, to the listener, and to the count of alarms. */
final class Losses {
    final AuditRing audit = new AuditRing(LwwMap.AUDIT_LIMIT);
    final Quarantine quarantine = new Quarantine();
    DropListener listener = drop -> {};
    long clashes;

    /** An arriving write that is not going to be visible. */
    void arriving(Drop.Reason reason, int key, Dot stamp, @Nullable Value value, Optional<Dot> winner) {
        tell(new Drop(reason, key, stamp, Optional.ofNullable(value), winner));
    }

    /** A write that was visible until now. */
    void held(Drop.Reason reason, LwwMap.Entry entry, Dot winner) {
        tell(new Drop(reason, entry.key(), entry.stamp(), entry.value(), Optional.of(winner)));
    }

    private void tell(Drop drop) {
        if (drop.reason() == Drop.Reason.CLASH || drop.reason() == Drop.Reason.FOREIGN_LIFE) {
            clashes++;
        }
        audit.add(drop);
        listener.dropped(drop);
    }
}
