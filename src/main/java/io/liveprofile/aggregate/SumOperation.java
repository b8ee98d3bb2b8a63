package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Sum of a field. Exact for whole numbers ({@link ExactSum}). */
final class SumOperation extends NumericOperation {
    SumOperation(ToDoubleFunction<BehaviorEvent> field) {
        super(field);
    }

    @Override
    int cells() {
        return ExactSum.CELLS;
    }

    @Override
    void clear(long[] cells, int at) {
        ExactSum.clear(cells, at);
    }

    @Override
    void add(long[] cells, int at, double value) {
        ExactSum.add(cells, at, value);
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        ExactSum.merge(cells, at, other, otherAt);
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return ExactSum.value(cells, at);
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    void write(long[] cells, int at, Encoder out) throws IOException {
        ExactSum.write(cells, at, out);
    }

    @Override
    void read(int format, long[] cells, int at, Decoder in) throws IOException {
        ExactSum.read(cells, at, in);
    }
}
