package io.liveprofile.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How much of the Brier score is due to probabilities that are not the shares of positives: its reliability part (Murphy,
 * "A New Vector Partition of the Probability Score", 1973), the mean squared distance of probability and share over ten bins of
 * as many rows each.
 *
 * <p>What chance alone adds is taken back, so more bins are no disadvantage and what is calibrated gives 0 on average, now and then
 * less (Ferro &amp; Fricker, "A bias-corrected decomposition of the Brier score", 2012; there of independent rows, here of
 * independent users): of a bin with the users' sums {@code d} of probability less outcome and {@code n} rows it counts
 * {@code Σ_{u≠v} d_u d_v / n}, without the terms of a user with himself.
 */
final class CalibrationLoss {
    private static final int BINS = 10;

    private final List<Sum> sums;

    /** Of one user in one bin; his weight is that of any row of his. */
    private static final class Sum {
        private final int bin;
        private final int row;
        private double excess;
        private int rows;

        private Sum(int bin, int row) {
            this.bin = bin;
            this.row = row;
        }
    }

    private record Place(Object user, int bin) {}

    /**
     * @param labels 0 or 1; NaN = unknown, left out
     * @param users of the rows
     */
    CalibrationLoss(float[] probabilities, float[] labels, Object[] users) {
        int[] ranked = IntStream.range(0, labels.length)
                .filter(row -> !Float.isNaN(labels[row]))
                .boxed()
                .sorted((one, other) -> Float.compare(probabilities[one], probabilities[other]))
                .mapToInt(Integer::intValue)
                .toArray();
        Map<Place, Sum> places = new HashMap<>();
        int bin = 0;
        for (int rank = 0; rank < ranked.length; rank++) {
            int row = ranked[rank];
            if (rank > 0 && probabilities[row] != probabilities[ranked[rank - 1]]) {
                bin = (int) ((long) rank * BINS / ranked.length); // equal ones stay together
            }
            int at = bin;
            Sum sum = places.computeIfAbsent(new Place(users[row], bin), place -> new Sum(at, row));
            sum.excess += probabilities[row] - (labels[row] > 0.5 ? 1 : 0);
            sum.rows++;
        }
        this.sums = List.copyOf(places.values().stream().sorted((one, other) -> Integer.compare(one.row, other.row)).toList());
    }

    /** @param weights how often each row's user was drawn; null = once each. A user drawn twice is one user still. */
    double value(int[] weights) {
        double[] total = new double[BINS];
        double[] own = new double[BINS];
        double[] rows = new double[BINS];
        for (Sum sum : sums) {
            double weight = weights == null ? 1 : weights[sum.row];
            total[sum.bin] += weight * sum.excess;
            own[sum.bin] += weight * weight * sum.excess * sum.excess;
            rows[sum.bin] += weight * sum.rows;
        }
        double loss = 0;
        for (int bin = 0; bin < BINS; bin++) {
            loss += rows[bin] == 0 ? 0 : (total[bin] * total[bin] - own[bin]) / rows[bin];
        }
        return loss / Arrays.stream(rows).sum();
    }
}
