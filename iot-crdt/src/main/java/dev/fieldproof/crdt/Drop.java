package dev.fieldproof.crdt;

import java.util.Optional;

/**
 * One write that is not visible, and why. Immutable.
 *
 * @param reason why
 * @param key where
 * @param stamp which write
 * @param value what it wrote; empty for a removal
 * @param winner the write that is visible instead; empty if there is none
 */
public record Drop(Reason reason, int key, Dot stamp, Optional<Value> value, Optional<Dot> winner) {
    /** Why a write is not visible. */
    public enum Reason {
        /** A concurrent write to a shared key has the later stamp. */
        OVERWRITTEN,
        /** Its writer does not own the key. */
        NOT_OWNER,
        /** The schema has no such key. */
        UNKNOWN_KEY,
        /** Its clock ran too far ahead; see {@link Quarantine}. */
        QUARANTINED,
        /** Another content bears the same stamp: two devices write under one identity. */
        CLASH,
        /** It bears this replica's own present life, but this replica did not write it: a clone is about. */
        FOREIGN_LIFE
    }
}
