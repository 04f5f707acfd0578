package dev.fieldproof.core.health;

/**
 * How long runs of lost beats are, as three probabilities with a fleet-wide prior: a run starts, a second loss follows
 * the first, and a further loss follows two or more. From them comes the number of misses that bad luck explains only
 * within the budget of false alarms, whether losses are independent or come in bursts.
 */
final class RunLaw {
    static final int MAX_MISSES = 200;
    /** Counts of one device: trials and losses of each of the three, 16 bits each. */
    static final int INTS = 3;

    /** The counts are estimates; aimed at this share of the budget, the budget itself is kept under bursts too. */
    private static final double AIM = 0.7;

    private static final double MILLIS_PER_YEAR = 365.25 * 86_400_000.0;
    private static final int MAX_COUNT = 4096;
    private static final double[] PRIOR_WEIGHT = {200, 50, 100};
    private static final double[] PRIOR_LOSS = {0.05, 0.1, 0.15};

    private final double alarmsPerYear;
    private final double[] fleetTrials = new double[INTS];
    private final double[] fleetLosses = new double[INTS];

    RunLaw(double alarmsPerYear) {
        this.alarmsPerYear = alarmsPerYear;
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

    private double prior(int kind) {
        return (PRIOR_LOSS[kind] * PRIOR_WEIGHT[kind] + fleetLosses[kind]) / (PRIOR_WEIGHT[kind] + fleetTrials[kind]);
    }

    /** The probability of a further loss, from the device's counts and the prior. */
    double loss(int[] state, int at, int kind) {
        double trials = (state[at + kind] >>> 16) + PRIOR_WEIGHT[kind];
        return ((state[at + kind] & 0xFFFF) + prior(kind) * PRIOR_WEIGHT[kind]) / trials;
    }

    /** The fewest misses that happen by chance no more often than the budget allows: 2 to {@link #MAX_MISSES}. */
    int misses(int[] state, int at, double periodMillis) {
        double q = loss(state, at, 2);
        double trials = (state[at + 2] >>> 16) + PRIOR_WEIGHT[2];
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
