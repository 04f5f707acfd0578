package dev.fieldproof.crdt;

/** Hears of every write that a replica received or held and does not show. Called on the replica's thread. */
@FunctionalInterface
public interface DropListener {
    /**
     * A write is not visible.
     *
     * @param drop which and why
     */
    void dropped(Drop drop);
}
