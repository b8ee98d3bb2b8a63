package io.liveprofile.aggregate;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;

/**
 * Share of a user's decayed interest by category, brand or another text field: each event adds its type's weight to its
 * key, and every weight halves in each half-life. Weights are kept as of the newest event seen, which makes the order of
 * arrival irrelevant (exponential decay commutes with shifting its landmark: Cormode, Shkapenyuk, Srivastava, Xu,
 * "Forward Decay: A Practical Time Decay Model for Streaming Systems", ICDE 2009, sec. 3).
 *
 * <p>At most {@code size} keys: beyond that the lightest key moves into a nameless rest, which keeps the other shares
 * right; a key that comes back starts anew, so its share is a lower bound. While no more than {@code size} keys were
 * seen the shares are exact. One key takes its text and 9 bytes.
 */
final class AffinityOperation extends Operation<AffinityOperation.Interests> {

    static final class Interests {
        private long landmark = Long.MIN_VALUE;
        private double rest;
        private final Map<String, Double> weights = new LinkedHashMap<>();
    }

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
    public void add(Interests partial, BehaviorEvent event) {
        advance(partial, event.getEventTime());
        double decayed = typeWeights.get(event.getType()) * decay(partial.landmark - event.getEventTime());
        partial.weights.merge(field.apply(event), decayed, Double::sum);
        bound(partial);
    }

    @Override
    public void merge(Interests into, Interests later) {
        if (later.landmark == Long.MIN_VALUE) {
            return;
        }
        advance(into, later.landmark);
        double factor = decay(into.landmark - later.landmark);
        later.weights.forEach((key, weight) -> into.weights.merge(key, weight * factor, Double::sum));
        into.rest += later.rest * factor;
        bound(into);
    }

    /** Shares by key, largest first, each rounded to 6 decimals; equal shares in order of key. */
    @Override
    public Map<String, Double> weights(Interests partial, long nowMillis) {
        double total = partial.rest;
        for (double weight : partial.weights.values()) {
            total += weight;
        }
        Map<String, Double> shares = new LinkedHashMap<>();
        if (total <= 0) {
            return shares;
        }
        List<Map.Entry<String, Double>> sorted = partial.weights.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .toList();
        for (Map.Entry<String, Double> entry : sorted) {
            double share = Math.rint(entry.getValue() / total * 1e6) / 1e6;
            if (share > 0) {
                shares.put(entry.getKey(), share);
            }
        }
        return shares;
    }

    @Override
    public void write(Interests partial, Encoder out) throws IOException {
        out.writeLong(partial.landmark);
        out.writeDouble(partial.rest);
        out.writeInt(partial.weights.size());
        for (Map.Entry<String, Double> entry : partial.weights.entrySet()) {
            out.writeString(entry.getKey());
            out.writeDouble(entry.getValue());
        }
    }

    @Override
    public Interests read(Decoder in) throws IOException {
        Interests partial = new Interests();
        partial.landmark = in.readLong();
        partial.rest = in.readDouble();
        int keys = in.readInt();
        for (int i = 0; i < keys; i++) {
            partial.weights.put(in.readString(), in.readDouble());
        }
        return partial;
    }

    private void advance(Interests partial, long toMillis) {
        if (toMillis <= partial.landmark) {
            return;
        }
        if (partial.landmark != Long.MIN_VALUE) {
            double factor = decay(toMillis - partial.landmark);
            partial.weights.replaceAll((key, weight) -> weight * factor);
            partial.rest *= factor;
        }
        partial.landmark = toMillis;
    }

    private double decay(long ageMillis) {
        return ageMillis == 0 ? 1 : Math.pow(2, -ageMillis / halfLifeMillis);
    }

    private void bound(Interests partial) {
        while (partial.weights.size() > size) {
            Map.Entry<String, Double> lightest = null;
            for (Map.Entry<String, Double> entry : partial.weights.entrySet()) {
                int order = lightest == null ? -1 : entry.getValue().compareTo(lightest.getValue());
                if (order < 0 || order == 0 && entry.getKey().compareTo(lightest.getKey()) < 0) {
                    lightest = entry;
                }
            }
            partial.rest += lightest.getValue();
            partial.weights.remove(lightest.getKey());
        }
    }
}
