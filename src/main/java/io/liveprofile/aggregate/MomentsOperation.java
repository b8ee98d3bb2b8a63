package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Mean or sample standard deviation of a field, from count, sum and sum of squares. The sums have twice a double's
 * precision, so the subtraction behind the deviation does not cancel ({@link ExactSum}). At most 41 bytes a tile.
 */
final class MomentsOperation extends NumericOperation<MomentsOperation.Moments> {

    static final class Moments {
        private long count;
        private ExactSum sum = new ExactSum();
        private ExactSum squares = new ExactSum();
    }

    private enum Reading {
        MEAN,
        STANDARD_DEVIATION
    }

    private final Reading reading;

    private MomentsOperation(ToDoubleFunction<BehaviorEvent> field, Reading reading) {
        super(field);
        this.reading = reading;
    }

    static MomentsOperation mean(ToDoubleFunction<BehaviorEvent> field) {
        return new MomentsOperation(field, Reading.MEAN);
    }

    /** With n - 1 in the denominator; missing below two values. */
    static MomentsOperation standardDeviation(ToDoubleFunction<BehaviorEvent> field) {
        return new MomentsOperation(field, Reading.STANDARD_DEVIATION);
    }

    @Override
    public Moments create() {
        return new Moments();
    }

    @Override
    void add(Moments partial, double value) {
        partial.count++;
        partial.sum.add(value);
        partial.squares.addSquare(value);
    }

    @Override
    public void merge(Moments into, Moments later) {
        into.count += later.count;
        into.sum.add(later.sum);
        into.squares.add(later.squares);
    }

    @Override
    public double number(Moments partial, long nowMillis) {
        double count = partial.count;
        return switch (reading) {
            case MEAN -> count == 0 ? Double.NaN : partial.sum.value() / count;
            case STANDARD_DEVIATION -> count < 2
                    ? Double.NaN
                    : Math.sqrt(ExactSum.scaledVariance(partial.count, partial.sum, partial.squares)
                            / (count * (count - 1)));
        };
    }

    @Override
    public void write(Moments partial, Encoder out) throws IOException {
        out.writeLong(partial.count);
        partial.sum.write(out);
        partial.squares.write(out);
    }

    @Override
    public Moments read(Decoder in) throws IOException {
        Moments moments = new Moments();
        moments.count = in.readLong();
        moments.sum = ExactSum.read(in);
        moments.squares = ExactSum.read(in);
        return moments;
    }
}
