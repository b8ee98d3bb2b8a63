package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import java.io.IOException;
import java.util.List;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Mean of the events' embeddings, each of which weighs half as much after each half-life ({@link Decay}): where in the
 * space of items or images the user's taste lies now. Events whose embedding has another length do not take part.
 */
final class DecayedVectorOperation extends HistoryOperation<DecayedVectorOperation.Mean> {
    private static final int OBJECT_BYTES = 64;

    /** Weights scaled to the landmark. */
    static final class Mean {
        private long landmark = Decay.NONE;
        private double weight;
        private final double[] sums;

        private Mean(int size) {
            this.sums = new double[size];
        }
    }

    private final int size;
    private final Decay decay;

    DecayedVectorOperation(int size, long halfLifeMillis) {
        this.size = size;
        this.decay = new Decay(halfLifeMillis);
    }

    @Override
    public Kind kind() {
        return Kind.VECTOR;
    }

    @Override
    public int vectorSize() {
        return size;
    }

    @Override
    boolean hasWindows() {
        return false;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return event.getEmbedding().size() == size;
    }

    @Override
    Mean create() {
        return new Mean(size);
    }

    @Override
    void add(Mean mean, BehaviorEvent event, long since) {
        long time = event.getEventTime();
        if (mean.landmark == Decay.NONE) {
            mean.landmark = time;
        } else if (decay.isFar(mean.landmark, time)) {
            double factor = decay.growth(mean.landmark - time);
            mean.weight *= factor;
            for (int i = 0; i < size; i++) {
                mean.sums[i] *= factor;
            }
            mean.landmark = time;
        }
        double weight = decay.growth(time - mean.landmark);
        mean.weight += weight;
        List<Float> embedding = event.getEmbedding();
        for (int i = 0; i < size; i++) {
            mean.sums[i] += weight * embedding.get(i);
        }
    }

    @Override
    float[] vector(Mean mean) {
        float[] vector = new float[size];
        for (int i = 0; i < size; i++) {
            vector[i] = (float) (mean.sums[i] / mean.weight);
        }
        return vector;
    }

    @Override
    void write(Mean mean, long since, Encoder out) throws IOException {
        out.writeLong(mean.landmark);
        out.writeDouble(mean.weight);
        for (double sum : mean.sums) {
            out.writeDouble(sum);
        }
    }

    @Override
    Mean read(int format, Decoder in) throws IOException {
        Mean mean = new Mean(size);
        mean.landmark = in.readLong();
        mean.weight = in.readDouble();
        for (int i = 0; i < size; i++) {
            mean.sums[i] = in.readDouble();
        }
        return mean;
    }

    @Override
    int maxBytes() {
        return OBJECT_BYTES + size * Double.BYTES;
    }

    @Override
    int memoryBytes(Mean mean) {
        return OBJECT_BYTES + size * Double.BYTES;
    }
}
