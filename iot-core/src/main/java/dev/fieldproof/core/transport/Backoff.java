package dev.fieldproof.core.transport;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter: before attempt n the wait is drawn evenly from zero to {@code first} doubled n
 * times, at most {@code most}. A fleet that lost its broker at one moment thus comes back spread out. Immutable.
 *
 * @param first the longest wait before the first new attempt, positive
 * @param most the longest wait of all, at least {@code first}
 */
public record Backoff(Duration first, Duration most) {
    /** Half a second, doubling to half a minute. */
    public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code first} is not positive, or greater than {@code most}, or {@code most}
     *     exceeds a day
     */
    public Backoff {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0 || most.toDays() > 1) {
            throw new IllegalArgumentException("0 < first <= most <= one day: " + first + ", " + most);
        }
    }

    /**
     * The wait before an attempt.
     *
     * @param failures how many attempts failed in a row before this one, not negative
     * @param random the source of jitter
     * @return zero to {@link #most}
     */
    public Duration wait(int failures, RandomGenerator random) {
        long ceilingNanos = first.toNanos();
        for (int i = 0; i < failures && ceilingNanos < most.toNanos(); i++) {
            ceilingNanos *= 2;
        }
        return Duration.ofNanos(random.nextLong(Math.min(ceilingNanos, most.toNanos()) + 1));
    }
}
