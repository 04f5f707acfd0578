package dev.fieldproof.core.anomaly;

import java.util.Arrays;

/**
 * Learns how the features of one device move together and from one vector to the next, and notices when that changes:
 * what a test on each signal alone cannot see, such as noise that doubles or vanishes, a stutter around the usual mean,
 * or two signals that part.
 *
 * <p>A daily profile is subtracted, each residual is predicted from the one before it, and the errors are made
 * uncorrelated with the covariance learned (Cholesky). Of a healthy device the whitened errors then have mean 0,
 * variance 1, and neither correlation with each other nor with their past; exponential averages of all of these moments
 * are the statistics (multivariate EWMA of means and of covariance: Lowry 1992, Huwang 2007). The profile may follow
 * the seasons.
 *
 * <p>Constant memory: about 2 KiB for ten features. No allocation per vector. Not thread-safe.
 */
public final class JointModel implements AnomalyDetector {
    private static final int BINS = 24;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int MOST_FEATURES = 64;
    private static final float LEAST_SCALE = 0.05f;
    private static final float ERROR_LIMIT = 4;
    private static final float WEIGHT = 0.02f;
    private static final float RIDGE = 0.02f;
    private static final double LEAST_THRESHOLD = 0.25;
    private static final int MAGIC = 0x464A_4D01;

    private final int features;
    private final int learnVectors;
    private final float driftPerVector;
    private final float[] inverseThresholds;
    /** What is learned: profile, scale, prediction and covariance, one after the other. */
    private final float[] model;

    private final int scaleAt;
    private final int lagAt;
    private final int momentAt;
    private final int covarianceAt;
    private final int[] binCounts = new int[BINS];
    private int vectors;

    private final float[] factor;
    private final float[] residuals;
    private final float[] previous;
    private final float[] errors;
    private final float[] lastErrors;
    private final float[] statistics;
    private float latest;
    private int worst = -1;

    /**
     * Makes a model that knows nothing yet.
     *
     * @param features numbers per vector, 1 to 64
     * @param learnVectors how many vectors to learn from, at least 10 per feature; half of them for the profile, half
     * for
     *     the rest. Scores are 0 until then
     * @param driftPerVector how far the profile follows each healthy vector afterwards, 0 to 0.5; 0.025 lets it follow
     * a
     *     season at six vectors per hour
     * @param thresholds of each of {@link #statistics(int)}: what healthy devices rarely reach ({@link Calibration});
     * values
     *     below 0.25 are raised to it
     * @throws IllegalArgumentException if a value is out of range
     */
    public JointModel(int features, int learnVectors, double driftPerVector, double... thresholds) {
        if (features < 1 || features > MOST_FEATURES || learnVectors < 10 * features) {
            throw new IllegalArgumentException(features + " features, " + learnVectors + " vectors to learn");
        }
        if (!(driftPerVector >= 0 && driftPerVector <= 0.5) || thresholds.length != statistics(features)) {
            throw new IllegalArgumentException("drift " + driftPerVector + ", " + thresholds.length + " thresholds");
        }
        this.features = features;
        this.learnVectors = learnVectors;
        this.driftPerVector = (float) driftPerVector;
        inverseThresholds = new float[thresholds.length];
        for (int i = 0; i < thresholds.length; i++) {
            if (!(thresholds[i] >= 0)) {
                throw new IllegalArgumentException("threshold " + thresholds[i]);
            }
            inverseThresholds[i] = (float) (1 / Math.max(LEAST_THRESHOLD, thresholds[i]));
        }
        scaleAt = BINS * features;
        lagAt = scaleAt + features;
        momentAt = lagAt + features;
        covarianceAt = momentAt + features;
        model = new float[covarianceAt + triangle(features)];
        factor = new float[triangle(features)];
        residuals = new float[features];
        previous = new float[features];
        errors = new float[features];
        lastErrors = new float[features];
        statistics = new float[thresholds.length];
    }

    private static int triangle(int n) {
        return n * (n + 1) / 2;
    }

    /**
     * How many statistics a model of some features watches: a mean, a product with the past, and the product with each
     * feature up to itself.
     *
     * @param features numbers per vector
     * @return 2 features + features (features + 1) / 2
     */
    public static int statistics(int features) {
        return 2 * features + triangle(features);
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public double score(float[] vector, int secondOfDay) {
        if (vector.length < features || secondOfDay < 0 || secondOfDay >= SECONDS_PER_DAY) {
            throw new IllegalArgumentException(vector.length + " features at second " + secondOfDay);
        }
        int bin = secondOfDay / (SECONDS_PER_DAY / BINS);
        for (int i = 0; i < features; i++) {
            residuals[i] = vector[i] - model[i * BINS + bin];
        }
        if (vectors < learnVectors) {
            learn(bin);
            return 0;
        }
        predict();
        judge();
        if (driftPerVector > 0 && latest < 1) {
            for (int i = 0; i < features; i++) {
                model[i * BINS + bin] += driftPerVector * residuals[i];
            }
        }
        return latest;
    }

    private void learn(int bin) {
        vectors++;
        boolean known = binCounts[bin]++ > 0;
        boolean profileOnly = vectors <= learnVectors / 2;
        for (int i = 0; i < features; i++) {
            model[i * BINS + bin] += Math.max(0.02f, 1f / binCounts[bin]) * residuals[i];
            residuals[i] = known ? residuals[i] : 0;
            float rate = Math.max(0.002f, 1f / vectors);
            model[scaleAt + i] += rate * (Math.abs(residuals[i]) - model[scaleAt + i]);
        }
        if (!profileOnly) {
            learnDynamics(1f / (vectors - learnVectors / 2));
        }
        if (vectors == learnVectors) {
            factorise();
        }
    }

    private void learnDynamics(float rate) {
        for (int i = 0; i < features; i++) {
            float now = scaled(i);
            errors[i] = now - correlation(i) * previous[i];
            model[lagAt + i] += rate * (now * previous[i] - model[lagAt + i]);
            model[momentAt + i] += rate * (now * now - model[momentAt + i]);
            previous[i] = now;
        }
        int at = covarianceAt;
        for (int i = 0; i < features; i++) {
            for (int j = 0; j <= i; j++, at++) {
                model[at] += rate * (errors[i] * errors[j] - model[at]);
            }
        }
    }

    private float scaled(int feature) {
        float z = residuals[feature] / Math.max(LEAST_SCALE, 1.25f * model[scaleAt + feature]);
        return Math.max(-ERROR_LIMIT, Math.min(ERROR_LIMIT, z));
    }

    private float correlation(int feature) {
        float r = model[lagAt + feature] / Math.max(0.01f, model[momentAt + feature]);
        return Math.max(-0.99f, Math.min(0.99f, r));
    }

    /**
     * The lower triangle L with L L' the learned covariance, its diagonal inverted; a ridge keeps constants harmless.
     */
    private void factorise() {
        for (int i = 0; i < features; i++) {
            for (int j = 0; j <= i; j++) {
                float sum = model[covarianceAt + triangle(i) + j] + (i == j ? RIDGE : 0);
                for (int k = 0; k < j; k++) {
                    sum -= factor[triangle(i) + k] * factor[triangle(j) + k];
                }
                factor[triangle(i) + j] =
                        i == j ? 1 / (float) Math.sqrt(Math.max(RIDGE, sum)) : sum * factor[triangle(j) + j];
            }
        }
    }

    /** Makes whitened errors of the residuals. */
    private void predict() {
        int at = 0;
        for (int i = 0; i < features; i++) {
            float now = scaled(i);
            float sum = now - correlation(i) * previous[i];
            previous[i] = now;
            for (int j = 0; j < i; j++) {
                sum -= factor[at++] * errors[j];
            }
            sum *= factor[at++];
            errors[i] = Math.max(-ERROR_LIMIT, Math.min(ERROR_LIMIT, sum));
        }
    }

    private void judge() {
        float highest = 0;
        int highestAt = 0;
        int at = 0;
        for (int i = 0; i < features; i++) {
            for (int j = 0; j <= i; j++) {
                float moved = move(at, errors[i] * errors[j] - (i == j ? 1 : 0));
                if (moved > highest) {
                    highest = moved;
                    highestAt = at;
                }
                at++;
            }
        }
        for (int i = 0; i < features; i++) {
            float mean = move(at, errors[i]);
            if (mean > highest) {
                highest = mean;
                highestAt = at;
            }
            float past = move(at + 1, errors[i] * lastErrors[i]);
            if (past > highest) {
                highest = past;
                highestAt = at + 1;
            }
            at += 2;
            lastErrors[i] = errors[i];
        }
        latest = highest;
        worst = highestAt;
    }

    private float move(int statistic, float value) {
        statistics[statistic] += WEIGHT * (value - statistics[statistic]);
        return Math.abs(statistics[statistic]) * inverseThresholds[statistic];
    }

    /**
     * A statistic now, to calibrate thresholds with.
     *
     * @param index 0 to {@link #statistics(int)} - 1
     * @return at least 0
     */
    public double statistic(int index) {
        return Math.abs(statistics[index]);
    }

    @Override
    public int suspect() {
        if (worst < triangle(features)) {
            return worst < 0 ? -1 : row(worst);
        }
        return (worst - triangle(features)) / 2;
    }

    private static int row(int at) {
        int row = 0;
        while (triangle(row + 1) <= at) {
            row++;
        }
        return row;
    }

    @Override
    public Explanation explain() {
        int feature = suspect();
        String test = "nothing yet";
        if (worst >= triangle(features)) {
            test = (worst - triangle(features)) % 2 == 0 ? "its mean moved" : "it follows its past in another way";
        } else if (worst >= 0) {
            int other = worst - triangle(feature);
            boolean alone = other == feature;
            String spread = statistics[worst] > 0 ? "it scatters more" : "it scatters less";
            test = alone ? spread : "it moves with feature " + other + " in another way";
        }
        return new Explanation(feature, test, latest);
    }

    /**
     * The model as bytes; the running statistics are not part of it.
     *
     * @return big endian: u32 magic, u32 features, u32 vectors learned, 24 u32 counts, then the floats
     */
    public byte[] save() {
        return SavedModel.write(MAGIC, features, vectors, binCounts, model);
    }

    /**
     * Takes over a model; the running statistics start anew.
     *
     * @param saved what {@link #save} made of a model with as many features
     * @throws IllegalArgumentException if it is not such a model; this one is then unchanged
     */
    public void load(byte[] saved) {
        vectors = Math.min(learnVectors, SavedModel.read(saved, MAGIC, features, binCounts, model));
        restart();
    }

    /**
     * Averages what another model of a like device learned into this one, weighted by how much each has learned.
     *
     * @param other unchanged
     * @throws IllegalArgumentException if it has another number of features
     */
    public void merge(JointModel other) {
        if (other.features != features) {
            throw new IllegalArgumentException(other.features + " features, not " + features);
        }
        float share = vectors + other.vectors == 0 ? 0 : (float) other.vectors / (vectors + other.vectors);
        for (int at = 0; at < model.length; at++) {
            float part = share;
            if (at < scaleAt) {
                int both = binCounts[at % BINS] + other.binCounts[at % BINS];
                part = both == 0 ? 0 : (float) other.binCounts[at % BINS] / both;
            }
            model[at] += part * (other.model[at] - model[at]);
        }
        for (int bin = 0; bin < BINS; bin++) {
            binCounts[bin] = (int) Math.min(Integer.MAX_VALUE / 2, (long) binCounts[bin] + other.binCounts[bin]);
        }
        vectors = Math.min(learnVectors, vectors + other.vectors);
        restart();
    }

    private void restart() {
        for (float[] running : new float[][] {statistics, previous, errors, lastErrors, factor}) {
            Arrays.fill(running, 0);
        }
        latest = 0;
        worst = -1;
        if (vectors >= learnVectors) {
            factorise();
        }
    }

    /**
     * Memory in use.
     *
     * @return bytes of all arrays
     */
    public int bytes() {
        return 4 * (model.length + BINS + factor.length + 4 * features + 2 * statistics.length);
    }
}
