package dev.fieldproof.core.health;

import java.util.Arrays;

/**
 * Notices a signal that repeats one value for longer than its own history explains. Runs of one value have a tail that
 * falls exponentially, however coarse and correlated the signal is; the tail is fitted to the longest runs seen (peaks
 * over threshold, Pickands 1975), and the alarm set where chance would reach it only as often as the budget allows.
 *
 * <p>A frozen signal can be told no sooner than that. What it takes is {@link #samplesToTell}: a signal whose steps are
 * coarser than its noise may need hundreds of samples, and no test on its values alone needs fewer: until then a frozen
 * signal and a healthy one look the same. Send a witness with each sample then ({@link #sample(double, long)}), or
 * promise a raw digit of the same reading as a signal of its own; five to fifteen samples are enough for those. About
 * 200 bytes; not thread-safe.
 */
public final class FrozenSignal {
    private static final int LONGEST = 32;
    private static final int FEWEST_RUNS = 4 * LONGEST;
    private static final double DEVIATIONS = 1.5;
    private static final double LEAST_SAMPLES = 5;
    private static final double PRIOR_REPEATS = 25;
    private static final double PRIOR_TRIALS = 50;
    private static final double MILLIS_PER_YEAR = 365.25 * 86_400_000.0;

    private final double samplesPerYear;
    private final double alarmsPerYear;
    private final int[] longest = new int[LONGEST];
    private double last = Double.NaN;
    private long lastWitness;
    private long samples;
    private long runs;
    private int run;
    private double tellAt;

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
        tellAt = solve();
    }

    /**
     * Takes a sample.
     *
     * @param value anything but NaN
     * @return whether the signal is frozen
     */
    public boolean sample(double value) {
        return sample(value, 0);
    }

    /**
     * Takes a sample with a witness of its freshness, which changes when the sensor is read anew: a repeat is one only
     * if both repeat.
     *
     * @param value anything but NaN
     * @param witness such as the lowest bits of the raw reading, or a digest of the raw readings since the last sample
     * @return whether the signal is frozen
     */
    public boolean sample(double value, long witness) {
        if (value == last && witness == lastWitness) {
            run++;
        } else {
            end();
            run = 1;
            last = value;
            lastWitness = witness;
        }
        samples++;
        return isFrozen();
    }

    private void end() {
        if (run == 0) {
            return;
        }
        runs++;
        // A run that alarmed was a failure or a lesson; it counts as long as the lesson needs, and no longer.
        int length = Math.min(run, samplesToTell() + 1);
        if (length > longest[0]) {
            int at = Arrays.binarySearch(longest, length);
            int above = at < 0 ? -at - 1 : at;
            System.arraycopy(longest, 1, longest, 0, above - 1);
            longest[above - 1] = length;
            tellAt = solve();
        } else if ((runs & 1023) == 0 || runs == FEWEST_RUNS) {
            tellAt = solve();
        }
    }

    private double solve() {
        return Math.max(LEAST_SAMPLES, runs < FEWEST_RUNS ? fromPrior() : fromTail());
    }

    /** Too few runs for a tail: a fair share of repeats is assumed, and corrected by those seen. */
    private double fromPrior() {
        double trials = samples + PRIOR_TRIALS;
        double rho = (samples - runs + PRIOR_REPEATS) / trials;
        rho = Math.min(0.999, rho + 2 * Math.sqrt(rho * (1 - rho) / trials));
        double length = 1 + Math.log(alarmsPerYear / samplesPerYear) / Math.log(rho);
        return Math.max(length, 2.0 * longest[LONGEST - 1]);
    }

    /** Exceedances of the shortest of the longest runs, per year, times the exponential tail of their mean excess. */
    private double fromTail() {
        double excess = 0;
        for (int length : longest) {
            excess += length - longest[0];
        }
        // Lengths are whole numbers: half a sample is the least an excess can mean.
        double mean = Math.max(0.5, excess / LONGEST) * (1 + DEVIATIONS / Math.sqrt(LONGEST));
        double exceedancesPerYear = LONGEST * samplesPerYear / samples;
        return longest[0] + mean * Math.max(0, Math.log(exceedancesPerYear / alarmsPerYear));
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
     * How many equal values in a row it takes to tell that the signal froze, as far as is known now. A caller may
     * refuse to watch a signal that takes too long.
     *
     * @return at least 5
     */
    public int samplesToTell() {
        return (int) tellAt + 1;
    }

    /**
     * The verdict now.
     *
     * @return whether the run is longer than chance explains within the budget
     */
    public boolean isFrozen() {
        return run > tellAt;
    }
}
