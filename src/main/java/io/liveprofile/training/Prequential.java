package io.liveprofile.training;

import io.liveprofile.model.Metrics;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How good one head is, each example being judged before it is learned from (prequential or test-then-train evaluation: Gama,
 * Sebastião, Rodrigues, "On Evaluating Stream Learning Algorithms", Machine Learning 2013, sec. 3), over the newest examples
 * whose label is known for good. Takes 8 bytes an example of the window.
 */
public final class Prequential {
    /** Probability from which an example is called positive. */
    private static final double THRESHOLD = 0.5;

    private final float[] probabilities;
    private final float[] labels;
    private long judged;

    /**
     * Figures of the window; NaN where one has no meaning, see {@link Metrics}.
     *
     * @param examples in the window
     * @param positives among them
     * @param calls at a probability of 0.5
     */
    public record Figures(
            int examples,
            int positives,
            double rocAuc,
            double prAuc,
            double logLoss,
            double brier,
            double calibrationError,
            Metrics.Calls calls) {}

    /** @param window examples that are looked back at, at least 1 */
    public Prequential(int window) {
        this.probabilities = new float[window];
        this.labels = new float[window];
    }

    /** @param probability that was given before the label was learned, 0 to 1 */
    public void judge(float probability, boolean isPositive) {
        int place = (int) (judged % labels.length);
        probabilities[place] = probability;
        labels[place] = isPositive ? 1 : 0;
        judged++;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(judged);
        Weights.write(probabilities, out);
        Weights.write(labels, out);
    }

    /** Reads what {@link #write} wrote of a window of the same length; of another, nothing is known yet. */
    void read(DataInput in) throws IOException {
        long wasJudged = in.readLong();
        float[] p = Weights.read(in);
        float[] y = Weights.read(in);
        if (p.length == labels.length) {
            judged = wasJudged;
            System.arraycopy(p, 0, probabilities, 0, p.length);
            System.arraycopy(y, 0, labels, 0, y.length);
        }
    }

    /** Examples judged since the beginning. */
    public long judged() {
        return judged;
    }

    public Figures figures() {
        int size = (int) Math.min(judged, labels.length);
        float[] p = Arrays.copyOf(probabilities, size);
        float[] y = Arrays.copyOf(labels, size);
        int positives = 0;
        for (float label : y) {
            positives += (int) label;
        }
        return new Figures(size, positives, Metrics.rocAuc(p, y), Metrics.averagePrecision(p, y), Metrics.logLoss(p, y),
                Metrics.brier(p, y), Metrics.calibrationError(p, y), Metrics.calls(p, y, THRESHOLD));
    }
}
