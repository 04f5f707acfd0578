package dev.fieldproof.core.anomaly;

/**
 * An {@link Autoencoder} as a detector: the mean square error of each vector, averaged over the last few, over a
 * threshold. A single error says little; the average tells a machine that changed from one loud moment. Not
 * thread-safe.
 */
public final class AutoencoderDetector implements AnomalyDetector {
    private static final int SECONDS_PER_DAY = 86_400;

    private final Autoencoder network;
    private final double threshold;
    private final double weight;
    private double average;
    private int suspect = -1;

    /**
     * Makes a detector.
     *
     * @param network trained elsewhere; used by this detector alone
     * @param threshold average error from which an alarm is due, above 0, such as the 97th percentile of what healthy
     *     devices reach ({@link Calibration})
     * @param weight of the newest error in the average, above 0 and at most 1; 1 judges every vector by itself
     * @throws IllegalArgumentException if a value is out of range
     */
    public AutoencoderDetector(Autoencoder network, double threshold, double weight) {
        if (!(threshold > 0) || !(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException("threshold " + threshold + ", weight " + weight);
        }
        this.network = network;
        this.threshold = threshold;
        this.weight = weight;
    }

    @Override
    public int features() {
        return network.features();
    }

    /**
     * {@inheritDoc}
     *
     * <p>The time of day is not used: give it to the network as features where it matters.
     */
    @Override
    public double score(float[] vector, int secondOfDay) {
        if (secondOfDay < 0 || secondOfDay >= SECONDS_PER_DAY) {
            throw new IllegalArgumentException("second " + secondOfDay);
        }
        double error = network.score(vector);
        average = suspect < 0 ? error : average + weight * (error - average);
        float largest = -1;
        for (int i = 0; i < network.features(); i++) {
            float difference = Math.abs(vector[i] - network.reproduced(i));
            if (difference > largest) {
                largest = difference;
                suspect = i;
            }
        }
        return average / threshold;
    }

    @Override
    public int suspect() {
        return suspect;
    }

    @Override
    public Explanation explain() {
        String test = suspect < 0 ? "nothing yet" : "the network makes something else of it";
        return new Explanation(suspect, test, average / threshold);
    }
}
