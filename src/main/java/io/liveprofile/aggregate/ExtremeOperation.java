package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Smallest or largest value of a field. Exact. 8 bytes a tile. */
final class ExtremeOperation extends NumericOperation<double[]> {
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
    public double[] create() {
        return new double[] {start};
    }

    @Override
    void add(double[] partial, double value) {
        partial[0] = choose.applyAsDouble(partial[0], value);
    }

    @Override
    public void merge(double[] into, double[] later) {
        into[0] = choose.applyAsDouble(into[0], later[0]);
    }

    @Override
    public double number(double[] partial, long nowMillis) {
        return partial[0];
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
