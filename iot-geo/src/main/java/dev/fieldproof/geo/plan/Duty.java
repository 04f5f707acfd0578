package dev.fieldproof.geo.plan;

/**
 * What a node does on a day. Immutable and thread-safe.
 *
 * @param looksPerDay how often it wakes and looks, 0 or more
 * @param secondsPerLook awake for each
 * @param inference what it judges on its own with
 * @param inferencesPerDay how many, 0 or more
 * @param reportsPerDay how often it connects and sends, 0 or more
 * @param secondsPerReport for each
 * @param retryShare how many reports are sent once more, 0 to 1
 * @param updateSecondsPerDay mean time on the radio for update checks, updates and their retries
 */
public record Duty(
        double looksPerDay,
        double secondsPerLook,
        Inference inference,
        double inferencesPerDay,
        double reportsPerDay,
        double secondsPerReport,
        double retryShare,
        double updateSecondsPerDay) {
    private static final double SECONDS_PER_DAY = 86_400;

    /** Looks once a minute and judges each look itself, reports every quarter of an hour, one in ten once more. */
    public static final Duty CAMERA = new Duty(1_440, 1.2, Inference.VISUAL_WAKE_WORDS_M33, 1_440, 96, 1.5, 0.1, 20);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range, or a day is too short for all of it
     */
    public Duty {
        boolean counts = looksPerDay >= 0
                && secondsPerLook >= 0
                && inferencesPerDay >= 0
                && reportsPerDay >= 0
                && secondsPerReport >= 0
                && retryShare >= 0
                && retryShare <= 1
                && updateSecondsPerDay >= 0;
        double busy = looksPerDay * secondsPerLook
                + inferencesPerDay / inference.perSecond()
                + reportsPerDay * (1 + retryShare) * secondsPerReport
                + updateSecondsPerDay;
        if (!counts || !(busy <= SECONDS_PER_DAY)) {
            throw new IllegalArgumentException("a day of " + looksPerDay + " looks, " + inferencesPerDay
                    + " inferences and " + reportsPerDay + " reports takes " + busy + " s; a day has "
                    + SECONDS_PER_DAY);
        }
    }

    /**
     * The time on the radio for reports.
     *
     * @return seconds a day, retries included
     */
    public double reportSecondsPerDay() {
        return reportsPerDay * (1 + retryShare) * secondsPerReport;
    }

    /**
     * What is left of a day.
     *
     * @return seconds asleep
     */
    public double sleepSecondsPerDay() {
        return SECONDS_PER_DAY
                - looksPerDay * secondsPerLook
                - inferencesPerDay / inference.perSecond()
                - reportSecondsPerDay()
                - updateSecondsPerDay;
    }
}
