package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Sum of a field. Exact for whole numbers while the sum stays below 2^53 (90 trillion in cents). 8 bytes a tile. */
final class SumOperation extends NumericOperation<double[]> {
    SumOperation(ToDoubleFunction<BehaviorEvent> field) {
        super(field);
    }

    @Override
    public double[] create() {
        return new double[1];
    }

    @Override
    void add(double[] partial, double value) {
        partial[0] += value;
    }

    @Override
    public void merge(double[] into, double[] later) {
        into[0] += later[0];
    }

    @Override
    public double number(double[] partial, long nowMillis) {
        return partial[0];
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    public void write(double[] partial, Encoder out) throws IOException {
        out.writeDouble(partial[0]);
    }

    @Override
    public double[] read(Decoder in) throws IOException {
        return new double[] {in.readDouble()};
    }
}
