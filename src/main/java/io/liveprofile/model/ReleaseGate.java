package io.liveprofile.model;

import io.liveprofile.model.Comparison.Line;
import io.liveprofile.model.Comparison.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether a challenger may take the champion's place, by examples that neither has trained on and whose labels are known for
 * good. Of each head the difference of log loss, PR-AUC and calibration loss is taken on the same examples, with a 99 %
 * interval over users ({@link UserBootstrap}).
 *
 * <p>A challenger passes when it is better beyond chance in the log loss of some head, and worse beyond chance in none of the
 * three of none. A head that has too few positives to tell is left out; when that leaves none, nothing passes, nor where the
 * mean of what it says of such a head has more than doubled or halved. The same rule with the roles changed tells that a
 * champion fell behind its predecessor.
 */
public final class ReleaseGate {
    /** Wider than usual, as the gate is tried again and again. */
    private static final double LEVEL = 0.99;

    /** By how many times the mean probability of a head may move that cannot be judged. */
    private static final double MOST_SHIFT = 2;
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
            if (logLoss.positives() < leastPositives || logLoss.known() - logLoss.positives() < leastPositives) {
                double was = mean(champion, head);
                double is = mean(challenger, head);
                if (Math.max(was, is) > MOST_SHIFT * Math.min(was, is)) {
                    against.add(String.format(Locale.ROOT, "%s: too few labels to judge it, and its mean moved from %.5f to %.5f",
                            heads.get(head), was, is));
                }
                continue;
            }
            counted++;
            for (Metric metric : NOT_WORSE) {
                Line line = line(comparison, heads.get(head), metric);
                if (line.isWorse()) {
                    against.add(told("worse", line));
                }
            }
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

    private static double mean(float[][] probabilities, int head) {
        double sum = 0;
        for (float[] row : probabilities) {
            sum += row[head];
        }
        return sum / Math.max(1, probabilities.length);
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
