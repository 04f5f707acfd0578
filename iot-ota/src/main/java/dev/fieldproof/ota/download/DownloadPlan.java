package dev.fieldproof.ota.download;

import dev.fieldproof.ota.slot.ChunkHashes;

/**
 * What to fetch, as verified metadata describes it. As thread-safe as its hashes: use one plan for one download.
 *
 * @param lengthBytes of the file, at least 1
 * @param blockBytes size of all blocks but the last, at least 1
 * @param hashes what each block must be
 */
public record DownloadPlan(long lengthBytes, int blockBytes, ChunkHashes hashes) {
    /**
     * Checks that the parts fit each other.
     *
     * @throws IllegalArgumentException if the number of hashes is not the number of blocks
     */
    public DownloadPlan {
        if (lengthBytes < 1 || blockBytes < 1 || hashes.count() != (lengthBytes + blockBytes - 1) / blockBytes) {
            throw new IllegalArgumentException(
                    hashes.count() + " hashes for " + lengthBytes + " bytes in blocks of " + blockBytes);
        }
    }

    /**
     * How many blocks there are.
     *
     * @return at least 1
     */
    public int blocks() {
        return hashes.count();
    }

    /**
     * Where a block begins.
     *
     * @param block its index, from 0
     * @return offset in the file; for the index after the last, the length of the file
     */
    public long offsetOf(int block) {
        return Math.min((long) block * blockBytes, lengthBytes);
    }

    /**
     * The length of a block.
     *
     * @param block its index, from 0
     * @return bytes
     */
    public int lengthOf(int block) {
        return (int) (offsetOf(block + 1) - offsetOf(block));
    }
}
