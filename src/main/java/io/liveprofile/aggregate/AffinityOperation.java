package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Share of a user's decayed interest by category, brand or another text field: each event adds its type's weight to its
 * key, and every weight halves in each half-life ({@link Decay}). Shares need no decay at all.
 *
 * <p>At most {@code size} keys: beyond that the lightest key moves into a nameless rest, which keeps the other shares
 * right; a key that comes back starts anew, so its share is a lower bound. While no more than {@code size} keys were
 * seen the shares are exact. One key takes its text and 9 bytes.
 */
final class AffinityOperation extends HistoryOperation<AffinityOperation.Interests> {

    /**
     * Weights scaled to the landmark: a weight counts weight × 2^(-(now - landmark) / half-life) now. Heaviest first; of
     * equal ones the one that got there first.
     */
    static final class Interests {
        private long landmark = Decay.NONE;
        private double rest;
        private TextList keys = TextList.EMPTY;
        private double[] weights = new double[4];
    }

    private static final double ROUNDING = 1e6;
    private static final int OBJECT_BYTES = 96;

    private final Function<BehaviorEvent, String> field;
    private final EnumMap<EventType, Double> typeWeights;
    private final Decay decay;
    private final int size;

    AffinityOperation(
            Function<BehaviorEvent, String> field, Map<EventType, Double> typeWeights, long halfLifeMillis, int size) {
        this.field = field;
        this.typeWeights = new EnumMap<>(typeWeights);
        this.decay = new Decay(halfLifeMillis);
        this.size = size;
    }

    @Override
    public Kind kind() {
        return Kind.SHARES;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return field.apply(event) != null && typeWeights.containsKey(event.getType());
    }

    @Override
    public double whenEmpty() {
        return 0;
    }

    @Override
    boolean hasWindows() {
        return false;
    }

    @Override
    public String keyOf(BehaviorEvent event) {
        return field.apply(event);
    }

    @Override
    Interests create() {
        return new Interests();
    }

    @Override
    void add(Interests interests, BehaviorEvent event, long since) {
        long time = event.getEventTime();
        moveLandmark(interests, time);
        double weight = typeWeights.get(event.getType()) * decay.growth(time - interests.landmark);
        byte[] key = TextList.encodeShortened(field.apply(event));
        int index = interests.keys.indexOf(key);
        if (index < 0) {
            index = append(interests, key);
        }
        interests.weights[index] += weight;
        moveUp(interests, index);
        if (interests.keys.size() > size) {
            interests.keys = interests.keys.first(size);
            interests.rest += interests.weights[size];
            interests.weights[size] = 0;
        }
    }

    /** Each rounded to 6 decimals; those that round to 0 left out. */
    @Override
    NumbersByKey shares(Interests interests) {
        int known = interests.keys.size();
        double total = interests.rest;
        for (int i = 0; i < known; i++) {
            total += interests.weights[i];
        }
        double[] shares = new double[known];
        int shown = 0;
        while (shown < known) {
            double share = Math.rint(interests.weights[shown] / total * ROUNDING) / ROUNDING;
            if (!(share > 0)) {
                return new NumbersByKey(interests.keys.first(shown), Arrays.copyOf(shares, shown));
            }
            shares[shown++] = share;
        }
        return new NumbersByKey(interests.keys, shares);
    }

    @Override
    void write(Interests interests, long since, Encoder out) throws IOException {
        out.writeLong(interests.landmark);
        out.writeDouble(interests.rest);
        interests.keys.write(out);
        for (int i = 0; i < interests.keys.size(); i++) {
            out.writeDouble(interests.weights[i]);
        }
    }

    @Override
    Interests read(int format, Decoder in) throws IOException {
        Interests interests = new Interests();
        interests.landmark = in.readLong();
        interests.rest = in.readDouble();
        interests.keys = TextList.read(in);
        interests.weights = new double[Math.max(4, interests.keys.size())];
        for (int i = 0; i < interests.keys.size(); i++) {
            interests.weights[i] = in.readDouble();
        }
        return interests;
    }

    @Override
    int maxBytes() {
        return OBJECT_BYTES + (size + 1) * (Double.BYTES + TextList.MAX_TEXT_BYTES);
    }

    @Override
    int memoryBytes(Interests interests) {
        return OBJECT_BYTES + interests.weights.length * Double.BYTES + interests.keys.encoded().length;
    }

    /** Puts the landmark at the first time seen, and forward when a time lies too far after it. */
    private void moveLandmark(Interests interests, long time) {
        if (interests.landmark == Decay.NONE) {
            interests.landmark = time;
        } else if (decay.isFar(interests.landmark, time)) {
            double factor = decay.growth(interests.landmark - time);
            for (int i = 0; i < interests.keys.size(); i++) {
                interests.weights[i] *= factor;
            }
            interests.rest *= factor;
            interests.landmark = time;
        }
    }

    private int append(Interests interests, byte[] key) {
        int index = interests.keys.size();
        interests.keys = interests.keys.with(index, key, size + 1);
        if (index == interests.weights.length) {
            interests.weights = Arrays.copyOf(interests.weights, Math.min(index * 2, size + 1));
        }
        return index;
    }

    /** Moves a key whose weight grew before those that are lighter now. */
    private static void moveUp(Interests interests, int index) {
        double weight = interests.weights[index];
        int place = index;
        while (place > 0 && interests.weights[place - 1] < weight) {
            place--;
        }
        if (place < index) {
            System.arraycopy(interests.weights, place, interests.weights, place + 1, index - place);
            interests.weights[place] = weight;
            interests.keys = interests.keys.moved(index, place);
        }
    }
}
