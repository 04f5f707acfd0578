package dev.fieldproof.core.health;

import java.util.Arrays;

/**
 * Decides from the beats and misses of all children whether their gateway is down, by a cumulative sum of
 * log-likelihood ratios per gateway (Page's test): each child alone says little, together they say it within a
 * fraction of a period.
 * A gateway counts as down when the sum passes 22 and as up again when it is back at 0, so it does not flap. Not
 * thread-safe.
 */
final class CommonCause {
    private static final float ALARM = 22;
    private static final float CAP = 50;
    private static final double LOSS_WHEN_DOWN = 0.99;

    /**
     * Fewer losses are not believed in: what a fleet has learned in its first hour may be luck, and losses come
     * together.
     */
    private static final double LEAST_LOSS = 0.02;

    private float[] sums = new float[16];
    private boolean[] down = new boolean[16];

    /** Makes room for a gateway. */
    void add(int gateway) {
        if (gateway >= sums.length) {
            sums = Arrays.copyOf(sums, 2 * gateway);
            down = Arrays.copyOf(down, 2 * gateway);
        }
    }

    /** Judges a child's beat; returns whether the gateway changed between up and down. */
    boolean beat(int gateway, double lossProbability) {
        return add(gateway, Math.log((1 - LOSS_WHEN_DOWN) / (1 - bounded(lossProbability))));
    }

    /** Judges a child's missing beat, once; returns whether the gateway changed between up and down. */
    boolean miss(int gateway, double lossProbability) {
        return add(gateway, Math.log(LOSS_WHEN_DOWN / bounded(lossProbability)));
    }

    private static double bounded(double lossProbability) {
        return Math.max(LEAST_LOSS, Math.min(0.98, lossProbability));
    }

    private boolean add(int gateway, double weight) {
        float sum = (float) Math.max(0, Math.min(CAP, sums[gateway] + weight));
        sums[gateway] = sum;
        boolean now = down[gateway] ? sum > 0 : sum > ALARM;
        boolean changed = now != down[gateway];
        down[gateway] = now;
        return changed;
    }

    boolean isDown(int gateway) {
        return down[gateway];
    }
}
