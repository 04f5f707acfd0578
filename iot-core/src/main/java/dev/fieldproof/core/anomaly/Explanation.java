package dev.fieldproof.core.anomaly;

/**
 * Why a score is what it is.
 *
 * @param feature the index of the feature it is due to, -1 before the first vector
 * @param test what is strange about it, in words
 * @param score the score, from 1 on an alarm
 */
public record Explanation(int feature, String test, double score) {}
