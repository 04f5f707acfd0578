package dev.fieldproof.ota.delta;

/**
 * What a decoder accepts from a patch, checked before anything is allocated.
 *
 * @param maxTargetBytes largest new image
 * @param maxCopies largest number of copies; each costs 16 bytes in this implementation
 */
public record DeltaLimits(long maxTargetBytes, int maxCopies) {
    /** New images to 256 MiB and a million copies. */
    public static final DeltaLimits DEFAULT = new DeltaLimits(256L << 20, 1 << 20);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if a limit is negative
     */
    public DeltaLimits {
        if (maxTargetBytes < 0 || maxCopies < 0) {
            throw new IllegalArgumentException("negative limit: " + maxTargetBytes + ", " + maxCopies);
        }
    }
}
