package dev.fieldproof.ota.delta.codec;

/** Bytes of the new image that no copy gives. */
interface Literals {
    /** Called once, when all copies are known. */
    default void prime(CopyMap map, int newSize) {}

    /**
     * Codes the next byte.
     *
     * @param actual the byte when encoding
     * @param besideAt offset in the old image at which the copy before would go on
     * @return the byte
     */
    int code(int actual, int besideAt);

    /** Tells of every byte of the new image, literal or not, before the offset moves on. */
    void saw(byte[] bytes, int from, int length);
}
