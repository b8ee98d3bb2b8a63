package io.liveprofile.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several models on the same rows, with 95 % intervals over users ({@link UserBootstrap}).
 *
 * @param rows with a label
 * @param positives among them
 * @param users of them
 * @param entries one a model, in the order given
 */
public record Contest(int rows, int positives, int users, List<Entry> entries) {
    private static final int METRICS = 3;

    /** A figure and its interval; {@code difference} is the first model's figure less this model's, NaN for itself. */
    public record Figure(
            double value, double low, double high, double difference, double differenceLow, double differenceHigh) {}

    /** What one model is worth; NaN where a figure has no meaning. */
    public record Entry(
            String model, Figure rocAuc, Figure prAuc, Figure logLoss, double brier, double calibrationError,
            Metrics.Calls calls) {}

    /** What a model said of each row. */
    public record Scored(String model, float[] probabilities) {}

    /**
     * @param users of each row, by number
     * @param labels 0 or 1
     * @param models scores of each row, 0 to 1
     * @param samples of the bootstrap
     */
    public static Contest of(int[] users, float[] labels, List<Scored> models, int samples, long seed) {
        Object[] owners = new Object[users.length];
        for (int i = 0; i < users.length; i++) {
            owners[i] = users[i];
        }
        List<Ranking> rankings = models.stream().map(model -> new Ranking(model.probabilities(), labels)).toList();
        int figures = models.size() * METRICS;
        double[] values = figures(rankings, models, labels, null);
        UserBootstrap.Interval[] intervals = new UserBootstrap(owners, samples, seed).intervals(2 * figures, weights -> {
            double[] sample = figures(rankings, models, labels, weights);
            double[] withDifferences = new double[2 * figures];
            for (int i = 0; i < figures; i++) {
                withDifferences[i] = sample[i];
                withDifferences[figures + i] = sample[i % METRICS] - sample[i];
            }
            return withDifferences;
        });
        List<Entry> entries = new ArrayList<>();
        for (int m = 0; m < models.size(); m++) {
            Figure[] of = new Figure[METRICS];
            for (int k = 0; k < METRICS; k++) {
                int i = m * METRICS + k;
                boolean isFirst = m == 0;
                of[k] = new Figure(values[i], intervals[i].low(), intervals[i].high(),
                        isFirst ? Double.NaN : values[k] - values[i],
                        isFirst ? Double.NaN : intervals[figures + i].low(),
                        isFirst ? Double.NaN : intervals[figures + i].high());
            }
            float[] p = models.get(m).probabilities();
            entries.add(new Entry(models.get(m).model(), of[0], of[1], of[2], Metrics.brier(p, labels),
                    Metrics.calibrationError(p, labels), Metrics.calls(p, labels, 0.5)));
        }
        int positives = 0;
        for (float label : labels) {
            positives += label > 0.5 ? 1 : 0;
        }
        return new Contest(labels.length, positives, (int) Arrays.stream(users).distinct().count(), entries);
    }

    private static double[] figures(List<Ranking> rankings, List<Scored> models, float[] labels, int[] weights) {
        double[] figures = new double[models.size() * METRICS];
        for (int m = 0; m < models.size(); m++) {
            figures[m * METRICS] = rankings.get(m).rocAuc(weights);
            figures[m * METRICS + 1] = rankings.get(m).averagePrecision(weights);
            figures[m * METRICS + 2] = Metrics.logLoss(models.get(m).probabilities(), labels, weights);
        }
        return figures;
    }
}
