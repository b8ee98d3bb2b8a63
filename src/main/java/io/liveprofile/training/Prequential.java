package io.liveprofile.training;

import io.liveprofile.model.Metrics;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How good one head is as the stream goes on, over the newest examples whose label is known for good (prequential evaluation with
 * a sliding window: Gama, Sebastião, Rodrigues, "On Evaluating Stream Learning Algorithms", Machine Learning 2013, sec. 3), which
 * here are of users that are held out ({@link HeldOutUsers}), as examples of one user tell of one another.
 */
public final class Prequential {
    /** Probability from which an example is called positive. */
    private static final double THRESHOLD = 0.5;

    private final RecentScores window;

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
        this.window = new RecentScores(window);
    }

    /** @param probability that was given before the label was learned, 0 to 1 */
    public void judge(float probability, boolean isPositive) {
        window.add(probability, isPositive);
    }

    void write(DataOutput out) throws IOException {
        window.write(out);
    }

    void read(DataInput in) throws IOException {
        window.read(in);
    }

    /** Examples judged since the beginning. */
    public long judged() {
        return window.added();
    }

    public Figures figures() {
        float[] p = window.scores();
        float[] y = window.labels();
        int positives = 0;
        for (float label : y) {
            positives += (int) label;
        }
        return new Figures(p.length, positives, Metrics.rocAuc(p, y), Metrics.averagePrecision(p, y), Metrics.logLoss(p, y),
                Metrics.brier(p, y), Metrics.calibrationError(p, y), Metrics.calls(p, y, THRESHOLD));
    }
}
