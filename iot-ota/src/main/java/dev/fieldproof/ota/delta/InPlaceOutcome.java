package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;

/** How an in-place update, or its recovery after a restart, ended. */
public sealed interface InPlaceOutcome {
    /**
     * The new image is in its place, and checked.
     *
     * @param imageBytes its size
     * @param digest its SHA-256
     */
    record Patched(int imageBytes, Digest digest) implements InPlaceOutcome {}

    /** No patch was complete: the image is as it was, whatever was fed before the restart. */
    record Untouched() implements InPlaceOutcome {}

    /**
     * The journal has no room for this patch; the image is as it was.
     *
     * @param neededSectors how many sectors would do
     */
    record JournalTooSmall(int neededSectors) implements InPlaceOutcome {}
}
