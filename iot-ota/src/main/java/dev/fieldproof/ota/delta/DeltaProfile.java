package dev.fieldproof.ota.delta;

/** How much memory a patch may ask of the decoder. */
public enum DeltaProfile {
    /** For microcontrollers: about 48 KiB of state and 12 bytes per copy. */
    SMALL,
    /** For gateways and servers: some megabytes of state, smaller patches. */
    FULL
}
