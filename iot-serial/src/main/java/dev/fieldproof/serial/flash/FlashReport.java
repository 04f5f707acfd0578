package dev.fieldproof.serial.flash;

/**
 * A session's end and its cost.
 *
 * @param result how it ended
 * @param stats what it cost
 */
public record FlashReport(FlashResult result, Stats stats) {
    /**
     * What went over the wire.
     *
     * @param sentBytes bytes sent, framing included
     * @param receivedBytes bytes received, noise included
     * @param requests packets sent
     * @param timeouts requests without an answer
     * @param reopened how often the port was opened again
     */
    public record Stats(long sentBytes, long receivedBytes, long requests, long timeouts, int reopened) {}

    /**
     * Whether every part is in flash.
     *
     * @return true for {@link FlashResult.Flashed}
     */
    public boolean flashed() {
        return result instanceof FlashResult.Flashed;
    }
}
