package dev.fieldproof.core.anomaly;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Finds thresholds for statistics from healthy devices: for each statistic, what only a few of them ever reach. Run
 * detectors with thresholds of zero over healthy traces, {@link #observe} after every vector, {@link #next} after every
 * device. Not thread-safe.
 */
public final class Calibration {
    private final double[][] maxima;
    private int device;

    /**
     * Makes an empty calibration.
     *
     * @param statistics how many are watched, at least 1
     * @param devices how many healthy devices are run at most, at least 1
     */
    public Calibration(int statistics, int devices) {
        if (statistics < 1 || devices < 1) {
            throw new IllegalArgumentException(statistics + " statistics of " + devices + " devices");
        }
        maxima = new double[statistics][devices];
    }

    /**
     * Takes what the statistics of the present device are now.
     *
     * @param statistic gives each by its index
     */
    public void observe(IntToDoubleFunction statistic) {
        for (int i = 0; i < maxima.length; i++) {
            maxima[i][device] = Math.max(maxima[i][device], statistic.applyAsDouble(i));
        }
    }

    /** Ends the present device. */
    public void next() {
        device++;
    }

    /**
     * The thresholds.
     *
     * @param quantile of the devices' maxima, 0 to 1; 0.97 is usual
     * @param safety factor on it, above 0: many statistics are watched at once, so each alone must be rarer
     * @return one for each statistic
     * @throws IllegalStateException if no device was ended
     */
    public double[] thresholds(double quantile, double safety) {
        if (device == 0) {
            throw new IllegalStateException("no device was observed to its end");
        }
        double[] thresholds = new double[maxima.length];
        for (int i = 0; i < maxima.length; i++) {
            double[] sorted = Arrays.copyOf(maxima[i], device);
            Arrays.sort(sorted);
            thresholds[i] = safety * sorted[(int) Math.min(device - 1, quantile * device)];
        }
        return thresholds;
    }
}
