package dev.fieldproof.ota.rollout;

import java.time.Duration;
import java.util.List;

/**
 * How each device is treated. Immutable.
 *
 * @param windows when devices may be updated, by their own clocks; empty for any time
 * @param readiness what power and link they need
 * @param budget what updates may use of each site
 * @param minVersion least version that may go to this update directly; older devices wait until they report a newer one
 * @param offerTimeout how long an offered device may take to restart
 * @param maxAttempts how often a device is offered the update at most, 1 to 15
 * @param retryAfter how long after a failure it is offered again
 * @param deadline how long after the campaign's start devices are still offered the update
 * @param jitter an offer is to be taken up after a time between none and this, by chance
 * @param revertPerHour how many devices are sent back each hour if the campaign stops by itself; 0 for none
 */
public record Conduct(
        List<MaintenanceWindow> windows,
        Readiness readiness,
        SiteBudget budget,
        int minVersion,
        Duration offerTimeout,
        int maxAttempts,
        Duration retryAfter,
        Duration deadline,
        Duration jitter,
        int revertPerHour) {
    /** Any time, any condition, one attempt within a day, ten years. */
    public static final Conduct DEFAULT = new Conduct(
            List.of(),
            Readiness.ALWAYS,
            SiteBudget.UNLIMITED,
            Integer.MIN_VALUE,
            Duration.ofDays(1),
            1,
            Duration.ofHours(1),
            Duration.ofDays(3650),
            Duration.ZERO,
            0);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public Conduct {
        windows = List.copyOf(windows);
        if (maxAttempts < 1 || maxAttempts > 15 || revertPerHour < 0 || jitter.isNegative() || jitter.toDays() > 1) {
            throw new IllegalArgumentException(
                    maxAttempts + " attempts, jitter " + jitter + ", " + revertPerHour + " reverts per hour");
        }
        if (offerTimeout.toSeconds() < 1 || retryAfter.isNegative() || deadline.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "timeout " + offerTimeout + ", retry after " + retryAfter + ", deadline " + deadline);
        }
    }

    /**
     * The same, within windows.
     *
     * @param open when devices may be updated
     * @return a copy
     */
    public Conduct within(MaintenanceWindow... open) {
        return new Conduct(
                List.of(open),
                readiness,
                budget,
                minVersion,
                offerTimeout,
                maxAttempts,
                retryAfter,
                deadline,
                jitter,
                revertPerHour);
    }

    /**
     * The same, with needs and budgets.
     *
     * @param needed power and link
     * @param perSite airtime and energy
     * @return a copy
     */
    public Conduct sparing(Readiness needed, SiteBudget perSite) {
        return new Conduct(
                windows,
                needed,
                perSite,
                minVersion,
                offerTimeout,
                maxAttempts,
                retryAfter,
                deadline,
                jitter,
                revertPerHour);
    }

    /**
     * The same, from a version on.
     *
     * @param least version that may go to this update directly
     * @return a copy
     */
    public Conduct from(int least) {
        return new Conduct(
                windows,
                readiness,
                budget,
                least,
                offerTimeout,
                maxAttempts,
                retryAfter,
                deadline,
                jitter,
                revertPerHour);
    }

    /**
     * The same, with retries.
     *
     * @param attempts how often a device is offered the update at most, 1 to 15
     * @param after how long after a failure
     * @return a copy
     */
    public Conduct retrying(int attempts, Duration after) {
        return new Conduct(
                windows, readiness, budget, minVersion, offerTimeout, attempts, after, deadline, jitter, revertPerHour);
    }

    /**
     * The same, with limits of time.
     *
     * @param timeout how long an offered device may take to restart
     * @param latest how long after the start devices are still offered the update
     * @param spread an offer is to be taken up within this time, by chance
     * @return a copy
     */
    public Conduct timed(Duration timeout, Duration latest, Duration spread) {
        return new Conduct(
                windows,
                readiness,
                budget,
                minVersion,
                timeout,
                maxAttempts,
                retryAfter,
                latest,
                spread,
                revertPerHour);
    }

    /**
     * The same, going back if the campaign stops by itself.
     *
     * @param perHour how many devices are sent back each hour
     * @return a copy
     */
    public Conduct reverting(int perHour) {
        return new Conduct(
                windows,
                readiness,
                budget,
                minVersion,
                offerTimeout,
                maxAttempts,
                retryAfter,
                deadline,
                jitter,
                perHour);
    }
}
