package dev.fieldproof.ota.slot;

/** What a slot is good for. */
public enum SlotState {
    /** Nothing that could boot. */
    EMPTY,
    /** An image is on its way in. */
    STAGING,
    /** A whole image that is not to be booted: an older one, or one not yet activated. */
    READY,
    /** To be booted, and to be given up unless it is confirmed in time. */
    TRIAL,
    /** The image to boot. */
    CONFIRMED,
    /** An image that was given up. */
    FAILED
}
