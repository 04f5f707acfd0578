package dev.fieldproof.core.anomaly;

/**
 * A bank of classical tests on each feature: a daily profile is learned and frozen, the residual is scaled robustly,
 * and four statistics look for what devices die of: a fast and a slow exponential average (Roberts 1959), a two-sided
 * cumulative sum (Page 1954), and the surprise of exact repeats. The score is the largest statistic over its threshold.
 *
 * <p>About 150 bytes per feature, no allocation per vector. Models move between devices and processes with {@link
 * #save} and {@link #load}; {@link #merge} averages profiles of like devices as a warm start. Not thread-safe.
 */
public final class TestBank implements AnomalyDetector {
    /** How many statistics watch each feature: fast average, cumulative sum, repeats, slow average. */
    public static final int STATISTICS = 4;

    private static final String[] TESTS = {
        "its level changed", "it keeps to one side", "it repeats one value", "it drifts"
    };

    private static final int BINS = 24;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final float LEARNING_RATE = 0.02f;
    private static final float LEAST_SCALE = 0.05f;
    private static final float Z_LIMIT = 12;
    private static final float FAST = 0.3f;
    private static final float SLOW = 0.01f;
    private static final float ALLOWANCE = 1;
    private static final int MAGIC = 0x4642_4B01;

    private static final int SCALE = BINS;
    private static final int EWMA_FAST = BINS + 1;
    private static final int EWMA_SLOW = BINS + 2;
    private static final int CUSUM_UP = BINS + 3;
    private static final int CUSUM_DOWN = BINS + 4;
    private static final int RUN = BINS + 5;
    private static final int REPEATS = BINS + 6;
    private static final int LAST = BINS + 7;
    private static final int STRIDE = BINS + 8;

    /** Below these a threshold would alarm on noise, however quiet the devices were that it was calibrated on. */
    private static final double[] LEAST_THRESHOLDS = {3, 8, 9, 0.15};

    private final int features;
    private final int learnVectors;
    private final float[] inverseThresholds;
    private final float[] inverseScales;
    /** What one more repeat of a value says, of each feature. */
    private final float[] surprise;

    private final float[] state;
    private final int[] binCounts = new int[BINS];
    private final float driftPerVector;
    private int vectors;
    private int suspect = -1;
    private double latest;

    /**
     * Makes a bank that knows nothing yet.
     *
     * @param features numbers per vector, 1 to 1,000
     * @param learnVectors how many vectors to learn from before the profile is frozen and scores begin; seven days'
     *     worth is good
     * @param thresholds of each feature's {@link #STATISTICS}, feature by feature; take what healthy devices' {@link
     *     #statistic statistics} rarely reach, such as the 97th percentile of their maxima. Low ones are raised to 3,
     *     8, 9 and 0.15, so zeros are a bank that is not calibrated
     * @throws IllegalArgumentException if a value is out of range
     */
    public TestBank(int features, int learnVectors, double... thresholds) {
        this(features, learnVectors, 0f, thresholds);
    }

    private TestBank(int features, int learnVectors, float driftPerVector, double... thresholds) {
        if (features < 1 || features > 1000 || learnVectors < 1 || thresholds.length != features * STATISTICS) {
            throw new IllegalArgumentException(
                    features + " features, " + learnVectors + " to learn, " + thresholds.length + " thresholds");
        }
        this.features = features;
        this.learnVectors = learnVectors;
        this.driftPerVector = driftPerVector;
        inverseThresholds = new float[thresholds.length];
        inverseScales = new float[features];
        surprise = new float[features];
        for (int i = 0; i < thresholds.length; i++) {
            if (!(thresholds[i] >= 0)) {
                throw new IllegalArgumentException("threshold " + thresholds[i]);
            }
            inverseThresholds[i] = (float) (1 / Math.max(thresholds[i], LEAST_THRESHOLDS[i % STATISTICS]));
        }
        state = new float[features * STRIDE];
    }

    /**
     * A bank whose profile follows the seasons: after learning, each vector moves it a little, unless an alarm is due.
     *
     * @param features see the constructor
     * @param learnVectors see the constructor
     * @param driftPerVector how far the profile of the hour moves toward each vector, 0 to 0.5; 0.025 is 15 % a day at
     *     six vectors per hour
     * @param thresholds see the constructor
     * @return the bank
     * @throws IllegalArgumentException if a value is out of range
     */
    public static TestBank following(int features, int learnVectors, double driftPerVector, double... thresholds) {
        if (!(driftPerVector >= 0 && driftPerVector <= 0.5)) {
            throw new IllegalArgumentException("drift " + driftPerVector);
        }
        return new TestBank(features, learnVectors, (float) driftPerVector, thresholds);
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public int suspect() {
        return suspect;
    }

    @Override
    public double score(float[] vector, int secondOfDay) {
        if (vector.length < features || secondOfDay < 0 || secondOfDay >= SECONDS_PER_DAY) {
            throw new IllegalArgumentException(vector.length + " features at second " + secondOfDay);
        }
        int bin = secondOfDay / (SECONDS_PER_DAY / BINS);
        boolean learning = vectors < learnVectors;
        suspect = Math.max(0, suspect);
        if (learning) {
            learn(vector, bin);
            return 0;
        }
        float worst = 0;
        for (int feature = 0; feature < features; feature++) {
            float score = step(feature, vector[feature], bin);
            if (score > worst) {
                worst = score;
                suspect = feature;
            }
        }
        latest = worst;
        return latest;
    }

    @Override
    public Explanation explain() {
        return new Explanation(suspect, suspect < 0 ? "nothing yet" : TESTS[strangest(suspect)], latest);
    }

    /** Moves a feature's statistics on, and returns the largest as a share of its threshold. */
    private float step(int feature, float value, int bin) {
        int at = feature * STRIDE;
        float residual = value - state[at + bin];
        float z = Math.max(-Z_LIMIT, Math.min(Z_LIMIT, residual * inverseScales[feature]));
        float fast = state[at + EWMA_FAST];
        float slow = state[at + EWMA_SLOW];
        fast += FAST * (z - fast);
        slow += SLOW * (z - slow);
        int upBits = positive(state[at + CUSUM_UP] + z - ALLOWANCE);
        int downBits = positive(state[at + CUSUM_DOWN] - z - ALLOWANCE);
        float up = Float.intBitsToFloat(upBits);
        float down = Float.intBitsToFloat(downBits);
        float run = value == state[at + LAST] ? state[at + RUN] + 1 : 0;
        state[at + EWMA_FAST] = fast;
        state[at + EWMA_SLOW] = slow;
        state[at + CUSUM_UP] = up;
        state[at + CUSUM_DOWN] = down;
        state[at + RUN] = run;
        state[at + LAST] = value;
        if (driftPerVector > 0 && latest < 1) {
            state[at + bin] += driftPerVector * residual;
        }
        int kind = feature * STATISTICS;
        int level = absolute(fast * inverseThresholds[kind]);
        int side = absolute(Float.intBitsToFloat(Math.max(upBits, downBits)) * inverseThresholds[kind + 1]);
        int repeat = absolute(run * surprise[feature] * inverseThresholds[kind + 2]);
        int drift = absolute(slow * inverseThresholds[kind + 3]);
        return Float.intBitsToFloat(Math.max(Math.max(level, side), Math.max(repeat, drift)));
    }

    /** The bits of an absolute value, which order as the values do: comparing those is several times as fast. */
    private static int absolute(float a) {
        return Float.floatToRawIntBits(a) & Integer.MAX_VALUE;
    }

    /** The bits of a value, or of 0 if it is below. */
    private static int positive(float a) {
        int bits = Float.floatToRawIntBits(a);
        return bits & ~(bits >> 31);
    }

    /** The statistic of a feature that is the largest share of its threshold. */
    private int strangest(int feature) {
        int strangest = 0;
        for (int kind = 1; kind < STATISTICS; kind++) {
            strangest = share(feature, kind) > share(feature, strangest) ? kind : strangest;
        }
        return strangest;
    }

    private double share(int feature, int kind) {
        return statistic(feature, kind) * inverseThresholds[feature * STATISTICS + kind];
    }

    /** What is needed of the learned model for every vector, worked out once. */
    private void settle() {
        for (int feature = 0; feature < features; feature++) {
            int at = feature * STRIDE;
            inverseScales[feature] = 1 / Math.max(LEAST_SCALE, 1.25f * state[at + SCALE]);
            surprise[feature] = (float) -Math.log(Math.min(0.995, state[at + REPEATS] + 0.05));
        }
    }

    /**
     * A statistic now, to calibrate thresholds with.
     *
     * @param feature its index
     * @param kind 0 fast average, 1 cumulative sum, 2 repeats, 3 slow average
     * @return at least 0
     */
    public double statistic(int feature, int kind) {
        int at = feature * STRIDE;
        return switch (kind) {
            case 0 -> Math.abs(state[at + EWMA_FAST]);
            case 1 -> Math.max(state[at + CUSUM_UP], state[at + CUSUM_DOWN]);
            case 2 -> state[at + RUN] * surprise[feature];
            case 3 -> Math.abs(state[at + EWMA_SLOW]);
            default -> throw new IllegalArgumentException("statistic " + kind);
        };
    }

    private void learn(float[] vector, int bin) {
        vectors++;
        binCounts[bin]++;
        for (int feature = 0; feature < features; feature++) {
            learn(feature * STRIDE, vector[feature], bin);
        }
        if (vectors == learnVectors) {
            settle();
        }
    }

    private void learn(int at, float value, int bin) {
        float residual = value - state[at + bin];
        state[at + bin] += Math.max(LEARNING_RATE, 1f / binCounts[bin]) * residual;
        if (binCounts[bin] > 1) {
            // The first residual of a bin is the whole value and says nothing of the spread.
            float rate = Math.max(0.002f, 1f / vectors);
            state[at + SCALE] += rate * (Math.abs(residual) - state[at + SCALE]);
        }
        boolean repeat = vectors > 1 && value == state[at + LAST];
        state[at + REPEATS] += ((repeat ? 1 : 0) - state[at + REPEATS]) / vectors;
        state[at + LAST] = value;
    }

    /**
     * The model as bytes, statistics included.
     *
     * @return big endian: u32 magic, u32 features, u32 vectors learned, 24 u32 counts, then the floats
     */
    public byte[] save() {
        return SavedModel.write(MAGIC, features, vectors, binCounts, state);
    }

    /**
     * Takes over a model.
     *
     * @param model what {@link #save} made of a bank with as many features
     * @throws IllegalArgumentException if it is not such a model; this bank is then unchanged
     */
    public void load(byte[] model) {
        vectors = SavedModel.read(model, MAGIC, features, binCounts, state);
        settle();
    }

    /**
     * Averages the profile of another bank into this one, weighted by how much each has learned; the running statistics
     * of this bank start anew.
     *
     * @param other a bank of a like device, unchanged
     * @throws IllegalArgumentException if it has another number of features
     */
    public void merge(TestBank other) {
        if (other.features != features) {
            throw new IllegalArgumentException(other.features + " features, not " + features);
        }
        float share = vectors + other.vectors == 0 ? 0 : (float) other.vectors / (vectors + other.vectors);
        for (int at = 0; at < state.length; at += STRIDE) {
            for (int bin = 0; bin < BINS; bin++) {
                int both = binCounts[bin] + other.binCounts[bin];
                float binShare = both == 0 ? 0 : (float) other.binCounts[bin] / both;
                state[at + bin] += binShare * (other.state[at + bin] - state[at + bin]);
            }
            state[at + SCALE] += share * (other.state[at + SCALE] - state[at + SCALE]);
            state[at + REPEATS] += share * (other.state[at + REPEATS] - state[at + REPEATS]);
            for (int field : new int[] {EWMA_FAST, EWMA_SLOW, CUSUM_UP, CUSUM_DOWN, RUN}) {
                state[at + field] = 0;
            }
        }
        settle();
        for (int bin = 0; bin < BINS; bin++) {
            binCounts[bin] = Math.min(Integer.MAX_VALUE / 2, binCounts[bin] + other.binCounts[bin]);
        }
        vectors = Math.min(learnVectors, vectors + other.vectors);
    }

    /**
     * Memory in use.
     *
     * @return bytes of all arrays
     */
    public int bytes() {
        return 4 * (state.length + BINS + inverseThresholds.length + inverseScales.length + surprise.length);
    }
}
