package dev.fieldproof.ota.tuf;

/**
 * What a client accepts at most, and how strictly it reads key ids.
 *
 * @param maxRootBytes longest root metadata
 * @param maxTimestampBytes longest timestamp metadata
 * @param maxSnapshotBytes longest snapshot metadata, also where the timestamp states a greater length
 * @param maxTargetsBytes longest targets metadata, also where the snapshot states a greater length
 * @param maxRootRotations most new roots taken in one refresh; the next refresh goes on from there
 * @param maxDelegations most delegated roles visited in the search for one target
 * @param computedKeyIds whether every key id must be the SHA-256 of its key; otherwise ids need only be unique, as
 *     repositories with keys from several tools have them (TAP 12)
 */
public record TufLimits(
        int maxRootBytes,
        int maxTimestampBytes,
        int maxSnapshotBytes,
        int maxTargetsBytes,
        int maxRootRotations,
        int maxDelegations,
        boolean computedKeyIds) {
    /** Limits for a fleet's repository: 512 KB, 16 KB, 2 MB, 5 MB, 256 roots, 32 roles, computed key ids. */
    public static final TufLimits DEFAULT = new TufLimits(512_000, 16_384, 2_000_000, 5_000_000, 256, 32, true);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is not positive
     */
    public TufLimits {
        if (Math.min(Math.min(maxRootBytes, maxTimestampBytes), Math.min(maxSnapshotBytes, maxTargetsBytes)) < 1
                || maxRootRotations < 1
                || maxDelegations < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    /**
     * The same, with key ids that need only be unique.
     *
     * @return a copy
     */
    public TufLimits withUniqueKeyIds() {
        return new TufLimits(
                maxRootBytes,
                maxTimestampBytes,
                maxSnapshotBytes,
                maxTargetsBytes,
                maxRootRotations,
                maxDelegations,
                false);
    }

    /**
     * The same, with another number of roots.
     *
     * @param rotations most new roots taken in one refresh
     * @return a copy
     */
    public TufLimits withMaxRootRotations(int rotations) {
        return new TufLimits(
                maxRootBytes,
                maxTimestampBytes,
                maxSnapshotBytes,
                maxTargetsBytes,
                rotations,
                maxDelegations,
                computedKeyIds);
    }
}
