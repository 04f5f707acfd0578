package dev.fieldproof.ota.delta;

import java.io.IOException;

/** Receives the new image, strictly forward. */
@FunctionalInterface
public interface TargetSink {
    /**
     * Takes the next bytes of the new image.
     *
     * @param buffer holds the bytes; valid during the call only
     * @param offset index of the first byte
     * @param length number of bytes, at least 1
     * @throws IOException if the medium fails; the decoder must then be abandoned and resumed from a checkpoint
     */
    void write(byte[] buffer, int offset, int length) throws IOException;
}
