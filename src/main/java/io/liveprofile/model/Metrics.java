package io.liveprofile.model;

/**
 * How good probabilities are. Rows whose label is unknown (NaN) are left out; a label above 0.5 is positive. Each is
 * NaN where it has no meaning: no known row, or (ROC-AUC) one class only, or (average precision) no positive.
 */
public final class Metrics {
    /** Keeps a wrong probability of 0 or 1 from an infinite loss. */
    private static final double PROBABILITY_FLOOR = 1e-7;

    private Metrics() {}

    /** Area under the ROC curve: chance that a positive outranks a negative, ties counting half (Fawcett 2006). */
    public static double rocAuc(float[] scores, float[] labels) {
        return new Ranking(scores, labels).rocAuc(null);
    }

    /**
     * Average precision, the area under the precision-recall curve as a sum of steps:
     * {@code Σ (recallₙ − recallₙ₋₁) · precisionₙ} over distinct scores from high to low.
     */
    public static double averagePrecision(float[] scores, float[] labels) {
        return new Ranking(scores, labels).averagePrecision(null);
    }

    /** Mean of −ln of the probability given to what happened, in nats; probabilities are cut to [1e-7, 1 − 1e-7]. */
    public static double logLoss(float[] probabilities, float[] labels) {
        return logLoss(probabilities, labels, null);
    }

    /** Mean squared difference of probability and outcome (Brier 1950), 0 to 1. */
    public static double brier(float[] probabilities, float[] labels) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < labels.length; i++) {
            if (!Float.isNaN(labels[i])) {
                double error = probabilities[i] - outcome(labels[i]);
                sum += error * error;
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /** One column of a matrix. */
    public static float[] column(float[][] matrix, int column) {
        float[] values = new float[matrix.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = matrix[i][column];
        }
        return values;
    }

    /** As {@link #logLoss(float[], float[])}, row {@code i} counting {@code weights[i]} times; null = once each. */
    static double logLoss(float[] probabilities, float[] labels, int[] weights) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < labels.length; i++) {
            int weight = weights == null ? 1 : weights[i];
            if (!Float.isNaN(labels[i]) && weight > 0) {
                double p = Math.min(1 - PROBABILITY_FLOOR, Math.max(PROBABILITY_FLOOR, probabilities[i]));
                sum -= weight * Math.log(labels[i] > 0.5 ? p : 1 - p);
                count += weight;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    private static double outcome(float label) {
        return label > 0.5 ? 1 : 0;
    }
}
