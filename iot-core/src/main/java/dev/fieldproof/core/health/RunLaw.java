package dev.fieldproof.core.health;

import java.util.Arrays;

/**
 * How long runs of lost beats are, as three probabilities with a fleet-wide prior: a run starts, a second loss follows
 * the first, and a further loss follows two or more. From them comes the number of misses that bad luck explains only
 * within the budget of false alarms, whether losses are independent or come in bursts.
 *
 * <p>How much the fleet says of one device is learned too: each of a few weights of the prior foretells every loss, and
 * the one that foretold all three best so far holds (prequential choice, Dawid 1984). Where devices are alike, each is
 * known as well as the fleet, and needs no more misses than the true law asks for; where they differ, each is known by
 * itself.
 */
final class RunLaw {
    static final int MAX_MISSES = 200;
    /** Counts of one device: trials and losses of each of the three, 16 bits each. */
    static final int INTS = 3;

    /** The counts are estimates; aimed at this share of the budget, the budget itself is kept under bursts too. */
    private static final double AIM = 0.5;

    private static final double MILLIS_PER_YEAR = 365.25 * 86_400_000.0;
    private static final int MAX_COUNT = 4096;
    private static final double[] PRIOR_WEIGHT = {200, 50, 100};
    private static final double[] PRIOR_LOSS = {0.05, 0.1, 0.15};
    /** Times {@link #PRIOR_WEIGHT}. The first holds until another has earned a nat of likelihood for each step. */
    private static final double[] FACTORS = {1, 0.1, 10, 100, 1000};

    /** Of the first probability, whose trials are many, one trial in sixteen is foretold. */
    private static final int FORETOLD_MASK = 15;

    /** What was long ago counts less: a fleet may become less alike. */
    private static final double MEMORY = 1 - 1e-6;

    private final double alarmsPerYear;
    private final double[] fleetTrials = new double[INTS];
    private final double[] fleetLosses = new double[INTS];
    private final double[] factors;
    private final double[] likelihood;
    private int best;

    RunLaw(double alarmsPerYear) {
        this(alarmsPerYear, FACTORS);
    }

    /** The factors are those of {@link #PRIOR_WEIGHT} that compete. */
    RunLaw(double alarmsPerYear, double... factors) {
        this.alarmsPerYear = alarmsPerYear;
        this.factors = factors.clone();
        likelihood = new double[factors.length];
        Arrays.setAll(likelihood, factor -> -factor);
    }

    /** Counts a beat that came after a number of misses, in the packed counts of a device. */
    void count(int[] state, int at, int misses) {
        count(state, at, 0, 1, misses > 0 ? 1 : 0);
        if (misses > 0) {
            count(state, at, 1, 1, misses > 1 ? 1 : 0);
        }
        if (misses > 1) {
            int following = Math.min(misses, MAX_MISSES) - 1;
            count(state, at, 2, following, following - 1);
        }
    }

    private void count(int[] state, int at, int kind, int trials, int losses) {
        int packed = state[at + kind];
        if (kind > 0 || (packed >>> 16 & FORETOLD_MASK) == 0) {
            foretell(packed, kind, trials, losses);
        }
        int allTrials = (packed >>> 16) + trials;
        int allLosses = (packed & 0xFFFF) + losses;
        if (allTrials > MAX_COUNT) {
            allTrials >>= 1;
            allLosses >>= 1;
        }
        state[at + kind] = allTrials << 16 | allLosses;
        fleetTrials[kind] += trials;
        fleetLosses[kind] += losses;
    }

    private void foretell(int packed, int kind, int trials, int losses) {
        double prior = prior(kind);
        int highest = 0;
        for (int i = 0; i < factors.length; i++) {
            double weight = PRIOR_WEIGHT[kind] * factors[i];
            double loss = ((packed & 0xFFFF) + prior * weight) / ((packed >>> 16) + weight);
            double gained = losses * Math.log(loss) + (trials - losses) * Math.log(1 - loss);
            likelihood[i] = MEMORY * likelihood[i] + gained;
            highest = likelihood[i] > likelihood[highest] ? i : highest;
        }
        best = highest;
    }

    private double weight(int kind) {
        return PRIOR_WEIGHT[kind] * factors[best];
    }

    private double prior(int kind) {
        return (PRIOR_LOSS[kind] * PRIOR_WEIGHT[kind] + fleetLosses[kind]) / (PRIOR_WEIGHT[kind] + fleetTrials[kind]);
    }

    /** The probability of a further loss, from the device's counts and the prior. */
    double loss(int[] state, int at, int kind) {
        double weight = weight(kind);
        return ((state[at + kind] & 0xFFFF) + prior(kind) * weight) / ((state[at + kind] >>> 16) + weight);
    }

    /** The fewest misses that happen by chance no more often than the budget allows: 2 to {@link #MAX_MISSES}. */
    int misses(int[] state, int at, double periodMillis) {
        double q = loss(state, at, 2);
        double trials = Math.min((state[at + 2] >>> 16) + weight(2), fleetTrials[2] + PRIOR_WEIGHT[2]);
        q = Math.min(0.999, q + Math.sqrt(q * (1 - q) / trials));
        double perYear = MILLIS_PER_YEAR / periodMillis * loss(state, at, 0) * loss(state, at, 1);
        int misses = 2;
        while (perYear > AIM * alarmsPerYear && misses < MAX_MISSES) {
            perYear *= q;
            misses++;
        }
        return misses;
    }
}
