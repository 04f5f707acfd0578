package dev.fieldproof.core.sim;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Measurements of one device, every ten minutes, that go wrong at a chosen moment in one of ten ways. The same seed
 * gives the same life; with and without failure it is equal until the failure begins. Not thread-safe.
 */
public final class SimDeviceTrace {
    /** Vectors per day. */
    public static final int TICKS_PER_DAY = 144;

    /** Names of the features, in the order of a vector. */
    public static final List<String> FEATURES = List.of(
            "gapTicks",
            "temperature",
            "batteryVolts",
            "heapKib",
            "rssiDbm",
            "boots",
            "clockOffsetMillis",
            "flashErases",
            "silentSiblings",
            "messages");

    private static final int GAP = 0;
    private static final int TEMPERATURE = 1;
    private static final int BATTERY = 2;
    private static final int HEAP = 3;
    private static final int RSSI = 4;
    private static final int BOOTS = 5;
    private static final int CLOCK = 6;
    private static final int ERASES = 7;
    private static final int SIBLINGS = 8;
    private static final int MESSAGES = 9;
    private static final int SIBLING_COUNT = 20;
    private static final double ERASES_PER_TICK = 2;
    private static final double MESSAGES_PER_TICK = 12;

    private final SplittableRandom random;
    private final Failure failure;
    private final int failureTick;
    private final float[] vector = new float[FEATURES.size()];
    private final double batteryBase;
    private final double heapBase;
    private final double rssiBase;
    private double dayOffset;
    private double weather;
    private double clockNoise;
    private int tick;

    /** What goes wrong. */
    public enum Failure {
        /** Nothing: a healthy life. */
        NONE,
        /** It stops altogether. */
        DEAD,
        /** It beats, but its application hangs: no messages, no new values. */
        WEDGED,
        /** Its sensor repeats one value. */
        FROZEN_SENSOR,
        /** Its clock gains 3 ms per tick. */
        DRIFTING_CLOCK,
        /** It restarts again and again. */
        REBOOT_LOOP,
        /** Its supply sags by 0.12 V at night. */
        BROWN_OUT_AT_NIGHT,
        /** It loses 0.08 KiB of heap per tick. */
        LEAK,
        /** Its signal fades by 0.04 dB per tick. */
        FADING_LINK,
        /** It erases flash ever more often, 2.5 times as often every 4.5 days. */
        FLASH_WEAR,
        /** The gateway before it dies: it and its siblings are silent. */
        GATEWAY_LOSS
    }

    /**
     * Makes a life.
     *
     * @param seed of all chance
     * @param failure what goes wrong
     * @param failureTick when it begins, in ticks of ten minutes from 0
     */
    public SimDeviceTrace(long seed, Failure failure, int failureTick) {
        random = new SplittableRandom(seed);
        this.failure = failure;
        this.failureTick = failureTick;
        batteryBase = random.nextDouble(3.6, 3.9);
        heapBase = random.nextDouble(90, 130);
        rssiBase = random.nextDouble(-80, -50);
    }

    /**
     * The next ten minutes.
     *
     * @return the vector, reused by the next call
     */
    public float[] next() {
        boolean failing = failure != Failure.NONE && tick >= failureTick;
        float[] before = vector.clone();
        healthy();
        if (failing) {
            fail(tick - failureTick, before);
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
        return Math.floorMod(tick - 1, TICKS_PER_DAY) * 600;
    }

    private void healthy() {
        double phase = 2 * Math.PI * (tick % TICKS_PER_DAY) / TICKS_PER_DAY;
        if (tick % TICKS_PER_DAY == 0) {
            dayOffset = 0.5 * random.nextGaussian();
        }
        weather = 0.9 * weather + 0.3 * random.nextGaussian();
        clockNoise = 0.98 * clockNoise + 2 * random.nextGaussian();
        vector[GAP] = random.nextInt(20) == 0 ? 1 : 0;
        vector[TEMPERATURE] = Math.round(10 * (20 + 5 * Math.sin(phase) + dayOffset + weather)) / 10f;
        vector[BATTERY] = (float) (batteryBase + 0.05 * Math.sin(phase) + 0.02 * random.nextGaussian());
        vector[HEAP] = (float) (heapBase + 2 * random.nextGaussian());
        vector[RSSI] = (float) (rssiBase + 2 * random.nextGaussian());
        vector[BOOTS] = random.nextInt(2000) == 0 ? 1 : 0;
        vector[CLOCK] = (float) clockNoise;
        vector[ERASES] = poisson(ERASES_PER_TICK);
        int silent = 0;
        for (int i = 0; i < SIBLING_COUNT; i++) {
            silent += random.nextInt(20) == 0 ? 1 : 0;
        }
        vector[SIBLINGS] = silent;
        vector[MESSAGES] = poisson(MESSAGES_PER_TICK);
    }

    private void fail(int since, float[] before) {
        boolean night = tick % TICKS_PER_DAY >= TICKS_PER_DAY * 11 / 12 || tick % TICKS_PER_DAY < TICKS_PER_DAY / 4;
        switch (failure) {
            case DEAD, GATEWAY_LOSS -> {
                float gap = before[GAP] + 1;
                float silent = failure == Failure.DEAD ? vector[SIBLINGS] : SIBLING_COUNT;
                System.arraycopy(before, 0, vector, 0, vector.length);
                vector[GAP] = gap;
                vector[SIBLINGS] = silent;
            }
            case WEDGED -> {
                vector[TEMPERATURE] = before[TEMPERATURE];
                vector[MESSAGES] = 0;
            }
            case FROZEN_SENSOR -> vector[TEMPERATURE] = before[TEMPERATURE];
            case DRIFTING_CLOCK -> vector[CLOCK] += 3f * since;
            case REBOOT_LOOP -> vector[BOOTS] += poisson(0.5);
            case BROWN_OUT_AT_NIGHT -> vector[BATTERY] -= night ? 0.12f : 0;
            case LEAK -> vector[HEAP] -= 0.08f * since;
            case FADING_LINK -> vector[RSSI] -= 0.04f * since;
            case FLASH_WEAR -> vector[ERASES] = poisson(ERASES_PER_TICK * Math.pow(2.5, since / (4.5 * TICKS_PER_DAY)));
            case NONE -> throw new IllegalStateException("nothing goes wrong");
        }
    }

    /** Knuth's method, for small means. */
    private int poisson(double mean) {
        double limit = Math.exp(-mean);
        int count = -1;
        for (double product = 1; product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }
}
