package dev.fieldproof.core.health;

import java.util.function.IntConsumer;

/**
 * Phi accrual failure detection (Hayashibara et al., "The phi accrual failure detector", SRDS 2004) for very many
 * devices in primitive arrays: 16 bytes of state per device and about 5 in a timing wheel.
 *
 * <p>Agrees with detectors that keep a window of intervals, as Akka's and Pekko's do, to 99.9 % and more while a rhythm
 * is steady: mean and variance are exact until the window is full and then fade with the weight of a window. Like
 * those, it does not learn from an interval that it judged as a failure, so a device that slows down for good alarms
 * for ever: {@link SilenceDetector} is the better choice where no compatibility is needed. Not thread-safe.
 */
public final class RhythmDetector {
    private static final int FIELDS = 4;
    private static final int LAST = 0;
    private static final int MEAN = 1;
    private static final int VARIANCE = 2;
    private static final int COUNT = 3;
    private static final int SILENT = 1 << 31;
    private static final int IN_WHEEL = 1 << 30;
    private static final int COUNT_MASK = IN_WHEEL - 1;
    private static final int WHEEL_SLOTS = 4096;
    private static final int TICK_MILLIS = 128;

    private final Parameters parameters;
    private final int[] state;
    private final DeadlineWheel wheel = new DeadlineWheel(WHEEL_SLOTS, TICK_MILLIS);
    private final float deviations;
    private final float minDeviations;
    private final float weight;
    private IntConsumer onSilent = device -> {};

    /**
     * What phi accrual detectors are commonly configured with.
     *
     * @param threshold phi above which a device is unavailable, above 0; 8 is usual
     * @param windowSize intervals remembered, at least 4
     * @param minStdDeviationMillis least deviation assumed, above 0
     * @param acceptablePauseMillis added to the mean, at least 0
     * @param firstEstimateMillis interval assumed before any is known, above 0
     */
    public record Parameters(
            double threshold,
            int windowSize,
            float minStdDeviationMillis,
            float acceptablePauseMillis,
            float firstEstimateMillis) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a value is out of range
         */
        public Parameters {
            if (!(threshold > 0)
                    || windowSize < 4
                    || !(minStdDeviationMillis > 0)
                    || !(acceptablePauseMillis >= 0)
                    || !(firstEstimateMillis > 0)) {
                throw new IllegalArgumentException("threshold " + threshold + ", window " + windowSize
                        + ", least deviation " + minStdDeviationMillis + " ms, pause " + acceptablePauseMillis
                        + " ms, first estimate " + firstEstimateMillis + " ms");
            }
        }
    }

    /**
     * Makes a detector of devices 0 to capacity - 1, none of which has been heard of.
     *
     * @param capacity how many, at most 500 million
     * @param parameters for all of them
     */
    public RhythmDetector(int capacity, Parameters parameters) {
        this.parameters = parameters;
        state = new int[Math.multiplyExact(capacity, FIELDS)];
        deviations = (float) deviationsAt(parameters.threshold());
        minDeviations = deviations * parameters.minStdDeviationMillis();
        float share = parameters.windowSize() >= 1000 ? 1.5f : 2f;
        weight = share / parameters.windowSize();
    }

    /** How many deviations past the mean phi reaches a value, by bisection of the detector's own formula. */
    private static double deviationsAt(double phi) {
        double low = -40;
        double high = 40;
        for (int i = 0; i < 80; i++) {
            double middle = (low + high) / 2;
            if (phiAt(middle) < phi) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** The logistic approximation to the normal tail that Akka and Pekko use. */
    private static double phiAt(double y) {
        double e = Math.exp(-y * (1.5976 + 0.070566 * y * y));
        return y > 0 ? -Math.log10(e / (1 + e)) : -Math.log10(1 - 1 / (1 + e));
    }

    /**
     * Takes a beat.
     *
     * @param device its number
     * @param nowMillis monotonic time, not before the last {@link #advance}; intervals up to 24 days
     * @return whether the device had been reported as silent, and so is back
     */
    public boolean beat(int device, long nowMillis) {
        int base = device * FIELDS;
        int countAndFlags = state[base + COUNT];
        int count = countAndFlags & COUNT_MASK;
        if (count == 0) {
            first(device, nowMillis);
            return false;
        }
        float mean = Float.intBitsToFloat(state[base + MEAN]);
        float variance = Float.intBitsToFloat(state[base + VARIANCE]);
        float d = ((int) nowMillis - state[base + LAST]) - mean;
        float z = d - parameters.acceptablePauseMillis();
        if (z <= minDeviations || z * z <= deviations * deviations * variance) {
            float a;
            if (count < parameters.windowSize()) {
                a = 1f / ++count;
                countAndFlags++;
            } else {
                a = weight;
            }
            state[base + MEAN] = Float.floatToRawIntBits(mean + a * d);
            state[base + VARIANCE] = Float.floatToRawIntBits((1 - a) * (variance + a * d * d));
        }
        state[base + LAST] = (int) nowMillis;
        state[base + COUNT] = countAndFlags & ~SILENT;
        if ((countAndFlags & IN_WHEEL) == 0) {
            state[base + COUNT] |= IN_WHEEL;
            wheel.add(device, deadlineMillis(base, nowMillis));
        }
        return (countAndFlags & SILENT) != 0;
    }

    private void first(int device, long nowMillis) {
        int base = device * FIELDS;
        float estimate = parameters.firstEstimateMillis();
        state[base + LAST] = (int) nowMillis;
        state[base + MEAN] = Float.floatToRawIntBits(estimate);
        state[base + VARIANCE] = Float.floatToRawIntBits(estimate * estimate / 16);
        state[base + COUNT] = 2 | IN_WHEEL;
        wheel.start(nowMillis);
        wheel.add(device, deadlineMillis(base, nowMillis));
    }

    private long deadlineMillis(int base, long nowMillis) {
        float mean = Float.intBitsToFloat(state[base + MEAN]);
        double sd = Math.sqrt(Float.intBitsToFloat(state[base + VARIANCE]));
        double slack = mean
                + parameters.acceptablePauseMillis()
                + deviations * Math.max(parameters.minStdDeviationMillis(), sd);
        return nowMillis + (state[base + LAST] - (int) nowMillis) + (long) slack;
    }

    /**
     * Moves time on and reports each device whose phi passed the threshold since the last call.
     *
     * @param nowMillis monotonic time
     * @param silent takes the numbers, each once until the device beats again; must not call this detector
     */
    public void advance(long nowMillis, IntConsumer silent) {
        onSilent = silent;
        wheel.advance(nowMillis, this::visit);
    }

    private void visit(int[] devices, int count, long nowMillis, long[] nextMillis) {
        for (int i = 0; i < count; i++) {
            nextMillis[i] = deadlineMillis(devices[i] * FIELDS, nowMillis);
        }
        for (int i = 0; i < count; i++) {
            if (nextMillis[i] <= nowMillis) {
                nextMillis[i] = -1;
                int at = devices[i] * FIELDS + COUNT;
                state[at] = (state[at] | SILENT) & ~IN_WHEEL;
                onSilent.accept(devices[i]);
            }
        }
    }

    /**
     * The level of suspicion now.
     *
     * @param device its number
     * @param nowMillis monotonic time
     * @return phi, 0 for a device that was never heard of
     */
    public double phi(int device, long nowMillis) {
        int base = device * FIELDS;
        if (state[base + COUNT] == 0) {
            return 0;
        }
        double sd =
                Math.max(parameters.minStdDeviationMillis(), Math.sqrt(Float.intBitsToFloat(state[base + VARIANCE])));
        double mean = Float.intBitsToFloat(state[base + MEAN]) + parameters.acceptablePauseMillis();
        return phiAt(((int) nowMillis - state[base + LAST] - mean) / sd);
    }

    /**
     * Memory in use.
     *
     * @return bytes of all arrays
     */
    public long bytes() {
        return 4L * state.length + wheel.bytes();
    }
}
