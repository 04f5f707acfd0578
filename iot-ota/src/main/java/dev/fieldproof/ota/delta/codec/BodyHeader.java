package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.Segments;

/**
 * What the decoder of a body must know before its first bit.
 *
 * @param full true for the full profile, false for the small one
 * @param isa number of the instruction set, an index of {@code Isa.all()}
 * @param typeMask reference types in use
 * @param oldSegments where the parts of the old image are loaded
 * @param newSegments the same of the new image
 * @param oldSize old image in bytes
 * @param newSize new image in bytes
 * @param copies number of copies
 */
public record BodyHeader(
        boolean full,
        int isa,
        int typeMask,
        Segments oldSegments,
        Segments newSegments,
        int oldSize,
        int newSize,
        int copies) {
    /** The longest copy of the small profile in bytes, so that a device needs only 8 bytes for each. */
    public static final int MAX_SMALL_COPY = 0xFFFF;
}
