package dev.fieldproof.ota.download;

import java.io.IOException;

/** Where verified blocks go. Called by one thread at a time. */
public interface BlockSink {
    /**
     * Whether a block is there already, so that it is not fetched.
     *
     * @param block its index, from 0
     * @return true if it is
     * @throws IOException if the medium fails
     */
    boolean has(int block) throws IOException;

    /**
     * Takes a verified block; from then on {@link #has} says that it is there.
     *
     * @param block its index, from 0
     * @param bytes hold it; valid during the call only
     * @param lengthBytes how many of them, from the first
     * @throws IOException if the medium fails, which ends the download
     */
    void place(int block, byte[] bytes, int lengthBytes) throws IOException;
}
