package dev.fieldproof.ota.delta;

/** The patch formats that are read and written. */
public enum PatchFormat {
    /** The format of this library: see DELTA-FORMAT.md beside the sources. */
    FIELDPROOF,
    /** The format of bsdiff 4.x; it checks neither source nor target. */
    BSDIFF40
}
