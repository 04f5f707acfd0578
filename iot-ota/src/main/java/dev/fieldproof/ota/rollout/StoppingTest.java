package dev.fieldproof.ota.rollout;

/**
 * A sequential test of whether updated devices fail more often than controls, valid at any time. Each failure is a bet
 * on which arm it came from; the wealth exceeds 1/alpha with probability at most alpha if both arms fail alike,
 * whatever their common rate (Ville's inequality). Explicit failures and silences are separate streams.
 *
 * <p>The wealth is a mean over two rate ratios, 2.2 with weight 0.7 and 4.5 with weight 0.3, of 0.8 times both streams
 * together and 0.1 times each alone. The weights do not touch the bound; they were chosen on simulated campaigns whose
 * seeds appear nowhere else. Not thread-safe.
 */
public final class StoppingTest {
    private static final double[] RATIOS = {2.2, 4.5};
    private static final double[] WEIGHTS = {0.7, 0.3};
    private static final double BOTH = 0.8;
    private static final double ALONE = 0.1;

    private final double limit;
    /** Logarithms, for each ratio: of the explicit stream, then of the silent one. */
    private final double[] wealth;

    /** What the wealth comes to; reckoned again when a failure has changed it. */
    private double evidence;

    private boolean isStale = true;

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
        isStale = true;
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
        if (isStale) {
            evidence = reckon();
            isStale = false;
        }
        return evidence;
    }

    private double reckon() {
        double sum = 0;
        for (int i = 0; i < RATIOS.length; i++) {
            double explicit = StrictMath.exp(wealth[i]);
            double silent = StrictMath.exp(wealth[RATIOS.length + i]);
            sum += WEIGHTS[i] * (BOTH * explicit * silent + ALONE * explicit + ALONE * silent);
        }
        return sum;
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
