package dev.fieldproof.ota.slot;

/**
 * An image that is to be staged, as verified metadata describes it.
 *
 * @param imageId tells images apart in the journal: the first 4 bytes of the image's digest, for example
 * @param image version and length
 * @param chunkBytes size of all chunks but the last, a multiple of the sector size
 * @param hashes what each chunk must be
 */
public record ImagePlan(int imageId, SlotImage image, int chunkBytes, ChunkHashes hashes) {
    /**
     * Checks that the parts fit each other.
     *
     * @throws IllegalArgumentException if the number of hashes is not the number of chunks
     */
    public ImagePlan {
        if (chunkBytes < 1 || hashes.count() != (image.lengthBytes() + (long) chunkBytes - 1) / chunkBytes) {
            throw new IllegalArgumentException(
                    hashes.count() + " hashes for " + image.lengthBytes() + " bytes in chunks of " + chunkBytes);
        }
    }

    /**
     * The length of a chunk.
     *
     * @param chunk its index, from 0
     * @return bytes
     */
    public int chunkLength(int chunk) {
        return Math.min(chunkBytes, image.lengthBytes() - chunk * chunkBytes);
    }
}
