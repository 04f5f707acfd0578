package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.ImageReader;

/** Decodes a body from bytes as they come. Not thread-safe. */
public final class BodyDecoder {
    private final RangeDecoder coder = new RangeDecoder();
    private final Body body;
    private final long length;
    private long pushed;

    /**
     * Begins a body.
     *
     * @param header what comes before it in the patch
     * @param old the old image
     * @param length size of the body in bytes
     */
    public BodyDecoder(BodyHeader header, ImageReader old, long length) {
        this.body = new Body(header, old, coder, new byte[0], new Repeats());
        this.length = length;
        push(new byte[0], 0, 0);
    }

    /**
     * Takes bytes of the body, as many as can be held.
     *
     * @param bytes holds them
     * @param offset index of the first
     * @param count how many there are
     * @return how many were taken
     */
    public int push(byte[] bytes, int offset, int count) {
        int taken = coder.push(bytes, offset, (int) Math.min(count, length - pushed));
        pushed += taken;
        if (pushed == length) {
            coder.end();
        }
        return taken;
    }

    /**
     * Decodes for as long as input and room last.
     *
     * @param out receives new bytes
     * @param from index of the first
     * @return how many were made; less than {@code out.length - from - 31} means more input is needed or all is done
     * @throws BodyException if the body breaks a rule
     */
    public int decode(byte[] out, int from) throws BodyException {
        return body.run(out, from);
    }

    /**
     * The copies, complete before the first byte of the new image is made.
     *
     * @return not to be changed
     */
    public CopyMap copies() {
        return body.copies();
    }

    /**
     * Whether the whole new image has been made.
     *
     * @return true at the end
     */
    public boolean done() {
        return body.done() && pushed == length;
    }
}
