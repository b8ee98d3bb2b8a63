package io.liveprofile.aggregate;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Every operation that features.yaml can name, with the keys it takes. */
public final class Operations {

    /** How a definition becomes an operation: the keys it may have beyond the common ones, and the reader of them. */
    private record Reader(List<String> keys, Function<ConfigNode, Operation> read) {}

    private static final Map<String, Reader> READERS = new LinkedHashMap<>();

    static {
        READERS.put("count", new Reader(List.of(), node -> new CountOperation()));
        READERS.put("sum", numeric(SumOperation::new));
        READERS.put("average", numeric(MeanOperation::new));
        READERS.put("min", numeric(ExtremeOperation::min));
        READERS.put("max", numeric(ExtremeOperation::max));
        READERS.put("stddev", numeric(StandardDeviationOperation::new));
        READERS.put("distinct", new Reader(List.of("field", "k"), node -> new DistinctOperation(
                EventField.text(node.get("field")),
                node.find("k").map(k -> (int) k.wholeNumber(16, 16_384)).orElse(DistinctOperation.DEFAULT_K))));
        READERS.put("since_last", new Reader(List.of(), node -> new SinceLastOperation()));
        READERS.put("last_k", new Reader(List.of("field", "k"), node -> new LastKOperation(
                EventField.text(node.get("field")), (int) node.get("k").wholeNumber(1, 100))));
        READERS.put("affinity", new Reader(List.of("field", "half_life", "size", "weights"), node -> new AffinityOperation(
                EventField.text(node.get("field")),
                typeWeights(node.get("weights")),
                node.get("half_life").duration().toMillis(),
                (int) node.get("size").wholeNumber(1, 100))));
    }

    private Operations() {}

    /** The operation a definition names under {@code op}. */
    public static Operation read(ConfigNode definition) {
        return reader(definition).read().apply(definition);
    }

    /** Keys that the definition's operation takes beyond the common ones. */
    public static List<String> keys(ConfigNode definition) {
        return reader(definition).keys();
    }

    private static Reader reader(ConfigNode definition) {
        ConfigNode op = definition.get("op");
        Reader reader = READERS.get(op.text());
        if (reader == null) {
            throw op.error("must be one of " + String.join(", ", READERS.keySet()));
        }
        return reader;
    }

    private static Reader numeric(
            Function<ToDoubleFunction<BehaviorEvent>, Operation> create) {
        return new Reader(List.of("field"), node -> create.apply(EventField.number(node.get("field"))));
    }

    private static Map<EventType, Double> typeWeights(ConfigNode node) {
        Map<EventType, Double> weights = new EnumMap<>(EventType.class);
        node.entries().forEach((type, weight) -> weights.put(eventType(weight, type), weight.number(0.001, 1_000)));
        if (weights.isEmpty()) {
            throw node.error("must give at least one event type a weight");
        }
        return weights;
    }

    static EventType eventType(ConfigNode place, String name) {
        try {
            return EventType.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw place.error("'" + name + "' is no event type; allowed: " + List.of(EventType.values()));
        }
    }
}
