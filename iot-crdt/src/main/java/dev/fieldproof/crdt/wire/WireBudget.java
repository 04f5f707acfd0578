package dev.fieldproof.crdt.wire;

/**
 * What a decoder may be made to do by its input. Immutable.
 *
 * @param maxBytes longest input
 * @param maxEntries most entries in it
 */
public record WireBudget(int maxBytes, int maxEntries) {
    /** 16 MiB and a million entries. */
    public static final WireBudget DEFAULT = new WireBudget(1 << 24, 1 << 20);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is negative
     */
    public WireBudget {
        if (maxBytes < 0 || maxEntries < 0) {
            throw new IllegalArgumentException("negative budget: " + maxBytes + " bytes, " + maxEntries + " entries");
        }
    }
}
