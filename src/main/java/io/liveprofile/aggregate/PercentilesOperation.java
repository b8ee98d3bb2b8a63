package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Percentiles of a field: p % of the values are at most the p-th one (nearest rank). Each is within {@code accuracy} of the
 * exact one, as a share of it, for values from 1e-9 on; what is smaller counts as 0.
 *
 * <p>Values are counted in buckets whose bounds grow by the factor {@code (1 + a) / (1 - a)} (DDSketch: Masson, Rim, Lee,
 * "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", PVLDB 12(12), 2019, sec. 2 and 3).
 * Counts add up, so neither the order of events nor of merges shows, where sketches by rank draw random numbers and a
 * replay would publish other percentiles. At most 4,096 buckets: beyond, those of the smallest amounts are put together.
 */
final class PercentilesOperation extends PartialOperation<PercentilesOperation.Buckets> {
    private static final long MILLION = 1_000_000;
    private static final double SMALLEST = 1e-9;
    private static final int MAX_BUCKETS = 4_096;
    private static final int MIN_CAPACITY = 4;
    private static final int OBJECT_BYTES = 64;
    /** Codes above it are of positive values, below it of negative ones. */
    private static final int ZERO = 0;
    private static final int OFFSET = 1 << 20;

    /** Counts by the code of a bucket, codes ascending with the values they stand for. */
    static final class Buckets {
        private int[] codes = new int[MIN_CAPACITY];
        private long[] counts = new long[MIN_CAPACITY];
        private int size;

        private void add(int code, long count) {
            int index = Arrays.binarySearch(codes, 0, size, code);
            if (index < 0) {
                index = -1 - index;
                if (size == codes.length) {
                    codes = Arrays.copyOf(codes, size * 2);
                    counts = Arrays.copyOf(counts, size * 2);
                }
                System.arraycopy(codes, index, codes, index + 1, size - index);
                System.arraycopy(counts, index, counts, index + 1, size - index);
                codes[index] = code;
                counts[index] = 0;
                size++;
            }
            counts[index] += count;
        }
    }

    private final ToDoubleFunction<BehaviorEvent> field;
    private final List<Double> percentiles;
    /** The same in millionths of a percent: ranks are whole numbers, and products of doubles lie above or below them. */
    private final long[] millionths;
    private final double growth;
    private final double logGrowth;

    /**
     * @param percentiles 0 to 100
     * @param accuracy above 0 and below 1
     */
    PercentilesOperation(ToDoubleFunction<BehaviorEvent> field, List<Double> percentiles, double accuracy) {
        this.field = field;
        this.percentiles = List.copyOf(percentiles);
        this.millionths = percentiles.stream().mapToLong(percentile -> Math.round(percentile * MILLION)).toArray();
        this.growth = (1 + accuracy) / (1 - accuracy);
        this.logGrowth = Math.log(growth);
    }

    @Override
    List<String> outputs() {
        return percentiles.stream().map(PercentilesOperation::name).toList();
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return !Double.isNaN(field.applyAsDouble(event));
    }

    @Override
    Buckets create() {
        return new Buckets();
    }

    @Override
    void add(Buckets buckets, BehaviorEvent event) {
        buckets.add(code(field.applyAsDouble(event)), 1);
        bound(buckets);
    }

    @Override
    void merge(Buckets buckets, Buckets later) {
        for (int i = 0; i < later.size; i++) {
            buckets.add(later.codes[i], later.counts[i]);
        }
        bound(buckets);
    }

    @Override
    void numbers(Buckets buckets, Buckets before, long nowMillis, double[] numbers, int position) {
        long all = 0;
        for (int i = 0; i < buckets.size; i++) {
            all += buckets.counts[i];
        }
        for (int i = 0; i < millionths.length; i++) {
            long rank = Math.max(1, -Math.floorDiv(-millionths[i] * all, 100 * MILLION));
            int bucket = 0;
            for (long seen = buckets.counts[0]; seen < rank; seen += buckets.counts[bucket]) {
                bucket++;
            }
            numbers[position + i] = value(buckets.codes[bucket]);
        }
    }

    @Override
    void write(Buckets buckets, Encoder out) throws IOException {
        out.writeInt(buckets.size);
        int previous = 0;
        for (int i = 0; i < buckets.size; i++) {
            out.writeInt(buckets.codes[i] - previous);
            out.writeLong(buckets.counts[i]);
            previous = buckets.codes[i];
        }
    }

    @Override
    Buckets read(int format, Decoder in) throws IOException {
        Buckets buckets = new Buckets();
        int size = in.readInt();
        int code = 0;
        for (int i = 0; i < size; i++) {
            code += in.readInt();
            buckets.add(code, in.readLong());
        }
        return buckets;
    }

    @Override
    int maxBytes() {
        return MAX_BUCKETS * 8;
    }

    @Override
    int memoryBytes(Buckets buckets) {
        return OBJECT_BYTES + buckets.codes.length * (Integer.BYTES + Long.BYTES);
    }

    private static String name(double percentile) {
        return "p" + (percentile == Math.rint(percentile)
                ? Long.toString(Math.round(percentile))
                : Double.toString(percentile).replace('.', '_'));
    }

    private int code(double value) {
        double amount = Math.abs(value);
        if (amount < SMALLEST) {
            return ZERO;
        }
        int code = OFFSET + (int) Math.ceil(Math.log(amount) / logGrowth);
        return value > 0 ? code : -code;
    }

    /** The value within the accuracy of all of its bucket. */
    private double value(int code) {
        if (code == ZERO) {
            return 0;
        }
        double amount = 2 * Math.pow(growth, Math.abs(code) - OFFSET) / (growth + 1);
        return code > 0 ? amount : -amount;
    }

    private static void bound(Buckets buckets) {
        while (buckets.size > MAX_BUCKETS) {
            int nearest = 0;
            for (int i = 1; i < buckets.size; i++) {
                nearest = Math.abs(buckets.codes[i]) < Math.abs(buckets.codes[nearest]) ? i : nearest;
            }
            int into = nearest + 1 < buckets.size ? nearest + 1 : nearest - 1;
            buckets.counts[into] += buckets.counts[nearest];
            buckets.size--;
            System.arraycopy(buckets.codes, nearest + 1, buckets.codes, nearest, buckets.size - nearest);
            System.arraycopy(buckets.counts, nearest + 1, buckets.counts, nearest, buckets.size - nearest);
        }
    }
}
