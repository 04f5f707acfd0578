package dev.fieldproof.core.sim;

import java.util.SplittableRandom;

/**
 * Failures that no test was written for: they leave the usual range and level of most signals alone, and change how a
 * signal scatters, when it moves, or what it moves with. Laid over the healthy life of {@link SimDeviceTrace}.
 */
public enum SimOddity {
    /** The sensor's noise grows to two and a half times what it was. */
    NOISY_SENSOR,
    /** The sensor answers with an average of many: the noise is nearly gone, the level is right. */
    SMOOTHED_SENSOR,
    /** The device's day begins six hours late. */
    SHIFTED_DAY,
    /** Messages pile up and leave in pairs of intervals: none, then twice as many. */
    STUTTER,
    /** Garbage is freed late: the heap saws up and down around its mean. */
    SAWTOOTH_HEAP,
    /** The clock is set again and again, each time a little wrong. */
    JUMPY_CLOCK,
    /** The radio switches between two antennas. */
    TWO_ANTENNAS,
    /** Nothing is written to flash any more. */
    NO_ERASES,
    /** A second vector of old values follows every new one. */
    STALE_COPIES,
    /** The battery's voltage falls with the messages sent: its inner resistance grew. */
    WEAK_BATTERY;

    private static final int TEMPERATURE = 1;
    private static final int BATTERY = 2;
    private static final int HEAP = 3;
    private static final int RSSI = 4;
    private static final int CLOCK = 6;
    private static final int ERASES = 7;
    private static final int MESSAGES = 9;

    /**
     * A healthy life with this failure laid over it.
     *
     * @param seed of all chance
     * @param failureTick when it begins, in ticks of ten minutes
     * @return gives one vector after the other
     */
    public Life of(long seed, int failureTick) {
        return new Life(this, seed, failureTick);
    }

    /** One device's vectors. Not thread-safe. */
    public static final class Life {
        private final SimOddity oddity;
        private final SimDeviceTrace trace;
        private final SplittableRandom random;
        private final int failureTick;
        private final float[] vector = new float[SimDeviceTrace.FEATURES.size()];
        private final float[] held = new float[SimDeviceTrace.FEATURES.size()];
        private int tick;
        private double smooth;

        private Life(SimOddity oddity, long seed, int failureTick) {
            this.oddity = oddity;
            this.failureTick = failureTick;
            trace = new SimDeviceTrace(seed, SimDeviceTrace.Failure.NONE, 0);
            random = new SplittableRandom(seed ^ 0x5EED);
        }

        /**
         * The next ten minutes.
         *
         * @return the vector, reused by the next call
         */
        public float[] next() {
            System.arraycopy(vector, 0, held, 0, vector.length);
            System.arraycopy(trace.next(), 0, vector, 0, vector.length);
            double angle = 2 * Math.PI * (tick % SimDeviceTrace.TICKS_PER_DAY) / SimDeviceTrace.TICKS_PER_DAY;
            double day = 20 + 5 * Math.sin(angle);
            smooth += 0.02 * (vector[TEMPERATURE] - day - smooth);
            if (tick >= failureTick) {
                disturb(day, angle);
            }
            tick++;
            return vector;
        }

        /**
         * The time of the vector that {@link #next} gave last.
         *
         * @return seconds since midnight
         */
        public int secondOfDay() {
            return trace.secondOfDay();
        }

        private void disturb(double day, double angle) {
            boolean odd = (tick & 1) != 0;
            switch (oddity) {
                case NOISY_SENSOR -> vector[TEMPERATURE] += tenth(0.7 * random.nextGaussian());
                case SMOOTHED_SENSOR -> vector[TEMPERATURE] = tenth(day + smooth + 0.05 * random.nextGaussian());
                case SHIFTED_DAY ->
                    vector[TEMPERATURE] += tenth(5 * Math.sin(angle - Math.PI / 2) - 5 * Math.sin(angle));
                case STUTTER -> vector[MESSAGES] = odd ? 0 : 2 * vector[MESSAGES];
                case SAWTOOTH_HEAP -> vector[HEAP] += 4 - 8 * (tick % 12) / 11f;
                case JUMPY_CLOCK -> vector[CLOCK] += (float) (8 * random.nextGaussian());
                case TWO_ANTENNAS -> vector[RSSI] += odd ? 3 : -3;
                case NO_ERASES -> vector[ERASES] = 0;
                case STALE_COPIES -> {
                    if (odd) {
                        System.arraycopy(held, 0, vector, 0, vector.length);
                    }
                }
                case WEAK_BATTERY -> vector[BATTERY] -= 0.005f * (vector[MESSAGES] - 12);
            }
        }

        private static float tenth(double value) {
            return Math.round(10 * value) / 10f;
        }
    }
}
