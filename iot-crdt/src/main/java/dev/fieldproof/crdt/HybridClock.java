package dev.fieldproof.crdt;

import java.time.InstantSource;

/**
 * A hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014): 48 bits of milliseconds since 1970 above
 * 16 bits that count within one. Grows with every tick whatever the wall clock does. Not thread-safe.
 */
public final class HybridClock {
    private static final int COUNTER_BITS = 16;
    private static final long MAX_MILLIS = (1L << 47) - 1;

    private final InstantSource wall;
    private long last;
    private long correctionMillis;

    /**
     * Starts at zero.
     *
     * @param wall the machine's clock, right or wrong
     */
    public HybridClock(InstantSource wall) {
        this.wall = wall;
    }

    /**
     * The hybrid time of a wall time.
     *
     * @param millis since 1970; negative counts as 0, too large as the largest
     * @return the first hybrid time of that millisecond
     */
    public static long ofMillis(long millis) {
        return Math.max(0, Math.min(millis, MAX_MILLIS)) << COUNTER_BITS;
    }

    /**
     * The wall time in a hybrid time.
     *
     * @param hybrid from {@link #tick()}
     * @return milliseconds since 1970
     */
    public static long millisOf(long hybrid) {
        return hybrid >>> COUNTER_BITS;
    }

    /**
     * The time of a new event.
     *
     * @return greater than every time returned or observed before
     */
    public long tick() {
        last = Math.max(last + 1, now());
        return last;
    }

    /**
     * Makes later ticks greater than a time seen elsewhere.
     *
     * @param hybrid a time within the policy's bound
     */
    public void observe(long hybrid) {
        last = Math.max(last, hybrid);
    }

    /**
     * The machine's clock, corrected, as a hybrid time, which may run behind {@link #tick()}.
     *
     * @return the present
     */
    public long now() {
        return ofMillis(wall.millis() + correctionMillis);
    }

    /**
     * Adjusts to a trusted time: takes the difference from the wall clock as a correction if it exceeds a bound, and
     * forgets times seen that were beyond it.
     *
     * @param trustedMillis the present, milliseconds since 1970
     * @param boundMillis deviation that is put up with, not negative
     */
    void correct(long trustedMillis, long boundMillis) {
        long difference = trustedMillis - wall.millis();
        correctionMillis = Math.abs(difference) > boundMillis ? difference : 0;
        if (last > ofMillis(trustedMillis + boundMillis)) {
            last = ofMillis(trustedMillis);
        }
    }
}
