package io.liveprofile.replay;

import io.liveprofile.replay.CurvePicture.Curve;
import java.util.Arrays;
import java.util.stream.IntStream;

/** What the scores of one model look like against what happened; at most {@value #POINTS} points a curve. */
final class Curves {
    private static final int POINTS = 200;
    private static final int BINS = 15;

    private Curves() {}

    /** False positive rate to true positive rate. */
    static Curve roc(String name, float[] scores, float[] truth) {
        return walk(name, scores, truth, true);
    }

    /** Recall to precision. */
    static Curve precisionRecall(String name, float[] scores, float[] truth) {
        return walk(name, scores, truth, false);
    }

    /** Mean probability to share of positives, in bins of equal width that have rows. */
    static Curve calibration(String name, float[] scores, float[] truth) {
        double[] sums = new double[BINS];
        double[] positives = new double[BINS];
        int[] counts = new int[BINS];
        for (int i = 0; i < scores.length; i++) {
            int bin = Math.min(BINS - 1, (int) (scores[i] * BINS));
            sums[bin] += scores[i];
            positives[bin] += truth[i];
            counts[bin]++;
        }
        int[] filled = IntStream.range(0, BINS).filter(bin -> counts[bin] > 0).toArray();
        return new Curve(name, Arrays.stream(filled).mapToDouble(bin -> sums[bin] / counts[bin]).toArray(),
                Arrays.stream(filled).mapToDouble(bin -> positives[bin] / counts[bin]).toArray());
    }

    private static Curve walk(String name, float[] scores, float[] truth, boolean isRoc) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(scores[b], scores[a]));
        double allPositives = 0;
        for (float label : truth) {
            allPositives += label;
        }
        double allNegatives = truth.length - allPositives;
        double[] x = new double[POINTS];
        double[] y = new double[POINTS];
        double hits = 0;
        int point = 0;
        for (int i = 0; i < order.length && point < POINTS; i++) {
            hits += truth[order[i]];
            double recall = hits / allPositives;
            double falsePositives = (i + 1 - hits) / allNegatives;
            double walked = isRoc ? falsePositives : recall;
            if (walked >= point / (POINTS - 1.0)) {
                x[point] = walked;
                y[point++] = isRoc ? recall : hits / (i + 1);
            }
        }
        return new Curve(name, Arrays.copyOf(x, point), Arrays.copyOf(y, point));
    }
}
