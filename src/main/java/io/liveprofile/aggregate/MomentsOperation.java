package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Mean or sample standard deviation of a field, from count, mean and sum of squared differences, which neither cancel
 * nor overflow. Adding: Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products",
 * Technometrics 4(3), 1962. Merging: Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing
 * Sample Variances", 1979, eq. 2.1. At most 25 bytes a tile.
 */
final class MomentsOperation extends NumericOperation<MomentsOperation.Moments> {

    static final class Moments {
        private long count;
        private double mean;
        private double squares;
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
        double difference = value - partial.mean;
        partial.mean += difference / partial.count;
        partial.squares += difference * (value - partial.mean);
    }

    @Override
    public void merge(Moments into, Moments later) {
        if (later.count == 0) {
            return;
        }
        long count = into.count + later.count;
        double difference = later.mean - into.mean;
        into.mean += difference * later.count / count;
        into.squares += later.squares + difference * difference * into.count / count * later.count;
        into.count = count;
    }

    @Override
    public double number(Moments partial, long nowMillis) {
        return switch (reading) {
            case MEAN -> partial.count == 0 ? Double.NaN : partial.mean;
            case STANDARD_DEVIATION ->
                partial.count < 2 ? Double.NaN : Math.sqrt(partial.squares / (partial.count - 1));
        };
    }

    @Override
    public void write(Moments partial, Encoder out) throws IOException {
        out.writeLong(partial.count);
        out.writeDouble(partial.mean);
        out.writeDouble(partial.squares);
    }

    @Override
    public Moments read(Decoder in) throws IOException {
        Moments moments = new Moments();
        moments.count = in.readLong();
        moments.mean = in.readDouble();
        moments.squares = in.readDouble();
        return moments;
    }
}
