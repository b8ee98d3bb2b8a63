package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Smallest or largest value of a field. Partial: that value. Exact. */
final class ExtremeOperation extends NumericOperation {
    private final DoubleBinaryOperator choose;
    private final double start;

    private ExtremeOperation(ToDoubleFunction<BehaviorEvent> field, DoubleBinaryOperator choose, double start) {
        super(field);
        this.choose = choose;
        this.start = start;
    }

    static ExtremeOperation min(ToDoubleFunction<BehaviorEvent> field) {
        return new ExtremeOperation(field, Math::min, Double.POSITIVE_INFINITY);
    }

    static ExtremeOperation max(ToDoubleFunction<BehaviorEvent> field) {
        return new ExtremeOperation(field, Math::max, Double.NEGATIVE_INFINITY);
    }

    @Override
    int cells() {
        return 1;
    }

    @Override
    void clear(long[] cells, int at) {
        put(cells, at, start);
    }

    @Override
    void add(long[] cells, int at, double value) {
        put(cells, at, choose.applyAsDouble(get(cells, at), value));
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        add(cells, at, get(other, otherAt));
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return get(cells, at);
    }

    @Override
    void write(long[] cells, int at, Encoder out) throws IOException {
        out.writeDouble(get(cells, at));
    }

    @Override
    void read(int format, long[] cells, int at, Decoder in) throws IOException {
        put(cells, at, in.readDouble());
    }

    private static double get(long[] cells, int at) {
        return Double.longBitsToDouble(cells[at]);
    }

    private static void put(long[] cells, int at, double value) {
        cells[at] = Double.doubleToRawLongBits(value);
    }
}
