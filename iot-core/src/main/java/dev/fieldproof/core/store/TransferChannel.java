package dev.fieldproof.core.store;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A channel that can hand its bytes to another without bringing them into the process, where the operating system can.
 * What {@link ArtifactStore#read} returns is one where artifacts are files.
 */
public interface TransferChannel extends ReadableByteChannel {
    /**
     * Hands bytes on, from where this channel is, and moves on behind them.
     *
     * @param maxBytes most bytes to hand on, at least 1
     * @param to takes as many as it can now, if it does not block
     * @return how many it took, perhaps 0, or -1 at the end
     * @throws IOException if one of the channels fails
     */
    long transferTo(long maxBytes, WritableByteChannel to) throws IOException;
}
