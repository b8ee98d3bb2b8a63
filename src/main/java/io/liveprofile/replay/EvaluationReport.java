package io.liveprofile.replay;

import io.liveprofile.config.Durations;
import io.liveprofile.model.Contest;
import io.liveprofile.model.Contest.Scored;
import io.liveprofile.model.Metrics;
import io.liveprofile.replay.CurvePicture.Curve;
import io.liveprofile.replay.CurvePicture.Panel;
import io.liveprofile.replay.Evaluation.Model;
import io.liveprofile.replay.JudgedRows.Row;
import io.liveprofile.training.Label;
import io.liveprofile.training.LabelPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an {@link Evaluation} showed, by head, slice and period. */
final class EvaluationReport {
    private static final double LATE_PART = 0.6;
    private static final long WEEK_MILLIS = Duration.ofDays(7).toMillis();
    private static final long SEED = 1;

    /**
     * One comparison.
     *
     * @param period {@code whole}, or {@code late}: after 60 % of the time span and a horizon
     */
    record Part(String head, String slice, String period, Contest contest) {}

    /**
     * Figures by week.
     *
     * @param start of each whole week, ms UTC
     * @param rocAuc [models][weeks], NaN where a week allows none
     * @param prAuc [models][weeks]
     */
    record Weeks(String head, long[] start, double[][] rocAuc, double[][] prAuc) {
        /** Mean over the weeks that begin at {@code since} or later. */
        static double mean(double[] values, long[] start, long since) {
            double sum = 0;
            int count = 0;
            for (int i = 0; i < values.length; i++) {
                if (start[i] >= since && !Double.isNaN(values[i])) {
                    sum += values[i];
                    count++;
                }
            }
            return sum / count;
        }
    }

    private final LabelPlan labels;
    private final List<Slice> slices;
    private final List<Row> rows;
    private final long first;
    private final long last;
    private final long reached;
    private final int samples;

    /**
     * @param first event time of the first event, and the last, ms UTC
     * @param reached event time that has gone by, ms UTC
     */
    EvaluationReport(LabelPlan labels, List<Slice> slices, JudgedRows rows, long first, long last, long reached, int samples) {
        this.labels = labels;
        this.slices = slices;
        this.rows = rows.rows();
        this.first = first;
        this.last = last;
        this.reached = reached;
        this.samples = samples;
    }

    long lateFrom(int head) {
        return first + (long) ((last - first) * LATE_PART) + labels.labels().get(head).horizon().toMillis();
    }

    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int head = 0; head < labels.labels().size(); head++) {
            for (int slice = 0; slice < slices.size(); slice++) {
                add(parts, head, slice, "whole", Long.MIN_VALUE);
                add(parts, head, slice, "late", lateFrom(head));
            }
        }
        return parts;
    }

    /** Why there is no part of a head, a line a head. */
    List<String> notJudged() {
        List<String> lines = new ArrayList<>();
        for (int head = 0; head < labels.labels().size(); head++) {
            if (chosen(head, 0, Long.MIN_VALUE, Long.MAX_VALUE).isEmpty()) {
                Label label = labels.labels().get(head);
                lines.add(label.head() + " cannot be judged: no vector that is asked for it has its horizon of "
                        + Durations.format(label.horizon()) + " over, as the data goes from " + Instant.ofEpochMilli(first)
                        + " to " + Instant.ofEpochMilli(last));
            }
        }
        return lines;
    }

    List<Weeks> weeks() {
        List<Weeks> weeks = new ArrayList<>();
        int count = (int) ((last - first) / WEEK_MILLIS);
        for (int head = 0; head < labels.labels().size(); head++) {
            long[] start = new long[count];
            double[][] rocAuc = new double[Model.values().length][count];
            double[][] prAuc = new double[Model.values().length][count];
            for (int week = 0; week < count; week++) {
                start[week] = first + week * WEEK_MILLIS;
                List<Row> of = chosen(head, 0, start[week], start[week] + WEEK_MILLIS);
                for (Model model : Model.values()) {
                    float[] scores = scores(of, model, head);
                    float[] truth = truth(of, head);
                    boolean isScored = !of.isEmpty() && !hasNaN(scores);
                    rocAuc[model.ordinal()][week] = isScored ? Metrics.rocAuc(scores, truth) : Double.NaN;
                    prAuc[model.ordinal()][week] = isScored ? Metrics.averagePrecision(scores, truth) : Double.NaN;
                }
            }
            weeks.add(new Weeks(labels.labels().get(head).head(), start, rocAuc, prAuc));
        }
        return weeks;
    }

    /**
     * Rows of a head whose label is known, of a slice and a time. Not those whose horizon is not over: of these one class alone is
     * known, as a positive is known sooner than a negative.
     */
    List<Row> chosen(int head, int slice, long from, long to) {
        long decided = reached - labels.labels().get(head).horizon().toMillis();
        long soonest = slices.get(slice).notBeforePositive().toMillis();
        return rows.stream()
                .filter(row -> row.time >= from && row.time < to && row.time <= decided && !Float.isNaN(row.labels[head]))
                .filter(row -> (row.slices & 1 << slice) != 0)
                .filter(row -> row.labels[head] < 0.5 || row.positiveAfter[head] >= soonest)
                .toList();
    }

    float[] scores(List<Row> of, Model model, int head) {
        float[] scores = new float[of.size()];
        int heads = labels.labels().size();
        for (int i = 0; i < scores.length; i++) {
            scores[i] = of.get(i).scores[model.ordinal() * heads + head];
        }
        return scores;
    }

    static float[] truth(List<Row> of, int head) {
        float[] truth = new float[of.size()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = of.get(i).labels[head];
        }
        return truth;
    }

    /** Curves of a head over all rows of the late part, and by week with the releases marked. */
    String picture(int head, Weeks weeks, List<Long> releases) {
        List<Row> late = chosen(head, 0, lateFrom(head), Long.MAX_VALUE);
        float[] truth = truth(late, head);
        List<Curve> roc = new ArrayList<>();
        List<Curve> precision = new ArrayList<>();
        List<Curve> calibration = new ArrayList<>();
        List<Curve> byWeek = new ArrayList<>();
        double[] starts = Arrays.stream(weeks.start()).asDoubleStream().toArray();
        for (Model model : Model.values()) {
            String name = model.name().toLowerCase(Locale.ROOT);
            float[] scores = scores(late, model, head);
            if (!late.isEmpty() && !hasNaN(scores)) {
                roc.add(Curves.roc(name, scores, truth));
                precision.add(Curves.precisionRecall(name, scores, truth));
                calibration.add(Curves.calibration(name, scores, truth));
            }
            byWeek.add(new Curve(name, starts, weeks.prAuc()[model.ordinal()]));
        }
        List<String> days = List.of(day(first), day(last));
        return CurvePicture.svg(List.of(
                Panel.ofShares(weeks.head() + ": ROC", "false positive rate", "true positive rate", roc),
                Panel.ofShares("Precision and recall", "recall", "precision", precision),
                Panel.ofShares("Calibration", "mean probability", "share of positives", calibration),
                new Panel("PR-AUC by week, releases dotted", "", "PR-AUC", first, last, days, byWeek,
                        releases.stream().mapToDouble(Long::doubleValue).toArray())));
    }

    private static String day(long millis) {
        return Instant.ofEpochMilli(millis).toString().substring(0, 10);
    }

    static String table(Part part) {
        Contest contest = part.contest();
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%s, %s, %s: %,d rows, %,d positives (%.2f %%), %,d users%n",
                part.head(), part.slice(), part.period(), contest.rows(), contest.positives(),
                100.0 * contest.positives() / Math.max(1, contest.rows()), contest.users()));
        table.append(String.format(Locale.ROOT, "  %-10s %-25s %-25s %-25s %7s %7s%n", "model", "ROC-AUC", "PR-AUC", "log loss", "Brier", "ECE"));
        for (Contest.Entry entry : contest.entries()) {
            table.append(String.format(Locale.ROOT, "  %-10s %-25s %-25s %-25s %7.4f %7.4f%n", entry.model(),
                    told(entry.rocAuc()), told(entry.prAuc()), told(entry.logLoss()), entry.brier(), entry.calibrationError()));
        }
        for (Contest.Entry entry : contest.entries().subList(1, contest.entries().size())) {
            table.append(String.format(Locale.ROOT, "  online less %-9s ROC-AUC %s, PR-AUC %s, log loss %s%n", entry.model() + ":",
                    difference(entry.rocAuc()), difference(entry.prAuc()), difference(entry.logLoss())));
        }
        return table.toString();
    }

    private void add(List<Part> parts, int head, int slice, String period, long from) {
        Label label = labels.labels().get(head);
        List<Row> of = chosen(head, slice, from, Long.MAX_VALUE);
        if (of.isEmpty()) {
            return;
        }
        int[] users = of.stream().mapToInt(row -> row.user).toArray();
        List<Scored> models = new ArrayList<>();
        for (Model model : Model.values()) {
            float[] scores = scores(of, model, head);
            if (!hasNaN(scores)) {
                models.add(new Scored(model.name().toLowerCase(Locale.ROOT), scores));
            }
        }
        parts.add(new Part(label.head(), slices.get(slice).name(), period,
                Contest.of(users, truth(of, head), models, samples, SEED)));
    }

    private static boolean hasNaN(float[] values) {
        for (float value : values) {
            if (Float.isNaN(value)) {
                return true;
            }
        }
        return false;
    }

    private static String told(Contest.Figure figure) {
        return String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", figure.value(), figure.low(), figure.high());
    }

    private static String difference(Contest.Figure figure) {
        return String.format(Locale.ROOT, "%+.4f [%+.4f, %+.4f]", figure.difference(), figure.differenceLow(), figure.differenceHigh());
    }
}
