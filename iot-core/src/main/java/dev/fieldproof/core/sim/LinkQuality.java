package dev.fieldproof.core.sim;

import java.time.Duration;

/**
 * How one direction of a {@link SimNetwork} link treats what passes. Immutable.
 *
 * @param loss share of packets lost in the long run, 0 to 1
 * @param burst mean number of packets lost in a row, at least 1; 1 is independent loss as long as {@code loss} is small
 * @param duplicate chance that a packet arrives twice, 0 to 1
 * @param reorder chance that a packet is held back by up to {@link #HELD_BACK}, so that later ones pass it, 0 to 1
 * @param corrupt chance that one bit of a packet flips, 0 to 1
 * @param minDelay shortest time on the way, not negative
 * @param maxDelay longest time on the way beside queueing, at least {@code minDelay}, drawn evenly
 * @param bytesPerSecond bandwidth, positive; {@link Long#MAX_VALUE} for no limit
 */
public record LinkQuality(
        double loss,
        double burst,
        double duplicate,
        double reorder,
        double corrupt,
        Duration minDelay,
        Duration maxDelay,
        long bytesPerSecond) {
    /** The longest time that a reordered packet is held back beyond its delay. */
    public static final Duration HELD_BACK = Duration.ofMillis(100);

    /** Nothing is harmed and nothing takes time. */
    public static final LinkQuality PERFECT =
            new LinkQuality(0, 1, 0, 0, 0, Duration.ZERO, Duration.ZERO, Long.MAX_VALUE);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public LinkQuality {
        requireChance("loss", loss);
        requireChance("duplicate", duplicate);
        requireChance("reorder", reorder);
        requireChance("corrupt", corrupt);
        if (!(burst >= 1)) {
            throw new IllegalArgumentException("a burst is at least one packet long: " + burst);
        }
        if (minDelay.isNegative() || maxDelay.compareTo(minDelay) < 0) {
            throw new IllegalArgumentException("delays are no range: " + minDelay + " to " + maxDelay);
        }
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bandwidth is positive: " + bytesPerSecond);
        }
    }

    /**
     * The same, losing packets.
     *
     * @param loss share lost in the long run, 0 to 1
     * @param burst mean number lost in a row, at least 1
     * @return a copy
     */
    public LinkQuality withLoss(double loss, double burst) {
        return new LinkQuality(loss, burst, duplicate, reorder, corrupt, minDelay, maxDelay, bytesPerSecond);
    }

    /**
     * The same, harming packets.
     *
     * @param duplicate chance of a second arrival
     * @param reorder chance of being held back
     * @param corrupt chance of one flipped bit
     * @return a copy
     */
    public LinkQuality withHarm(double duplicate, double reorder, double corrupt) {
        return new LinkQuality(loss, burst, duplicate, reorder, corrupt, minDelay, maxDelay, bytesPerSecond);
    }

    /**
     * The same, taking time.
     *
     * @param minDelay shortest time on the way, not negative
     * @param maxDelay longest time on the way, at least {@code minDelay}
     * @return a copy
     */
    public LinkQuality withDelay(Duration minDelay, Duration maxDelay) {
        return new LinkQuality(loss, burst, duplicate, reorder, corrupt, minDelay, maxDelay, bytesPerSecond);
    }

    /**
     * The same, with limited bandwidth.
     *
     * @param bytesPerSecond positive
     * @return a copy
     */
    public LinkQuality withBandwidth(long bytesPerSecond) {
        return new LinkQuality(loss, burst, duplicate, reorder, corrupt, minDelay, maxDelay, bytesPerSecond);
    }

    private static void requireChance(String name, double chance) {
        if (!(chance >= 0 && chance <= 1)) {
            throw new IllegalArgumentException(name + " is 0 to 1: " + chance);
        }
    }
}
