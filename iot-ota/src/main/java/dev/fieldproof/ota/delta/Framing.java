package dev.fieldproof.ota.delta;

import java.io.IOException;

/** A file format that wraps an image so regularly that the file is its payload and a few numbers. */
sealed interface Framing permits Uf2, IntelHex {
    /** How many bytes of payload the framed file has. */
    int payloadBytes();

    /** Puts the framing around payload as it comes. */
    TargetSink wrap(TargetSink sink);

    /**
     * The payload of a file in the same format as an image; whether the file has this framing is for its digest to
     * tell.
     *
     * @throws MalformedPatchException if it does not, although the digest is right
     */
    SourceImage payload(SourceImage file) throws IOException, MalformedPatchException;
}
