package dev.fieldproof.ota.delta;

/** How much memory a patch may ask of the decoder. */
public enum DeltaProfile {
    /** For microcontrollers: about 22 KiB of state and 8 bytes per copy. */
    SMALL,
    /** For gateways and servers: 24 MiB of state, smaller patches. */
    FULL
}
