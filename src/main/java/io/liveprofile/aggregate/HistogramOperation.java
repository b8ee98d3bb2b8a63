package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How many events lie between fixed bounds: bucket 0 up to and with the first bound, the last one beyond all. Partial: one
 * count a bucket. Exact.
 */
final class HistogramOperation extends NumericOperation {
    private final double[] bounds;

    /** @param bounds strictly ascending */
    HistogramOperation(ToDoubleFunction<BehaviorEvent> field, List<Double> bounds) {
        super(field);
        this.bounds = bounds.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    List<String> outputs() {
        return IntStream.range(0, cells()).mapToObj(bucket -> "bucket_" + bucket).toList();
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    int cells() {
        return bounds.length + 1;
    }

    @Override
    void clear(long[] cells, int at) {
        for (int bucket = 0; bucket < cells(); bucket++) {
            cells[at + bucket] = 0;
        }
    }

    @Override
    void add(long[] cells, int at, double value) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        cells[at + bucket]++;
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        for (int bucket = 0; bucket < cells(); bucket++) {
            cells[at + bucket] += other[otherAt + bucket];
        }
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return cells[at];
    }

    @Override
    void numbers(long[] cells, int at, long nowMillis, double[] numbers, int position) {
        for (int bucket = 0; bucket < cells(); bucket++) {
            numbers[position + bucket] = cells[at + bucket];
        }
    }
}
