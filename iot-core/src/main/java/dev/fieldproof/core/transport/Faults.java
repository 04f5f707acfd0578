package dev.fieldproof.core.transport;

import java.time.Duration;

/**
 * What the network between a {@link LoopbackBroker} and its clients does to each packet on each hop, in either
 * direction. Immutable.
 *
 * <p>The hops behave like datagrams, not like TCP: a lost packet of quality of service 1 or 2 is sent again after
 * {@link LoopbackBroker#RETRANSMIT}, one of quality 0 is gone.
 *
 * @param drop chance that a packet vanishes, 0 to 1
 * @param duplicate chance that a packet arrives twice, 0 to 1
 * @param reorder chance that a packet is held back by up to {@link #HELD_BACK} so that later ones pass it, 0 to 1
 * @param minDelay shortest time on the way, not negative
 * @param maxDelay longest time on the way, at least {@code minDelay}; each packet's time is drawn evenly from the range,
 *     and packets that are not held back keep their order
 */
public record Faults(double drop, double duplicate, double reorder, Duration minDelay, Duration maxDelay) {
    /** The longest time that a reordered packet is held back beyond its delay. */
    public static final Duration HELD_BACK = Duration.ofMillis(100);

    /** A perfect network: nothing is lost, nothing takes time. */
    public static final Faults NONE = new Faults(0, 0, 0, Duration.ZERO, Duration.ZERO);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a chance is outside 0 to 1 or the delays are no range
     */
    public Faults {
        requireChance("drop", drop);
        requireChance("duplicate", duplicate);
        requireChance("reorder", reorder);
        if (minDelay.isNegative() || maxDelay.compareTo(minDelay) < 0) {
            throw new IllegalArgumentException("delays are no range: " + minDelay + " to " + maxDelay);
        }
    }

    /**
     * The same, with other chances.
     *
     * @param drop chance that a packet vanishes, 0 to 1
     * @param duplicate chance that a packet arrives twice, 0 to 1
     * @param reorder chance that a packet is held back, 0 to 1
     * @return a copy
     * @throws IllegalArgumentException if a chance is outside 0 to 1
     */
    public Faults withChances(double drop, double duplicate, double reorder) {
        return new Faults(drop, duplicate, reorder, minDelay, maxDelay);
    }

    /**
     * The same, with other delays.
     *
     * @param minDelay shortest time on the way, not negative
     * @param maxDelay longest time on the way, at least {@code minDelay}
     * @return a copy
     * @throws IllegalArgumentException if the delays are no range
     */
    public Faults withDelay(Duration minDelay, Duration maxDelay) {
        return new Faults(drop, duplicate, reorder, minDelay, maxDelay);
    }

    private static void requireChance(String name, double chance) {
        if (!(chance >= 0 && chance <= 1)) {
            throw new IllegalArgumentException(name + " is a chance from 0 to 1: " + chance);
        }
    }
}
