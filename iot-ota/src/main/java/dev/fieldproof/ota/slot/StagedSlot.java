package dev.fieldproof.ota.slot;

import java.io.IOException;
import java.util.Optional;

/**
 * An image on its way into a slot, chunk by chunk, resumable after a power cut anywhere. Not thread-safe.
 */
public interface StagedSlot {
    /**
     * The chunk to be written next.
     *
     * @return its index, or the number of chunks if all are there
     * @throws IOException if the medium fails
     */
    int nextChunk() throws IOException;

    /**
     * Whether a chunk is in place.
     *
     * @param chunk its index, from 0
     * @return true if it need not be written
     */
    boolean has(int chunk);

    /**
     * Writes a chunk, if it is the right one.
     *
     * @param chunk its index, from 0
     * @param data holds its bytes
     * @param from first index in {@code data}; the length is the plan's
     * @return false if the bytes are not the chunk's: nothing was written
     * @throws IOException if the medium fails
     */
    boolean write(int chunk, byte[] data, int from) throws IOException;

    /**
     * Checks the whole slot once more and labels it, so that it can be activated.
     *
     * @return the image; empty if chunks are missing or no longer right: then go on with {@link #nextChunk}
     * @throws IOException if the medium fails
     */
    Optional<SlotImage> finish() throws IOException;

    /**
     * How much is in place.
     *
     * @return chunks done, 0 to the plan's
     */
    int chunksDone();
}
