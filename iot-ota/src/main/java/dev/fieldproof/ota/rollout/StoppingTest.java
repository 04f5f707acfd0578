package dev.fieldproof.ota.rollout;

/**
 * A sequential test of whether updated devices fail more often than controls, valid at any time. Each failure is a bet
 * on which arm it came from; the wealth exceeds 1/alpha with probability at most alpha if both arms fail alike,
 * whatever their common rate (Ville's inequality). Explicit failures and silences are separate streams.
 *
 * <p>The wealth is the mean over the rate ratios 2 and 5 of 0.6 times both streams together and 0.2 times each alone.
 * Not thread-safe.
 */
public final class StoppingTest {
    private static final double[] RATIOS = {2, 5};
    private static final double BOTH = 0.6;
    private static final double ALONE = 0.2;

    private final double limit;
    /** Logarithms, for each ratio: of the explicit stream, then of the silent one. */
    private final double[] wealth;

    private final double[] logUpdatedFactor = new double[RATIOS.length];
    private final double[] logControlFactor = new double[RATIOS.length];

    /**
     * Begins a test.
     *
     * @param controlsPerUpdated how many controls are watched for each updated device, positive
     * @param falseStopBound alpha: highest probability of stopping a good update, between 0 and 1
     * @throws IllegalArgumentException if a number is out of range
     */
    public StoppingTest(double controlsPerUpdated, double falseStopBound) {
        this(controlsPerUpdated, falseStopBound, new double[2 * RATIOS.length]);
    }

    /** Keeps its wealth in an array of the caller. */
    StoppingTest(double controlsPerUpdated, double falseStopBound, double[] wealth) {
        if (!(controlsPerUpdated > 0) || !(falseStopBound > 0 && falseStopBound < 1)) {
            throw new IllegalArgumentException(
                    controlsPerUpdated + " controls per device, false stop bound " + falseStopBound);
        }
        this.wealth = wealth;
        limit = 1 / falseStopBound;
        double innocent = 1 / (1 + controlsPerUpdated);
        for (int i = 0; i < RATIOS.length; i++) {
            double guilty = RATIOS[i] * innocent / (RATIOS[i] * innocent + 1 - innocent);
            logUpdatedFactor[i] = StrictMath.log(guilty / innocent);
            logControlFactor[i] = StrictMath.log((1 - guilty) / (1 - innocent));
        }
    }

    /**
     * Counts a failure.
     *
     * @param updated whether the device was updated; otherwise it is a control
     * @param silent whether it fell silent; otherwise it reported
     */
    public void failure(boolean updated, boolean silent) {
        int stream = silent ? RATIOS.length : 0;
        for (int i = 0; i < RATIOS.length; i++) {
            wealth[stream + i] += updated ? logUpdatedFactor[i] : logControlFactor[i];
        }
    }

    /**
     * The evidence against the update so far.
     *
     * @return the wealth, 1 at the beginning
     */
    public double evidence() {
        double sum = 0;
        for (int i = 0; i < RATIOS.length; i++) {
            double explicit = StrictMath.exp(wealth[i]);
            double silent = StrictMath.exp(wealth[RATIOS.length + i]);
            sum += BOTH * explicit * silent + ALONE * explicit + ALONE * silent;
        }
        return sum / RATIOS.length;
    }

    /**
     * Whether to stop.
     *
     * @return true once the evidence has reached 1/alpha
     */
    public boolean stops() {
        return evidence() >= limit;
    }
}
