package io.liveprofile.model;

import io.liveprofile.model.MlpTrainer.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleBiFunction;

/**
 * How good a model is on users it has not seen, fold by fold: users are dealt out by their hash, each fold is held out once, and
 * the spread over the folds says how much of a figure is the draw of the users.
 *
 * @param lines one a head and metric
 */
public record CrossValidation(List<Line> lines) {

    /**
     * @param folds figure of each fold; NaN where its rows allow none
     * @param mean over the folds that have one
     * @param deviation sample standard deviation over them
     */
    public record Line(String head, String metric, double[] folds, double mean, double deviation) {}

    /**
     * @param folds at least 3
     * @param progress told the number of each fold when it is done
     */
    public static CrossValidation of(
            Examples examples, InputLayout layout, ModelConfig config, int folds, IntConsumer progress) {
        List<float[][]> scores = new ArrayList<>();
        List<Examples> heldOut = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            UserSplit split = UserSplit.fold(examples, fold, folds);
            try (Fit fit = new MlpTrainer(config, layout).fit(split.training(), split.validation())) {
                scores.add(MlpTrainer.score(fit.session(), split.heldOut()));
                heldOut.add(split.heldOut());
            }
            progress.accept(fold + 1);
        }
        List<Line> lines = new ArrayList<>();
        for (int head = 0; head < config.heads().size(); head++) {
            lines.add(line(config, head, "roc_auc", scores, heldOut, Metrics::rocAuc));
            lines.add(line(config, head, "pr_auc", scores, heldOut, Metrics::averagePrecision));
            lines.add(line(config, head, "log_loss", scores, heldOut, Metrics::logLoss));
        }
        return new CrossValidation(lines);
    }

    /** A table of plain text, one line a head and metric. */
    public String table() {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-16s %-9s %18s   %s%n", "head", "metric", "mean", "folds"));
        for (Line line : lines) {
            StringBuilder folds = new StringBuilder();
            for (double figure : line.folds()) {
                folds.append(String.format(Locale.ROOT, " %.4f", figure));
            }
            table.append(String.format(Locale.ROOT, "%-16s %-9s %9.4f ± %.4f  %s%n", line.head(), line.metric(), line.mean(),
                    line.deviation(), folds));
        }
        return table.toString();
    }

    private static Line line(ModelConfig config, int head, String metric, List<float[][]> scores, List<Examples> heldOut,
            ToDoubleBiFunction<float[], float[]> figure) {
        double[] folds = new double[scores.size()];
        double sum = 0;
        int known = 0;
        for (int fold = 0; fold < folds.length; fold++) {
            folds[fold] = figure.applyAsDouble(Metrics.column(scores.get(fold), head), heldOut.get(fold).labelsOf(head));
            sum += Double.isNaN(folds[fold]) ? 0 : folds[fold];
            known += Double.isNaN(folds[fold]) ? 0 : 1;
        }
        double mean = sum / known;
        double squares = 0;
        for (double each : folds) {
            squares += Double.isNaN(each) ? 0 : (each - mean) * (each - mean);
        }
        return new Line(config.heads().get(head).name(), metric, folds, mean, Math.sqrt(squares / (known - 1)));
    }
}
