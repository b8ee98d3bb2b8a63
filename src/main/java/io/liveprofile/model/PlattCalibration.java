package io.liveprofile.model;

import java.util.Optional;

/**
 * Brings logits to probabilities that come true: {@code sigmoid(scale · logit + shift)}, fitted by maximum likelihood with
 * smoothed targets (Platt, "Probabilistic Outputs for Support Vector Machines", 1999, sec. 2.2; Newton's method as Lin, Lin and
 * Weng, "A Note on Platt's Probabilistic Outputs", Machine Learning 2007, alg. 1).
 *
 * @param scale above 0
 */
public record PlattCalibration(double scale, double shift) {
    public static final PlattCalibration NONE = new PlattCalibration(1, 0);

    private static final int MAX_STEPS = 100;
    private static final double LEAST_STEP = 1e-10;
    private static final double RIDGE = 1e-12;
    private static final double SETTLED = 1e-6;

    /**
     * @param labels NaN = the row is left out
     * @param leastOfAClass positives, and negatives, that it takes
     * @return nothing when there are too few of a class or the logits do not rise with the labels
     */
    public static Optional<PlattCalibration> fit(float[] logits, float[] labels, int leastOfAClass) {
        double positives = 0;
        double negatives = 0;
        for (float label : labels) {
            positives += label > 0.5 ? 1 : 0;
            negatives += label <= 0.5 ? 1 : 0;
        }
        if (positives < leastOfAClass || negatives < leastOfAClass) {
            return Optional.empty();
        }
        double[] targets = {1 / (negatives + 2), (positives + 1) / (positives + 2)};
        PlattCalibration fitted = newton(logits, labels, targets);
        return fitted.scale > 0 ? Optional.of(fitted) : Optional.empty();
    }

    public double probability(double logit) {
        return 1 / (1 + Math.exp(-(scale * logit + shift)));
    }

    private static PlattCalibration newton(float[] logits, float[] labels, double[] targets) {
        PlattCalibration at = NONE;
        double loss = at.loss(logits, labels, targets);
        for (int step = 0; step < MAX_STEPS; step++) {
            double g1 = 0;
            double g2 = 0;
            double h11 = RIDGE;
            double h22 = RIDGE;
            double h21 = 0;
            for (int i = 0; i < logits.length; i++) {
                if (Float.isNaN(labels[i])) {
                    continue;
                }
                double p = at.probability(logits[i]);
                double slope = p * (1 - p);
                double error = p - targets[labels[i] > 0.5 ? 1 : 0];
                h11 += (double) logits[i] * logits[i] * slope;
                h21 += logits[i] * slope;
                h22 += slope;
                g1 += logits[i] * error;
                g2 += error;
            }
            if (Math.abs(g1) < SETTLED && Math.abs(g2) < SETTLED) {
                break;
            }
            double determinant = h11 * h22 - h21 * h21;
            double dScale = -(h22 * g1 - h21 * g2) / determinant;
            double dShift = -(h11 * g2 - h21 * g1) / determinant;
            double slope = g1 * dScale + g2 * dShift;
            double size = 1;
            PlattCalibration next = at;
            double nextLoss = loss;
            while (size >= LEAST_STEP) {
                next = new PlattCalibration(at.scale + size * dScale, at.shift + size * dShift);
                nextLoss = next.loss(logits, labels, targets);
                if (nextLoss < loss + 1e-4 * size * slope) {
                    break;
                }
                size /= 2;
            }
            if (size < LEAST_STEP) {
                break;
            }
            at = next;
            loss = nextLoss;
        }
        return at;
    }

    /** Cross entropy against the smoothed targets, in nats. */
    private double loss(float[] logits, float[] labels, double[] targets) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            if (!Float.isNaN(labels[i])) {
                double z = scale * logits[i] + shift;
                double softplus = z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
                sum += softplus - targets[labels[i] > 0.5 ? 1 : 0] * z;
            }
        }
        return sum;
    }
}
