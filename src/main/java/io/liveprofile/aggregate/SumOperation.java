package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Sum of a field. Exact for whole numbers ({@link ExactSum}). 16 bytes a tile. */
final class SumOperation extends NumericOperation<ExactSum> {
    SumOperation(ToDoubleFunction<BehaviorEvent> field) {
        super(field);
    }

    @Override
    public ExactSum create() {
        return new ExactSum();
    }

    @Override
    void add(ExactSum partial, double value) {
        partial.add(value);
    }

    @Override
    public void merge(ExactSum into, ExactSum later) {
        into.add(later);
    }

    @Override
    public double number(ExactSum partial, long nowMillis) {
        return partial.value();
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    public void write(ExactSum partial, Encoder out) throws IOException {
        partial.write(out);
    }

    @Override
    public ExactSum read(Decoder in) throws IOException {
        return ExactSum.read(in);
    }
}
