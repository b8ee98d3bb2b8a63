package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Sample standard deviation of a field, with n - 1 in the denominator; missing below two values. Partial: count, sum and
 * sum of squares. The sums have twice a double's precision, so the subtraction behind the deviation does not cancel
 * ({@link ExactSum}).
 */
final class StandardDeviationOperation extends NumericOperation {
    private static final int SUM = 1;
    private static final int SQUARES = SUM + ExactSum.CELLS;

    StandardDeviationOperation(ToDoubleFunction<BehaviorEvent> field) {
        super(field);
    }

    @Override
    int cells() {
        return SQUARES + ExactSum.CELLS;
    }

    @Override
    void clear(long[] cells, int at) {
        cells[at] = 0;
        ExactSum.clear(cells, at + SUM);
        ExactSum.clear(cells, at + SQUARES);
    }

    @Override
    void add(long[] cells, int at, double value) {
        cells[at]++;
        ExactSum.add(cells, at + SUM, value);
        ExactSum.addSquare(cells, at + SQUARES, value);
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        cells[at] += other[otherAt];
        ExactSum.merge(cells, at + SUM, other, otherAt + SUM);
        ExactSum.merge(cells, at + SQUARES, other, otherAt + SQUARES);
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        double count = cells[at];
        return count < 2
                ? Double.NaN
                : Math.sqrt(ExactSum.scaledVariance(cells[at], cells, at + SUM, at + SQUARES) / (count * (count - 1)));
    }

    @Override
    void write(long[] cells, int at, Encoder out) throws IOException {
        out.writeLong(cells[at]);
        ExactSum.write(cells, at + SUM, out);
        ExactSum.write(cells, at + SQUARES, out);
    }

    @Override
    void read(long[] cells, int at, Decoder in) throws IOException {
        cells[at] = in.readLong();
        ExactSum.read(cells, at + SUM, in);
        ExactSum.read(cells, at + SQUARES, in);
    }
}
