package dev.fieldproof.geo.placement;

/**
 * What deciding a column has raised the bound by, as far as it was tried: a guess at what it will do elsewhere
 * (Benichou and others, 1971; tried out first as Achterberg, Koch and Martin say, 2005). Not thread-safe.
 */
final class Gains {
    private static final int ENOUGH_TRIALS = 3;
    private static final double LEAST = 1e-4;

    private final double[] byTaking;
    private final double[] byLeaving;
    private final int[] trials;
    private double allByTaking;
    private double allByLeaving;
    private int allTrials;

    Gains(int columns) {
        byTaking = new double[columns];
        byLeaving = new double[columns];
        trials = new int[columns];
    }

    /** Whether a column was tried often enough to do without. */
    boolean isKnown(int column) {
        return trials[column] >= ENOUGH_TRIALS;
    }

    /**
     * Notes what both ways of deciding a column have raised the bound by; of the share, 0 to 1, each changes a part.
     */
    void learn(int column, double share, double taking, double leaving) {
        double up = Math.max(0, taking) / Math.max(1 - share, LEAST);
        double down = Math.max(0, leaving) / Math.max(share, LEAST);
        byTaking[column] += up;
        byLeaving[column] += down;
        trials[column]++;
        allByTaking += up;
        allByLeaving += down;
        allTrials++;
    }

    /** How much a column promises: what is raised both ways counts for more than what is raised one way. */
    double promise(int column, double share) {
        double up = allTrials == 0 ? 1 : (allByTaking / allTrials + byTaking[column]) / (1 + trials[column]);
        double down = allTrials == 0 ? 1 : (allByLeaving / allTrials + byLeaving[column]) / (1 + trials[column]);
        return Math.max(LEAST, up * (1 - share)) * Math.max(LEAST, down * share);
    }
}
