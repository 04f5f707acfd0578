package dev.fieldproof.serial.sim;

/** Takes what the chip sends. */
@FunctionalInterface
public interface SimOutput {
    /**
     * The chip sends.
     *
     * @param bytes framed
     * @param atNanos when the first byte leaves
     */
    void send(byte[] bytes, long atNanos);
}
