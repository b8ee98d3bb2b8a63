package io.liveprofile.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Model against baseline on the same held-out rows.
 *
 * @param rows held-out rows
 * @param users held-out users
 * @param lines per head: ROC-AUC, PR-AUC (average precision), log loss, calibration loss ({@link CalibrationLoss})
 */
public record Comparison(int rows, long users, List<Line> lines) {
    private static final int BOOTSTRAP_SAMPLES = 1_000;

    /** A metric of one head; NaN where the held-out rows do not allow it. */
    public enum Metric {
        ROC_AUC("roc_auc", true),
        PR_AUC("pr_auc", true),
        LOG_LOSS("log_loss", false),
        CALIBRATION_LOSS("calibration_loss", false);

        private final String key;
        private final boolean isMoreBetter;

        Metric(String key, boolean isMoreBetter) {
            this.key = key;
            this.isMoreBetter = isMoreBetter;
        }

        String title() {
            return key.replace('_', ' ');
        }
    }

    /**
     * One metric of one head.
     *
     * @param positives positive labels among the known ones
     * @param known rows with a label
     * @param low lower end of the 95 % interval of model less baseline, users drawn with replacement
     * @param high its upper end
     */
    public record Line(
            String head, Metric metric, long positives, long known, double model, double baseline, double low,
            double high) {

        public double difference() {
            return model - baseline;
        }

        /** Whether the whole interval lies on the model's side. */
        public boolean isBetter() {
            return metric.isMoreBetter ? low > 0 : high < 0;
        }

        /** Whether the whole interval lies on the baseline's side. */
        public boolean isWorse() {
            return metric.isMoreBetter ? high < 0 : low > 0;
        }
    }

    /**
     * @param model probabilities [rows][heads]
     * @param baseline probabilities [rows][heads]
     * @param seed of the bootstrap
     */
    public static Comparison of(
            Examples heldOut, List<String> heads, float[][] model, float[][] baseline, long seed) {
        return of(heldOut, heads, model, baseline, seed, 0.95);
    }

    /** @param level of the intervals */
    static Comparison of(
            Examples heldOut, List<String> heads, float[][] model, float[][] baseline, long seed, double level) {
        UserBootstrap bootstrap = new UserBootstrap(heldOut.users(), BOOTSTRAP_SAMPLES, seed, level);
        List<Line> lines = new ArrayList<>();
        for (int h = 0; h < heads.size(); h++) {
            float[] labels = heldOut.labelsOf(h);
            float[] ours = Metrics.column(model, h);
            float[] theirs = Metrics.column(baseline, h);
            for (Metric metric : Metric.values()) {
                lines.add(line(heads.get(h), metric, labels, ours, theirs, heldOut.users(), bootstrap));
            }
        }
        long users = List.of(heldOut.users()).stream().distinct().count();
        return new Comparison(heldOut.rows(), users, lines);
    }

    /**
     * For the manifest: {@code head.metric}, {@code head.BASELINE_metric}, {@code head.metric_difference_low} and {@code _high}.
     *
     * @param baseline what the baseline is
     */
    public Map<String, Double> metrics(String baseline) {
        Map<String, Double> metrics = new TreeMap<>();
        for (Line line : lines) {
            String key = line.head() + "." + line.metric().key;
            metrics.put(key, line.model());
            metrics.put(line.head() + "." + baseline + "_" + line.metric().key, line.baseline());
            metrics.put(key + "_difference_low", line.low());
            metrics.put(key + "_difference_high", line.high());
        }
        return metrics;
    }

    /** A table of plain text, one line a head and metric. */
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append("Held out: %d rows of %d users. Difference: model less logistic, 95 %% interval over users.%n"
                .formatted(rows, users));
        table.append("%-16s %-16s %18s %9s %9s   %s%n".formatted(
                "head", "metric", "positives/known", "model", "logistic", "difference"));
        for (Line line : lines) {
            table.append("%-16s %-16s %18s %9s %9s   %s [%s, %s]%s%n".formatted(
                    line.head(), line.metric().key, line.positives() + "/" + line.known(), plain(line.model()),
                    plain(line.baseline()), signed(line.difference()), signed(line.low()), signed(line.high()),
                    line.isBetter() ? " better" : ""));
        }
        return table.toString();
    }

    private static Line line(
            String head, Metric metric, float[] labels, float[] ours, float[] theirs, Object[] users, UserBootstrap bootstrap) {
        ToDoubleFunction<int[]> model = statistic(metric, ours, labels, users);
        ToDoubleFunction<int[]> baseline = statistic(metric, theirs, labels, users);
        UserBootstrap.Interval interval = bootstrap.interval(
                weights -> model.applyAsDouble(weights) - baseline.applyAsDouble(weights));
        long known = 0;
        long positives = 0;
        for (float label : labels) {
            known += Float.isNaN(label) ? 0 : 1;
            positives += label > 0.5 ? 1 : 0;
        }
        return new Line(head, metric, positives, known, model.applyAsDouble(null), baseline.applyAsDouble(null),
                interval.low(), interval.high());
    }

    private static ToDoubleFunction<int[]> statistic(Metric metric, float[] scores, float[] labels, Object[] users) {
        return switch (metric) {
            case ROC_AUC -> new Ranking(scores, labels)::rocAuc;
            case PR_AUC -> new Ranking(scores, labels)::averagePrecision;
            case LOG_LOSS -> weights -> Metrics.logLoss(scores, labels, weights);
            case CALIBRATION_LOSS -> new CalibrationLoss(scores, labels, users)::value;
        };
    }

    private static String plain(double value) {
        return Double.isNaN(value) ? "n/a" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String signed(double value) {
        return Double.isNaN(value) ? "n/a" : String.format(Locale.ROOT, "%+.4f", value);
    }
}
