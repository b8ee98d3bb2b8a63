package io.liveprofile.model;

import java.util.Arrays;

/**
 * Known rows sorted once by falling score, so that a metric over any re-weighting of them (a bootstrap sample) costs one
 * pass and no sort.
 */
final class Ranking {
    private final int[] rows;
    private final float[] scores;
    private final boolean[] positive;

    Ranking(float[] scores, float[] labels) {
        long[] keys = new long[labels.length];
        int known = 0;
        for (int i = 0; i < labels.length; i++) {
            if (Float.isNaN(labels[i])) {
                continue;
            }
            if (Float.isNaN(scores[i])) {
                throw new IllegalArgumentException("Row " + i + " has no score");
            }
            // Total order of floats as of ints, inverted for falling scores; the row breaks ties and is carried along.
            int bits = Float.floatToIntBits(scores[i] + 0f);
            int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
            keys[known++] = ((long) ~ordered << 32) | i;
        }
        Arrays.sort(keys, 0, known);
        this.rows = new int[known];
        this.scores = new float[known];
        this.positive = new boolean[known];
        for (int i = 0; i < known; i++) {
            rows[i] = (int) keys[i];
            this.scores[i] = scores[rows[i]];
            positive[i] = labels[rows[i]] > 0.5;
        }
    }

    /** ROC-AUC with row {@code r} counting {@code weights[r]} times; null = once each. NaN with one class only. */
    double rocAuc(int[] weights) {
        double pairs = 0;
        long positives = 0;
        long negatives = 0;
        for (int i = 0; i < rows.length; ) {
            long tiedPositives = 0;
            long tiedNegatives = 0;
            float score = scores[i];
            for (; i < rows.length && scores[i] == score; i++) {
                int weight = weight(weights, i);
                if (positive[i]) {
                    tiedPositives += weight;
                } else {
                    tiedNegatives += weight;
                }
            }
            pairs += (double) tiedNegatives * (positives + tiedPositives / 2.0);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }
        return positives == 0 || negatives == 0 ? Double.NaN : pairs / ((double) positives * negatives);
    }

    /** Average precision with row {@code r} counting {@code weights[r]} times; null = once each. */
    double averagePrecision(int[] weights) {
        double sum = 0;
        long positives = 0;
        long all = 0;
        for (int i = 0; i < rows.length; ) {
            long tiedPositives = 0;
            float score = scores[i];
            for (; i < rows.length && scores[i] == score; i++) {
                int weight = weight(weights, i);
                all += weight;
                tiedPositives += positive[i] ? weight : 0;
            }
            positives += tiedPositives;
            sum += tiedPositives == 0 ? 0 : tiedPositives * ((double) positives / all);
        }
        return positives == 0 ? Double.NaN : sum / positives;
    }

    private int weight(int[] weights, int i) {
        return weights == null ? 1 : weights[rows[i]];
    }
}
