package io.liveprofile.inference;

import java.util.List;

/**
 * Why a release gives some vectors the scores that it gives.
 *
 * @param inputs what something is attributed to: each number of the vector, then each bag of hashed texts as {@code TABLE@SOURCE}
 * @param usual [inputs]: the average to which a number is compared; NaN for a bag
 * @param values [rows][inputs]: the number itself; NaN for a bag or where it is missing
 * @param attributions [rows][heads][inputs]: what each adds to the log-odds; all of a row and head sum up to its log-odds less
 *     those of the average user
 */
public record Explanation(List<String> inputs, float[] usual, float[][] values, float[][][] attributions) {}
