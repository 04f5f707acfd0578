package dev.fieldproof.core.sim;

import java.util.SplittableRandom;

/**
 * The beats of one device as a server hears them: the clock is off by up to 100 ppm and wanders, arrivals jitter, one
 * in a hundred is late, and the channel loses beats, alone or in bursts (the two states of Gilbert 1960 and Elliott
 * 1963). The same seed gives the same beats. Not thread-safe.
 */
public final class SimBeats {
    private static final double CLOCK_ERROR = 1e-4;
    private static final double CLOCK_WALK = 1e-8;
    private static final double JITTER_PERIODS = 0.02;
    private static final double LATE_SHARE = 0.01;
    private static final double LATE_PERIODS = 0.1;
    private static final double RETRY_PERIODS = 0.1;

    private final SplittableRandom random;
    private final Channel channel;
    private final double periodMillis;
    private final int retries;
    private final int awakeBeats;
    private final int asleepPeriods;
    private double clock;
    private double dueMillis;
    private double arrivalMillis = Double.NaN;
    private boolean bad;
    private int sequence = -1;

    /**
     * A channel that is in a good or a bad state, judged anew before each beat.
     *
     * @param toBad probability to leave the good state
     * @param toGood probability to leave the bad state
     * @param lossGood probability that an attempt is lost in the good state
     * @param lossBad probability that an attempt is lost in the bad state
     */
    public record Channel(double toBad, double toGood, double lossGood, double lossBad) {
        /** Five in a hundred are lost, each on its own. */
        public static final Channel INDEPENDENT = new Channel(0, 1, 0.05, 0.05);

        /** Bursts of ten beats on average, four in five lost. */
        public static final Channel LONG_BURSTS = new Channel(0.004, 0.1, 0.02, 0.8);

        /** Bursts of three beats on average, nine in ten lost. */
        public static final Channel MILD_BURSTS = new Channel(0.01, 1 / 3.0, 0.0235, 0.9);

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if one is no probability
         */
        public Channel {
            for (double p : new double[] {toBad, toGood, lossGood, lossBad}) {
                if (!(p >= 0 && p <= 1)) {
                    throw new IllegalArgumentException("probability " + p);
                }
            }
        }
    }

    /**
     * Makes a device that never sleeps.
     *
     * @param seed of all chance
     * @param channel between device and server
     * @param periodMillis between beats by the device's own clock, above 0
     * @param retries attempts after the first, each a tenth of a period after the one before, while none got through
     */
    public SimBeats(long seed, Channel channel, double periodMillis, int retries) {
        this(seed, channel, periodMillis, retries, Integer.MAX_VALUE, 0);
    }

    /**
     * Makes a device that works and sleeps in turn.
     *
     * @param seed of all chance
     * @param channel between device and server
     * @param periodMillis between beats by the device's own clock, above 0
     * @param retries attempts after the first
     * @param awakeBeats beats between two sleeps, at least 1
     * @param asleepPeriods how long a sleep lasts in periods
     * @throws IllegalArgumentException if a value is out of range
     */
    public SimBeats(long seed, Channel channel, double periodMillis, int retries, int awakeBeats, int asleepPeriods) {
        if (!(periodMillis > 0) || retries < 0 || awakeBeats < 1 || asleepPeriods < 0) {
            throw new IllegalArgumentException(periodMillis + " ms, " + retries + " retries, " + awakeBeats
                    + " beats awake, " + asleepPeriods + " periods asleep");
        }
        random = new SplittableRandom(seed);
        this.channel = channel;
        this.periodMillis = periodMillis;
        this.retries = retries;
        this.awakeBeats = awakeBeats;
        this.asleepPeriods = asleepPeriods;
        clock = 1 + random.nextDouble(-CLOCK_ERROR, CLOCK_ERROR);
        dueMillis = random.nextDouble() * periodMillis;
    }

    /** Goes on to the next beat, whether it arrives or not. */
    public void next() {
        if (sequence >= 0) {
            clock += CLOCK_WALK * random.nextGaussian();
            dueMillis += periodMillis * clock * (1 + (isLastAwake() ? asleepPeriods : 0));
        }
        sequence++;
        bad = random.nextDouble() < (bad ? 1 - channel.toGood : channel.toBad);
        double loss = bad ? channel.lossBad : channel.lossGood;
        arrivalMillis = Double.NaN;
        for (int attempt = 0; attempt <= retries && Double.isNaN(arrivalMillis); attempt++) {
            if (random.nextDouble() >= loss) {
                double late = random.nextDouble() < LATE_SHARE ? -LATE_PERIODS * Math.log(1 - random.nextDouble()) : 0;
                double delay = RETRY_PERIODS * attempt + late + JITTER_PERIODS * random.nextGaussian();
                arrivalMillis = dueMillis + Math.max(-0.5, delay) * periodMillis;
            }
        }
    }

    /**
     * Counts the beats, those that are lost too.
     *
     * @return 0 for the first, -1 before it
     */
    public int sequence() {
        return sequence;
    }

    /**
     * When this beat was due by the device's clock.
     *
     * @return milliseconds
     */
    public double dueMillis() {
        return dueMillis;
    }

    /**
     * When this beat arrives.
     *
     * @return milliseconds, NaN if it is lost
     */
    public double arrivalMillis() {
        return arrivalMillis;
    }

    /**
     * When the device beats next after the sleep that follows.
     *
     * @return milliseconds by the server's clock, as the device promises it: without knowledge of its own error
     */
    public double wakeMillis() {
        int left = awakeBeats - 1 - sequence % awakeBeats;
        return dueMillis + (left + 1.0 + asleepPeriods) * periodMillis;
    }

    /**
     * How many beats follow before it sleeps.
     *
     * @return 0 if this beat is the last before a sleep
     */
    public int beatsUntilSleep() {
        return asleepPeriods == 0 ? Integer.MAX_VALUE : awakeBeats - 1 - sequence % awakeBeats;
    }

    private boolean isLastAwake() {
        return asleepPeriods > 0 && sequence % awakeBeats == awakeBeats - 1;
    }
}
