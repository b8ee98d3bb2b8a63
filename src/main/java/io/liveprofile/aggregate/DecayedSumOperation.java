package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.function.ToDoubleFunction;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/** Sum of a field over all events, each of which counts half as much after each half-life ({@link Decay}). */
final class DecayedSumOperation extends HistoryOperation<DecayedSumOperation.Decayed> {
    private static final int BYTES = 32;

    /** Sum scaled to the landmark. */
    static final class Decayed {
        private long landmark = Decay.NONE;
        private double sum;
    }

    private final ToDoubleFunction<BehaviorEvent> field;
    private final Decay decay;

    DecayedSumOperation(ToDoubleFunction<BehaviorEvent> field, long halfLifeMillis) {
        this.field = field;
        this.decay = new Decay(halfLifeMillis);
    }

    @Override
    boolean hasWindows() {
        return false;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return !Double.isNaN(field.applyAsDouble(event));
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    Decayed create() {
        return new Decayed();
    }

    @Override
    void add(Decayed decayed, BehaviorEvent event, long since) {
        long time = event.getEventTime();
        if (decayed.landmark == Decay.NONE) {
            decayed.landmark = time;
        } else if (decay.isFar(decayed.landmark, time)) {
            decayed.sum *= decay.growth(decayed.landmark - time);
            decayed.landmark = time;
        }
        decayed.sum += field.applyAsDouble(event) * decay.growth(time - decayed.landmark);
    }

    @Override
    double number(Decayed decayed, long since, long nowMillis) {
        return decayed.sum * decay.growth(decayed.landmark - nowMillis);
    }

    @Override
    void write(Decayed decayed, long since, Encoder out) throws IOException {
        out.writeLong(decayed.landmark);
        out.writeDouble(decayed.sum);
    }

    @Override
    Decayed read(int format, Decoder in) throws IOException {
        Decayed decayed = new Decayed();
        decayed.landmark = in.readLong();
        decayed.sum = in.readDouble();
        return decayed;
    }

    @Override
    int maxBytes() {
        return BYTES;
    }

    @Override
    int memoryBytes(Decayed decayed) {
        return BYTES;
    }
}
