package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** The k largest or smallest values of a field, the most extreme one first; equal ones stay. Exact. */
final class TopKOperation extends PartialOperation<TopKOperation.Extremes> {
    private static final int OBJECT_BYTES = 40;

    /** Most extreme first. */
    static final class Extremes {
        private double[] values = new double[0];
    }

    private final ToDoubleFunction<BehaviorEvent> field;
    private final int k;
    /** 1 for the largest, -1 for the smallest. */
    private final int sign;

    private TopKOperation(ToDoubleFunction<BehaviorEvent> field, int k, int sign) {
        this.field = field;
        this.k = k;
        this.sign = sign;
    }

    static TopKOperation top(ToDoubleFunction<BehaviorEvent> field, int k) {
        return new TopKOperation(field, k, 1);
    }

    static TopKOperation bottom(ToDoubleFunction<BehaviorEvent> field, int k) {
        return new TopKOperation(field, k, -1);
    }

    @Override
    List<String> outputs() {
        return IntStream.rangeClosed(1, k).mapToObj(Integer::toString).toList();
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return !Double.isNaN(field.applyAsDouble(event));
    }

    @Override
    Extremes create() {
        return new Extremes();
    }

    @Override
    void add(Extremes extremes, BehaviorEvent event) {
        add(extremes, field.applyAsDouble(event));
    }

    @Override
    void merge(Extremes extremes, Extremes later) {
        for (double value : later.values) {
            add(extremes, value);
        }
    }

    @Override
    void numbers(Extremes extremes, Extremes before, long nowMillis, double[] numbers, int position) {
        System.arraycopy(extremes.values, 0, numbers, position, extremes.values.length);
    }

    @Override
    void write(Extremes extremes, Encoder out) throws IOException {
        out.writeInt(extremes.values.length);
        for (double value : extremes.values) {
            out.writeDouble(value);
        }
    }

    @Override
    Extremes read(int format, Decoder in) throws IOException {
        Extremes extremes = new Extremes();
        extremes.values = new double[in.readInt()];
        for (int i = 0; i < extremes.values.length; i++) {
            extremes.values[i] = in.readDouble();
        }
        return extremes;
    }

    @Override
    int maxBytes() {
        return k * Double.BYTES + 1;
    }

    @Override
    int memoryBytes(Extremes extremes) {
        return OBJECT_BYTES + extremes.values.length * Double.BYTES;
    }

    private void add(Extremes extremes, double value) {
        int kept = extremes.values.length;
        int position = kept;
        while (position > 0 && sign * Double.compare(value, extremes.values[position - 1]) > 0) {
            position--;
        }
        if (position == k) {
            return;
        }
        double[] values = Arrays.copyOf(extremes.values, Math.min(kept + 1, k));
        System.arraycopy(extremes.values, position, values, position + 1, values.length - position - 1);
        values[position] = value;
        extremes.values = values;
    }
}
