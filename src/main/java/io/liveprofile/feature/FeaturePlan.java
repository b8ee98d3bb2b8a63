package io.liveprofile.feature;

import io.liveprofile.aggregate.AggregateDefinition;
import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.EventField;
import io.liveprofile.aggregate.KeyedPlan;
import io.liveprofile.aggregate.Operation;
import io.liveprofile.aggregate.NumbersByKey;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.feature.FeatureSource.Computed;
import io.liveprofile.feature.FeatureSource.Statistic;
import io.liveprofile.feature.FeatureSource.TypeIs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What features.yaml declares: the aggregates, and the feature vector made of them. Live scoring, training and evaluation
 * take their vectors from here and from nowhere else.
 */
public final class FeaturePlan {
    private static final double DAY_MILLIS = 86_400_000;

    /** Facts of the event itself that can be features. */
    private static final Map<String, Computed> EVENT_SOURCES = new LinkedHashMap<>();

    static {
        EVENT_SOURCES.put("amountMinor", (e, v) -> e.getAmountMinor() == null ? Double.NaN : e.getAmountMinor());
        EVENT_SOURCES.put("quantity", (e, v) -> e.getQuantity() == null ? Double.NaN : e.getQuantity());
        EVENT_SOURCES.put("rating", (e, v) -> e.getRating() == null ? Double.NaN : e.getRating());
        EVENT_SOURCES.put("day_sin", (e, v) -> Math.sin(2 * Math.PI * (e.getEventTime() % DAY_MILLIS) / DAY_MILLIS));
        EVENT_SOURCES.put("day_cos", (e, v) -> Math.cos(2 * Math.PI * (e.getEventTime() % DAY_MILLIS) / DAY_MILLIS));
    }

    private final AggregatePlan aggregates;
    private final FeatureSchema schema;
    private final FeatureExtractor extractor;

    private FeaturePlan(AggregatePlan aggregates, Map<Feature, FeatureSource> features) {
        this.aggregates = aggregates;
        this.schema = new FeatureSchema(List.copyOf(features.keySet()));
        this.extractor = new FeatureExtractor(features);
    }

    /** Reads a whole features.yaml. */
    public static FeaturePlan read(ConfigNode file) {
        return read(file, Long.MAX_VALUE);
    }

    /** @param maxUserBytes most state that the aggregates of one user may take; more is an error of the file */
    public static FeaturePlan read(ConfigNode file, long maxUserBytes) {
        file.rejectOtherKeys("windows", "aggregates", "derived", "features");
        AggregatePlan aggregates = AggregatePlan.read(file, maxUserBytes);
        Map<Feature, FeatureSource> features = new LinkedHashMap<>();
        Map<String, ConfigNode> names = new LinkedHashMap<>();
        for (ConfigNode node : file.get("features").items()) {
            new Reader(aggregates, node).read().forEach((feature, source) -> {
                if (names.put(feature.name(), node) != null) {
                    throw node.error("gives a second feature '" + feature.name() + "'");
                }
                features.put(feature, source);
            });
        }
        if (features.isEmpty()) {
            throw file.get("features").error("must declare at least one feature");
        }
        return new FeaturePlan(aggregates, features);
    }

    public AggregatePlan aggregates() {
        return aggregates;
    }

    public FeatureSchema schema() {
        return schema;
    }

    /** The vector of a user whose aggregates say {@code values} after {@code event}; NaN = missing. */
    public float[] extract(BehaviorEvent event, AggregateValues values) {
        return extractor.extract(event, values);
    }

    /** One bit for each keyed plan for which the event has a key. */
    public int keysOf(BehaviorEvent event) {
        int keys = 0;
        for (KeyedPlan keyed : aggregates.keyed()) {
            keys |= keyed.keyOf(event) == null ? 0 : 1 << keyed.number();
        }
        return keys;
    }

    /** A complete update, and how many formulas had no value for it. */
    public record Completed(UserUpdate update, int failedExpressions) {}

    /**
     * The update with what other keys say, with what is derived of that, and with both in its vector.
     *
     * @param numbers by keyed plan; null = the event has no such key
     */
    public Completed complete(UserUpdate update, double[][] numbers) {
        AggregateValues values = update.values();
        double[] statistics = values.statistics().clone();
        int failed = aggregates.complete(statistics, numbers);
        float[] vector = update.vector().clone();
        extractor.refill(vector, statistics, aggregates.ownStatistics(),
                position -> aggregates.isWithoutKey(position, numbers));
        AggregateValues completed = new AggregateValues(
                statistics, values.lists(), values.affinities(), values.breakdowns(), values.vectors());
        return new Completed(update.completed(completed, vector), failed);
    }

    /** Reads one entry of {@code features}, which may stand for several positions of the vector. */
    private static final class Reader {
        private static final List<String> HOW = List.of("transform", "table", "size");
        private static final int USUAL_SLOTS = 5;
        private static final int MAX_SLOTS = 100;

        private final AggregatePlan aggregates;
        private final ConfigNode node;
        private final Transform transform;
        private final Map<Feature, FeatureSource> features = new LinkedHashMap<>();

        private Reader(AggregatePlan aggregates, ConfigNode node) {
            this.aggregates = aggregates;
            this.node = node;
            this.transform = node.find("transform").map(t -> t.oneOf(Transform.class)).orElse(Transform.IDENTITY);
        }

        private Map<Feature, FeatureSource> read() {
            node.rejectOtherKeys("statistics", "affinity", "breakdown", "vector", "event", "type_is", "hashed", "transform",
                    "table", "size");
            List<String> kinds = node.keys().stream().filter(key -> !HOW.contains(key)).toList();
            if (kinds.size() != 1) {
                throw node.error("must have exactly one of statistics, affinity, breakdown, vector, event, type_is, hashed");
            }
            for (String key : HOW) {
                if (node.has(key) && key.equals("transform") == kinds.get(0).equals("hashed")) {
                    throw node.get(key).error(key.equals("transform") ? "has no meaning for texts" : "goes with hashed only");
                }
            }
            ConfigNode source = node.get(kinds.get(0));
            for (String name : source.texts()) {
                switch (kinds.get(0)) {
                    case "statistics" -> addStatistics(source, name);
                    case "affinity" -> addByKey(source, name, aggregates.affinityNames(), AggregateValues::affinities);
                    case "breakdown" -> addByKey(source, name, aggregates.breakdownNames(), AggregateValues::breakdowns);
                    case "vector" -> addVector(source, name);
                    case "event" -> addEventFact(source, name);
                    case "hashed" -> addHashed(source, name);
                    default -> addTypeIs(source, name);
                }
            }
            return features;
        }

        /** An aggregate's name stands for all its windows; a statistic's for itself. */
        private void addStatistics(ConfigNode source, String name) {
            List<String> names = aggregates.statisticNames();
            for (AggregateDefinition definition : aggregates.allDefinitions()) {
                if (definition.name().equals(name) && definition.operation().kind() == Operation.Kind.NUMBER) {
                    definition.statisticNames().forEach(statistic -> addStatistic(statistic, names.indexOf(statistic)));
                    return;
                }
            }
            if (!names.contains(name)) {
                throw source.error("'" + name + "' is no numeric aggregate or statistic; allowed: " + names);
            }
            addStatistic(name, names.indexOf(name));
        }

        private void addStatistic(String name, int position) {
            features.put(new Feature(name, transform), new Statistic(position, aggregates.whenEmpty(position)));
        }

        /** The user's number for the event's own category, brand, …; missing when the event has none. */
        private void addByKey(
                ConfigNode source, String name, List<String> names, Function<AggregateValues, NumbersByKey[]> values) {
            int position = positionOf(source, name, names);
            Operation operation = aggregates.definitionOf(name).operation();
            features.put(new Feature(name + "_of_event", transform), (Computed) (event, all) -> {
                String key = operation.keyOf(event);
                return key == null ? Double.NaN : values.apply(all)[position].of(key, operation.whenEmpty());
            });
        }

        private void addVector(ConfigNode source, String name) {
            int position = positionOf(source, name, aggregates.vectorNames());
            for (int i = 0; i < aggregates.definitionOf(name).operation().vectorSize(); i++) {
                int index = i;
                features.put(new Feature(name + "_" + i, transform), (Computed) (event, values) -> {
                    float[] vector = values.vectors()[position];
                    return vector.length == 0 ? Double.NaN : vector[index];
                });
            }
        }

        private static int positionOf(ConfigNode source, String name, List<String> names) {
            int position = names.indexOf(name);
            if (position < 0) {
                throw source.error("'" + name + "' is none of these aggregates; allowed: " + names);
            }
            return position;
        }

        private void addEventFact(ConfigNode source, String name) {
            Computed fact = EVENT_SOURCES.get(name);
            if (fact == null) {
                throw source.error("'" + name + "' is no fact of an event; allowed: " + EVENT_SOURCES.keySet());
            }
            features.put(new Feature("event_" + name, transform), fact);
        }

        /** A text of the event, or the first texts of a list. */
        private void addHashed(ConfigNode source, String name) {
            String table = node.find("table").map(ConfigNode::text).orElse(name);
            if (!table.matches("[A-Za-z][A-Za-z0-9_.]*")) {
                throw node.get("table").error("must be letters, digits, _ and ., a letter first");
            }
            int position = aggregates.listNames().indexOf(name);
            if (position < 0) {
                if (!EventField.isText(name)) {
                    throw source.error("'" + name + "' is neither a text of the event nor a list; texts: "
                            + EventField.texts() + ", lists: " + aggregates.listNames());
                }
                Function<BehaviorEvent, String> field = EventField.text(name);
                features.put(Feature.hashed(table, name, 0), (Computed) (event, values) -> TextHash.of(field.apply(event)));
                return;
            }
            int slots = (int) (long) node.find("size").map(size -> size.wholeNumber(1, MAX_SLOTS)).orElse((long) USUAL_SLOTS);
            for (int slot = 0; slot < slots; slot++) {
                int index = slot;
                features.put(Feature.hashed(table, name, slot),
                        (Computed) (event, values) -> TextHash.of(values.lists()[position], index));
            }
        }

        private void addTypeIs(ConfigNode source, String name) {
            EventType type;
            try {
                type = EventType.valueOf(name);
            } catch (IllegalArgumentException e) {
                throw source.error("'" + name + "' is no event type; allowed: " + List.of(EventType.values()));
            }
            features.put(new Feature("type_is_" + name.toLowerCase(Locale.ROOT), transform), new TypeIs(type));
        }
    }
}
