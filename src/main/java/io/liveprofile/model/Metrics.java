package io.liveprofile.model;

import java.util.Arrays;

/**
 * How good probabilities are. Rows whose label is unknown (NaN) are left out; a label above 0.5 is positive. Each is
 * NaN where it has no meaning: no known row, or (ROC-AUC) one class only, or (average precision) no positive.
 */
public final class Metrics {
    /** Keeps a wrong probability of 0 or 1 from an infinite loss. */
    private static final double PROBABILITY_FLOOR = 1e-7;
    private static final int CALIBRATION_BINS = 15;

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

    /**
     * Expected calibration error: how far the mean probability lies from the share of positives, over bins of equal width
     * weighed by their rows, 0 to 1 (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, eq. 3).
     */
    public static double calibrationError(float[] probabilities, float[] labels) {
        double[] excess = new double[CALIBRATION_BINS];
        long count = 0;
        for (int i = 0; i < labels.length; i++) {
            if (!Float.isNaN(labels[i])) {
                int bin = Math.min(CALIBRATION_BINS - 1, (int) (probabilities[i] * CALIBRATION_BINS));
                excess[bin] += probabilities[i] - outcome(labels[i]);
                count++;
            }
        }
        return count == 0 ? Double.NaN : Arrays.stream(excess).map(Math::abs).sum() / count;
    }

    /**
     * What calling positive from some probability on gets right.
     *
     * @param precision share of those called positive that are; NaN when none is called so
     * @param recall share of the positives that are called so; NaN when there is none
     * @param f1 harmonic mean of both; NaN when there is neither a positive nor a call
     * @param accuracy share of all that are called right; NaN when there is no known row
     */
    public record Calls(double precision, double recall, double f1, double accuracy) {}

    /** @param threshold probability from which a row is called positive */
    public static Calls calls(float[] probabilities, float[] labels, double threshold) {
        double hits = 0;
        double called = 0;
        double positives = 0;
        double right = 0;
        double known = 0;
        for (int i = 0; i < labels.length; i++) {
            if (Float.isNaN(labels[i])) {
                continue;
            }
            boolean isCalled = probabilities[i] >= threshold;
            boolean isPositive = labels[i] > 0.5;
            known++;
            called += isCalled ? 1 : 0;
            positives += isPositive ? 1 : 0;
            hits += isCalled && isPositive ? 1 : 0;
            right += isCalled == isPositive ? 1 : 0;
        }
        return new Calls(hits / called, hits / positives, 2 * hits / (called + positives), right / known);
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
