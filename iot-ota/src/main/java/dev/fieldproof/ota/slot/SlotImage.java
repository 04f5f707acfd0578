package dev.fieldproof.ota.slot;

/**
 * A whole image in a slot. Immutable.
 *
 * @param version ever greater with newer images, 1 to 4,294,967,295
 * @param securityVersion for anti-rollback, 0 to 4,294,967,295
 * @param lengthBytes of the image, at least 1
 */
public record SlotImage(long version, long securityVersion, int lengthBytes) {
    private static final long MAX_U32 = 0xFFFF_FFFFL;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public SlotImage {
        if (version < 1 || version > MAX_U32 || securityVersion < 0 || securityVersion > MAX_U32 || lengthBytes < 1) {
            throw new IllegalArgumentException("image version " + version + ", security version " + securityVersion
                    + ", " + lengthBytes + " bytes");
        }
    }
}
