package dev.fieldproof.ota.delta;

/**
 * What a device and its link allow.
 *
 * @param ramBytes memory that the decoder may take, not counting what input and output pass through
 * @param linkBitsPerSecond how fast the device receives, 0 if not known: then bytes alone decide
 */
public record DeviceBudget(long ramBytes, long linkBitsPerSecond) {
    /** A microcontroller with a mebibyte to spare on a link of unknown speed. */
    public static final DeviceBudget DEFAULT = new DeviceBudget(1 << 20, 0);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if a figure is negative
     */
    public DeviceBudget {
        if (ramBytes < 0 || linkBitsPerSecond < 0) {
            throw new IllegalArgumentException("negative budget: " + ramBytes + ", " + linkBitsPerSecond);
        }
    }

    /**
     * How long a transfer takes.
     *
     * @param bytes how much is sent
     * @return seconds without protocol overhead; NaN if the link's speed is not known
     */
    public double seconds(long bytes) {
        return linkBitsPerSecond == 0 ? Double.NaN : 8.0 * bytes / linkBitsPerSecond;
    }
}
