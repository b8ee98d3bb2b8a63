package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Mean of a field. Partial: count and sum ({@link ExactSum}). */
final class MeanOperation extends NumericOperation {
    private static final int SUM = 1;

    MeanOperation(ToDoubleFunction<BehaviorEvent> field) {
        super(field);
    }

    @Override
    int cells() {
        return SUM + ExactSum.CELLS;
    }

    @Override
    void clear(long[] cells, int at) {
        cells[at] = 0;
        ExactSum.clear(cells, at + SUM);
    }

    @Override
    void add(long[] cells, int at, double value) {
        cells[at]++;
        ExactSum.add(cells, at + SUM, value);
    }

    @Override
    void merge(long[] cells, int at, long[] other, int otherAt) {
        cells[at] += other[otherAt];
        ExactSum.merge(cells, at + SUM, other, otherAt + SUM);
    }

    @Override
    double number(long[] cells, int at, long nowMillis) {
        return ExactSum.value(cells, at + SUM) / cells[at];
    }

    @Override
    void write(long[] cells, int at, Encoder out) throws IOException {
        out.writeLong(cells[at]);
        ExactSum.write(cells, at + SUM, out);
    }

    @Override
    void read(int format, long[] cells, int at, Decoder in) throws IOException {
        cells[at] = in.readLong();
        ExactSum.read(cells, at + SUM, in);
    }
}
