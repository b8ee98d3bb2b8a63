package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Share of a user's decayed interest by category, brand or another text field: each event adds its type's weight to its
 * key, and every weight halves in each half-life. Weights are kept relative to a landmark in time, so an event costs one
 * addition and shares need no decay at all (forward decay: Cormode, Shkapenyuk, Srivastava, Xu,
 * "Forward Decay: A Practical Time Decay Model for Streaming Systems", ICDE 2009, sec. 3).
 *
 * <p>At most {@code size} keys: beyond that the lightest key moves into a nameless rest, which keeps the other shares
 * right; a key that comes back starts anew, so its share is a lower bound. While no more than {@code size} keys were
 * seen the shares are exact. One key takes its text and 9 bytes.
 */
final class AffinityOperation extends Operation<AffinityOperation.Interests> {

    /** Weights scaled to the landmark: a weight counts weight × 2^(-(now - landmark) / half-life) now. */
    static final class Interests {
        private long landmark = Long.MIN_VALUE;
        private double rest;
        private String[] keys = new String[4];
        private double[] weights = new double[4];
        private int size;
    }

    /** Half-lives an event may lie after the landmark before it moves: far below where 2^x leaves the range of a double. */
    private static final double MAX_HALF_LIVES = 200;

    private final Function<BehaviorEvent, String> field;
    private final EnumMap<EventType, Double> typeWeights;
    private final double halfLifeMillis;
    private final int size;

    AffinityOperation(
            Function<BehaviorEvent, String> field, Map<EventType, Double> typeWeights, long halfLifeMillis, int size) {
        this.field = field;
        this.typeWeights = new EnumMap<>(typeWeights);
        this.halfLifeMillis = halfLifeMillis;
        this.size = size;
    }

    @Override
    public Kind kind() {
        return Kind.WEIGHTS;
    }

    @Override
    public boolean accepts(BehaviorEvent event) {
        return field.apply(event) != null && typeWeights.containsKey(event.getType());
    }

    @Override
    public String keyOf(BehaviorEvent event) {
        return field.apply(event);
    }

    @Override
    public Interests create() {
        return new Interests();
    }

    @Override
    public boolean add(Interests partial, BehaviorEvent event) {
        long time = event.getEventTime();
        moveLandmark(partial, time);
        add(partial, field.apply(event), typeWeights.get(event.getType()) * growth(time - partial.landmark));
        return true;
    }

    @Override
    public void merge(Interests into, Interests later) {
        if (later.landmark == Long.MIN_VALUE) {
            return;
        }
        moveLandmark(into, later.landmark);
        double factor = growth(later.landmark - into.landmark);
        for (int i = 0; i < later.size; i++) {
            add(into, later.keys[i], later.weights[i] * factor);
        }
        into.rest += later.rest * factor;
    }

    /** Shares by key, largest first, each rounded to 6 decimals; equal shares in order of key. */
    @Override
    public Shares weights(Interests partial, long nowMillis) {
        double total = partial.rest;
        for (int i = 0; i < partial.size; i++) {
            total += partial.weights[i];
        }
        Map<String, Double> shares = new LinkedHashMap<>(partial.size * 2);
        if (total <= 0) {
            return Shares.EMPTY;
        }
        sort(partial);
        for (int i = 0; i < partial.size; i++) {
            double share = Math.rint(partial.weights[i] / total * 1e6) / 1e6;
            if (share > 0) {
                shares.put(partial.keys[i], share);
            }
        }
        return Shares.of(shares);
    }

    @Override
    public void write(Interests partial, Encoder out) throws IOException {
        out.writeLong(partial.landmark);
        out.writeDouble(partial.rest);
        out.writeInt(partial.size);
        for (int i = 0; i < partial.size; i++) {
            out.writeString(partial.keys[i]);
            out.writeDouble(partial.weights[i]);
        }
    }

    @Override
    public Interests read(Decoder in) throws IOException {
        Interests partial = new Interests();
        partial.landmark = in.readLong();
        partial.rest = in.readDouble();
        partial.size = in.readInt();
        partial.keys = new String[Math.max(4, partial.size)];
        partial.weights = new double[partial.keys.length];
        for (int i = 0; i < partial.size; i++) {
            partial.keys[i] = in.readString();
            partial.weights[i] = in.readDouble();
        }
        return partial;
    }

    /** Puts the landmark at the first time seen, and forward when a time lies too far after it. */
    private void moveLandmark(Interests partial, long time) {
        if (partial.landmark == Long.MIN_VALUE) {
            partial.landmark = time;
        } else if ((time - partial.landmark) / halfLifeMillis > MAX_HALF_LIVES) {
            double factor = growth(partial.landmark - time);
            for (int i = 0; i < partial.size; i++) {
                partial.weights[i] *= factor;
            }
            partial.rest *= factor;
            partial.landmark = time;
        }
    }

    private double growth(long millis) {
        return millis == 0 ? 1 : Math.pow(2, millis / halfLifeMillis);
    }

    private void add(Interests partial, String key, double weight) {
        for (int i = 0; i < partial.size; i++) {
            if (partial.keys[i].equals(key)) {
                partial.weights[i] += weight;
                return;
            }
        }
        if (partial.size == partial.keys.length) {
            int capacity = Math.min(partial.size * 2, size + 1);
            partial.keys = Arrays.copyOf(partial.keys, capacity);
            partial.weights = Arrays.copyOf(partial.weights, capacity);
        }
        partial.keys[partial.size] = key;
        partial.weights[partial.size++] = weight;
        if (partial.size > size) {
            sort(partial);
            partial.rest += partial.weights[--partial.size];
            partial.keys[partial.size] = null;
        }
    }

    /** By insertion, heaviest first, equal ones by key: at most a hundred keys, nearly in order since the last time. */
    private static void sort(Interests partial) {
        for (int i = 1; i < partial.size; i++) {
            String key = partial.keys[i];
            double weight = partial.weights[i];
            int j = i - 1;
            while (j >= 0 && (partial.weights[j] < weight
                    || partial.weights[j] == weight && partial.keys[j].compareTo(key) > 0)) {
                partial.keys[j + 1] = partial.keys[j];
                partial.weights[j + 1] = partial.weights[j];
                j--;
            }
            partial.keys[j + 1] = key;
            partial.weights[j + 1] = weight;
        }
    }
}
