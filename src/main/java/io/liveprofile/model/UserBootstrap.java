package io.liveprofile.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Intervals of a statistic by drawing users, not rows, with replacement (cluster bootstrap, percentile method: Efron &
 * Tibshirani 1993, ch. 13): rows of one user resemble each other and carry less news than as many users.
 */
final class UserBootstrap {
    private final int[] userOfRow;
    private final int users;
    private final int samples;
    private final long seed;
    private final double tail;

    /** Bounds of the interval; both NaN when no sample has a value. */
    record Interval(double low, double high) {}

    /** Intervals of 95 %. */
    UserBootstrap(Object[] users, int samples, long seed) {
        this(users, samples, seed, 0.95);
    }

    /** @param level share of the samples in an interval, above 0 and below 1 */
    UserBootstrap(Object[] users, int samples, long seed, double level) {
        this.tail = (1 - level) / 2;
        Map<Object, Integer> numbers = new HashMap<>();
        this.userOfRow = new int[users.length];
        for (int i = 0; i < users.length; i++) {
            userOfRow[i] = numbers.computeIfAbsent(users[i], user -> numbers.size());
        }
        this.users = numbers.size();
        this.samples = samples;
        this.seed = seed;
    }

    /** @param statistic of row weights (how often each row's user was drawn); NaN = the sample does not count */
    Interval interval(ToDoubleFunction<int[]> statistic) {
        return intervals(1, weights -> new double[] {statistic.applyAsDouble(weights)})[0];
    }

    /** The same of several statistics over the same samples. */
    Interval[] intervals(int count, Function<int[], double[]> statistics) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] weights = new int[userOfRow.length];
        double[][] values = new double[count][samples];
        int[] known = new int[count];
        for (int s = 0; s < samples && users > 0; s++) {
            int[] drawn = new int[users];
            for (int i = 0; i < users; i++) {
                drawn[random.nextInt(users)]++;
            }
            for (int i = 0; i < weights.length; i++) {
                weights[i] = drawn[userOfRow[i]];
            }
            double[] sample = statistics.apply(weights);
            for (int i = 0; i < count; i++) {
                if (!Double.isNaN(sample[i])) {
                    values[i][known[i]++] = sample[i];
                }
            }
        }
        Interval[] intervals = new Interval[count];
        for (int i = 0; i < count; i++) {
            double[] sorted = Arrays.copyOf(values[i], known[i]);
            Arrays.sort(sorted);
            intervals[i] = known[i] == 0
                    ? new Interval(Double.NaN, Double.NaN)
                    : new Interval(quantile(sorted, tail), quantile(sorted, 1 - tail));
        }
        return intervals;
    }

    private static double quantile(double[] sorted, double q) {
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
