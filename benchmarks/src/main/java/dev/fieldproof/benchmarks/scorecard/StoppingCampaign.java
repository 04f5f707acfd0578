package dev.fieldproof.benchmarks.scorecard;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What one simulated campaign would show to a rule that watches it: 4,000 devices, one each minute; a report comes 20
 * minutes after the restart on average, one device in ten sleeps six hours first; half of the failures are silent, and
 * 0.3 % of well devices are too. Twenty controls restart with each device.
 */
final class StoppingCampaign {
    static final int DEVICES = 4000;
    static final int CONTROLS = 20;
    static final double INNOCENT_RATE = 0.02;
    /** How long after its restart a device that does not sleep has to be heard of; sleep comes on top. */
    static final double SILENCE_MINUTES = 120;

    private static final double MEAN_DELAY_MINUTES = 20;
    private static final double SLEEP_MINUTES = 360;
    private static final double SLEEPERS = 0.1;
    /** Beside the 0.25 % that report later than their time. */
    private static final double LOST = 0.0005;

    /** For each updated device: when it is heard of, in minutes; infinity for never. */
    final double[] heard = new double[DEVICES];
    /** Whether an updated device says that it failed. */
    final boolean[] failed = new boolean[DEVICES];

    private final double[] eventMinutes;
    /** Bit 0: an updated device; bit 1: silent. In order of time. */
    private final byte[] eventKinds;

    private double[] unsorted = new double[256];
    private byte[] kinds = new byte[256];
    private int count;

    StoppingCampaign(long seed, double failureRate) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int device = 0; device < DEVICES; device++) {
            update(random, device, failureRate);
        }
        // Of the controls only those that fail or fall silent matter: the gaps between them are drawn.
        double late = 1 - (1 - LOST) * (1 - Math.exp(-SILENCE_MINUTES / MEAN_DELAY_MINUTES));
        double share = INNOCENT_RATE + (1 - INNOCENT_RATE) * late;
        double scale = 1 / Math.log(1 - share);
        long all = (long) DEVICES * CONTROLS;
        for (long at = gap(random, scale) - 1; at < all; at += gap(random, scale)) {
            boolean fails = random.nextDouble() * share < INNOCENT_RATE;
            double delay = delay(random);
            boolean silent = !fails || random.nextBoolean() || delay > SILENCE_MINUTES;
            boolean sleeps = random.nextDouble() < SLEEPERS;
            add(
                    (int) (at / CONTROLS) + (sleeps ? SLEEP_MINUTES : 0) + (silent ? SILENCE_MINUTES : delay),
                    false,
                    silent);
        }
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(unsorted[a], unsorted[b]));
        eventMinutes = new double[count];
        eventKinds = new byte[count];
        for (int i = 0; i < count; i++) {
            eventMinutes[i] = unsorted[order[i]];
            eventKinds[i] = kinds[order[i]];
        }
    }

    private static long gap(SplittableRandom random, double scale) {
        return 1 + (long) (Math.log(1 - random.nextDouble()) * scale);
    }

    private static double delay(SplittableRandom random) {
        return -MEAN_DELAY_MINUTES * Math.log(1 - random.nextDouble());
    }

    private void update(SplittableRandom random, int device, double failureRate) {
        double begin = device + (random.nextDouble() < SLEEPERS ? SLEEP_MINUTES : 0);
        double delay = delay(random);
        boolean fails = random.nextDouble() < failureRate;
        boolean mute = fails ? random.nextBoolean() : random.nextDouble() < LOST;
        boolean silent = mute || delay > SILENCE_MINUTES;
        heard[device] = mute ? Double.POSITIVE_INFINITY : begin + delay;
        failed[device] = fails;
        if (silent || fails) {
            add(begin + (silent ? SILENCE_MINUTES : delay), true, silent);
        }
    }

    private void add(double minutes, boolean updated, boolean silent) {
        if (count == unsorted.length) {
            unsorted = Arrays.copyOf(unsorted, 2 * count);
            kinds = Arrays.copyOf(kinds, 2 * count);
        }
        kinds[count] = (byte) ((updated ? 1 : 0) | (silent ? 2 : 0));
        unsorted[count++] = minutes;
    }

    /** Failures and silences of both arms, in order of time. */
    int events() {
        return eventMinutes.length;
    }

    double atMinutes(int event) {
        return eventMinutes[event];
    }

    boolean isUpdated(int event) {
        return (eventKinds[event] & 1) != 0;
    }

    boolean isSilent(int event) {
        return (eventKinds[event] & 2) != 0;
    }

    /** How many devices had been offered the update. */
    static int exposed(double atMinutes) {
        return (int) Math.min(DEVICES, Math.floor(atMinutes) + 1);
    }
}
