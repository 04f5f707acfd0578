package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.ImageReader;
import dev.fieldproof.ota.delta.match.Copies;

/** Encodes whole bodies. */
public final class BodyEncoder {
    private static final int BUFFER_BYTES = 8192;

    private BodyEncoder() {}

    /**
     * Encodes a body.
     *
     * @param header what the decoder will know; its number of copies is that of {@code copies}
     * @param old the old image
     * @param target the new image
     * @param copies what to take over, within both images
     * @return the body
     * @throws IllegalArgumentException if the copies do not fit the images
     */
    public static byte[] encode(BodyHeader header, byte[] old, byte[] target, Copies copies) {
        RangeEncoder coder = new RangeEncoder();
        Repeats repeats = header.full() ? new Repeats() : RepeatFinder.between(old, target, copies);
        Body body = new Body(header, new ImageReader(old), coder, target, repeats);
        body.copyList().give(copies);
        byte[] made = new byte[BUFFER_BYTES];
        try {
            while (!body.done()) {
                body.run(made, 0);
            }
        } catch (BodyException e) {
            throw new IllegalArgumentException(e);
        }
        return coder.finish();
    }
}
