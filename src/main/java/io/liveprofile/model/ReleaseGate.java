package io.liveprofile.model;

import io.liveprofile.model.Comparison.Line;
import io.liveprofile.model.Comparison.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a challenger may take the champion's place, by examples that neither has trained on and whose labels are known for
 * good. Of each head the difference of log loss, PR-AUC and calibration loss is taken on the same examples, with a 99 %
 * interval over users ({@link UserBootstrap}).
 *
 * <p>A challenger passes when it is better beyond chance in the log loss of some head, and worse beyond chance in none of the
 * three of none; nor may the log loss or PR-AUC of a head be worse by more than a tenth, whether that is beyond chance or not. A
 * head that has too few positives to tell speaks for nothing, and against what is worse by it as long as it has a few; nor may the
 * mean of what is said of it more than double or halve. When no head has enough, nothing passes. The same rule with the roles
 * changed tells that a champion fell behind its predecessor.
 */
public final class ReleaseGate {
    /** Wider than usual, as the gate is tried again and again. */
    private static final double LEVEL = 0.99;

    /** By how many times the mean probability of a head may move that cannot be judged. */
    private static final double MOST_SHIFT = 2;
    /** Positives from which on a head may speak against a challenger: of fewer each is a matter of luck. */
    private static final int A_FEW = 5;
    /** By what share of the champion's a figure may be worse. */
    private static final double MOST_LOSS = 0.1;
    private static final List<Metric> NOT_WORSE = List.of(Metric.LOG_LOSS, Metric.PR_AUC, Metric.CALIBRATION_LOSS);

    private final long leastPositives;
    private final long seed;

    /**
     * @param isPassed whether the challenger is released
     * @param reasons one a head and rule that spoke against it, or what spoke for it
     * @param comparison every figure
     */
    public record Decision(boolean isPassed, List<String> reasons, Comparison comparison) {}

    /**
     * @param leastPositives of a head, and as many negatives, for it to count; at least 1
     * @param seed of the bootstrap: equal examples give equal decisions
     */
    public ReleaseGate(long leastPositives, long seed) {
        if (leastPositives < 1) {
            throw new IllegalArgumentException("leastPositives = " + leastPositives + ": must be at least 1");
        }
        this.leastPositives = leastPositives;
        this.seed = seed;
    }

    /**
     * @param judged examples with their labels; the vectors are not looked at
     * @param champion probabilities [rows][heads]
     * @param challenger probabilities [rows][heads]
     */
    public Decision decide(Examples judged, List<String> heads, float[][] champion, float[][] challenger) {
        Comparison comparison = Comparison.of(judged, heads, challenger, champion, seed, LEVEL);
        List<String> against = new ArrayList<>();
        List<String> inFavour = new ArrayList<>();
        int counted = 0;
        for (int head = 0; head < heads.size(); head++) {
            Line logLoss = line(comparison, heads.get(head), Metric.LOG_LOSS);
            long fewest = Math.min(logLoss.positives(), logLoss.known() - logLoss.positives());
            if (fewest >= A_FEW) {
                against.addAll(worse(comparison, heads.get(head)));
            }
            if (fewest < leastPositives) {
                moved(heads.get(head), judged.labelsOf(head), Metrics.column(champion, head), Metrics.column(challenger, head))
                        .ifPresent(against::add);
                continue;
            }
            counted++;
            if (logLoss.isBetter()) {
                inFavour.add(told("better", logLoss));
            }
        }
        if (counted == 0) {
            against.add("no head has " + leastPositives + " positives and as many negatives");
        } else if (inFavour.isEmpty()) {
            against.add("better beyond chance in the log loss of no head");
        }
        return new Decision(against.isEmpty(), against.isEmpty() ? inFavour : against, comparison);
    }

    private static List<String> worse(Comparison comparison, String head) {
        List<String> worse = new ArrayList<>();
        for (Metric metric : NOT_WORSE) {
            Line line = line(comparison, head, metric);
            boolean isMuch = switch (metric) {
                case LOG_LOSS -> line.model() > line.baseline() * (1 + MOST_LOSS);
                case PR_AUC -> line.model() < line.baseline() * (1 - MOST_LOSS);
                default -> false;
            };
            if (line.isWorse() || isMuch) {
                worse.add(told("worse", line));
            }
        }
        return worse;
    }

    /** How far the mean moved, where that is too far; of the rows that have a label, or of all where none has. */
    private static Optional<String> moved(String head, float[] labels, float[] champion, float[] challenger) {
        double was = mean(champion, labels);
        double is = mean(challenger, labels);
        return Math.max(was, is) <= MOST_SHIFT * Math.min(was, is)
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "%s: too few labels to judge it, and its mean moved from %.5f to %.5f",
                        head, was, is));
    }

    private static double mean(float[] probabilities, float[] labels) {
        double all = 0;
        double ofKnown = 0;
        int known = 0;
        for (int i = 0; i < probabilities.length; i++) {
            all += probabilities[i];
            if (!Float.isNaN(labels[i])) {
                ofKnown += probabilities[i];
                known++;
            }
        }
        return known == 0 ? all / Math.max(1, probabilities.length) : ofKnown / known;
    }

    private static Line line(Comparison comparison, String head, Metric metric) {
        return comparison.lines().stream()
                .filter(line -> line.head().equals(head) && line.metric() == metric)
                .findFirst()
                .orElseThrow();
    }

    private static String told(String verdict, Line line) {
        return String.format(Locale.ROOT, "%s: %s %s by %+.5f [%+.5f, %+.5f]", line.head(), line.metric().title(), verdict,
                line.difference(), line.low(), line.high());
    }
}
