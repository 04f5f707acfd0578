package dev.fieldproof.ota.slot;

/** What a power-on leads to. */
public sealed interface BootOutcome {
    /**
     * An image runs.
     *
     * @param slot which slot
     * @param trial whether it is on trial and must be confirmed
     */
    record Running(int slot, boolean trial) implements BootOutcome {}

    /** No slot holds an image that may boot: only the recovery loader can help. */
    record Unbootable() implements BootOutcome {}
}
