package dev.fieldproof.core.anomaly;

/**
 * Scores a stream of vectors as it comes, in constant memory. One detector serves one device. Implementations state
 * their thread-safety; callers should assume none.
 */
public interface AnomalyDetector {
    /**
     * How many numbers a vector has.
     *
     * @return at least 1
     */
    int features();

    /**
     * Takes a vector.
     *
     * @param vector its first {@link #features()} numbers, all finite
     * @param secondOfDay when it was measured, 0 to 86,399, for what repeats daily
     * @return how strange the stream is now: 0 is usual, from 1 on an alarm is due
     * @throws IllegalArgumentException if the vector is too short or the second out of range
     */
    double score(float[] vector, int secondOfDay);

    /**
     * Which feature the last score is due to.
     *
     * @return its index, or -1 before the first vector
     */
    int suspect();

    /**
     * Why the last score is what it is.
     *
     * @return feature, test and score
     */
    Explanation explain();
}
