package dev.fieldproof.core.health;

/**
 * Notices a signal that repeats one value for longer than its own history explains: the law of runs, on exact repeats.
 * About 40 bytes; not thread-safe. A signal whose steps are coarser than its noise gives late answers; promise a raw
 * digit or a counter instead.
 */
public final class FrozenSignal {
    private static final double PRIOR_REPEATS = 25;
    private static final double PRIOR_TRIALS = 50;
    private static final double MILLIS_PER_YEAR = 365.25 * 86_400_000.0;

    private final double samplesPerYear;
    private final double alarmsPerYear;
    private double last = Double.NaN;
    private int samples;
    private int repeats;
    private int longRunTrials;
    private int longRunRepeats;
    private int longestRun;
    private int run;

    /**
     * Watches a signal.
     *
     * @param periodMillis between samples, above 0
     * @param alarmsPerYear budget of false alarms, above 0
     * @throws IllegalArgumentException if one is not above 0
     */
    public FrozenSignal(double periodMillis, double alarmsPerYear) {
        if (!(periodMillis > 0) || !(alarmsPerYear > 0)) {
            throw new IllegalArgumentException("period " + periodMillis + " ms, " + alarmsPerYear + " alarms per year");
        }
        this.samplesPerYear = MILLIS_PER_YEAR / periodMillis;
        this.alarmsPerYear = alarmsPerYear;
    }

    /**
     * Takes a sample.
     *
     * @param value anything but NaN
     * @return whether the signal is frozen
     */
    public boolean sample(double value) {
        boolean repeat = value == last;
        if (run >= 2 && !isFrozen()) {
            longRunTrials++;
            longRunRepeats += repeat ? 1 : 0;
        }
        if (!isFrozen()) {
            samples++;
            repeats += repeat ? 1 : 0;
        }
        if (!repeat && !isFrozen()) {
            longestRun = Math.max(longestRun, run);
        }
        run = repeat ? run + 1 : 1;
        last = value;
        return isFrozen();
    }

    /**
     * How many equal values in a row there were.
     *
     * @return at least 1 once there was a sample
     */
    public int run() {
        return run;
    }

    /**
     * The verdict now.
     *
     * @return whether the run is longer than chance explains within the budget
     */
    public boolean isFrozen() {
        if (run < 3) {
            return false;
        }
        double trials = longRunTrials + PRIOR_TRIALS;
        double rho = (longRunRepeats + PRIOR_REPEATS) / trials;
        rho = Math.min(0.999, rho + 2 * Math.sqrt(rho * (1 - rho) / trials));
        double rate = (repeats + 1.0) / (samples + 2.0);
        return run > longestRun && samplesPerYear * rate * Math.pow(rho, run - 1) <= alarmsPerYear;
    }
}
