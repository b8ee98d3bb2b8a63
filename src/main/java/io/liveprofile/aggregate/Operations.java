package io.liveprofile.aggregate;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Every operation that features.yaml can name, with the keys it takes and what a reader of the reference must know. */
public final class Operations {

    /**
     * One operation.
     *
     * @param keys the keys it may have beyond those that all have
     * @param gives what it says, for the reference
     * @param exactness how exact that is, and what it costs
     * @param read makes the operation of a definition
     */
    private record Entry(List<String> keys, String gives, String exactness, Function<ConfigNode, Operation> read) {}

    private static final List<String> GROUPING_KEYS = List.of("group_by", "size");
    private static final int DEFAULT_SIZE = 16;
    private static final int MAX_SIZE = 256;
    private static final int MAX_K = 100;
    private static final double DEFAULT_ACCURACY = 0.01;
    private static final Map<String, Entry> ENTRIES = new LinkedHashMap<>();

    static {
        put("count", "number of events", "exact; 10 bytes", node -> new CountOperation());
        numeric("sum", "sum of a number", "exact for whole numbers up to 2^106; 20 bytes", SumOperation::new);
        numeric("average", "mean of a number", "as sum; 30 bytes", MeanOperation::new);
        numeric("min", "smallest number", "exact; 10 bytes", ExtremeOperation::min);
        numeric("max", "largest number", "exact; 10 bytes", ExtremeOperation::max);
        numeric("variance", "sample variance, n - 1 in the denominator", "sums of 106 bits; 50 bytes",
                MomentOperation.Variance::new);
        numeric("stddev", "sample standard deviation", "as variance", MomentOperation.StandardDeviation::new);
        numeric("skewness", "m3 / m2^1.5 of central moments",
                "sums of 106 bits: good while the deviation is above a 10^-7 of the mean; 70 bytes", MomentOperation.Skewness::new);
        numeric("kurtosis", "excess kurtosis, m4 / m2² - 3",
                "sums of 106 bits: good while the deviation is above a 10^-5 of the mean; 90 bytes", MomentOperation.Kurtosis::new);
        put("first", "number or text of the oldest event", "exact; 20 bytes, a text up to 770", node -> isNumber(node)
                ? EdgeOperation.first(number(node)) : new FirstKOperation(text(node), 1), "field");
        put("last", "number or text of the newest event", "exact; 20 bytes, a text up to 770", node -> isNumber(node)
                ? EdgeOperation.last(number(node)) : LastKOperation.all(text(node), 1), "field");
        put("first_k", "list of the first `k` texts, oldest first", "exact; up to 780 bytes a text",
                node -> new FirstKOperation(text(node), k(node)), "field", "k");
        put("last_k", "list of the last `k` texts, newest first", "exact; up to 780 bytes a text, once a user",
                node -> LastKOperation.all(text(node), k(node)), "field", "k");
        put("distinct_last_k", "the same without repeats", "as last_k",
                node -> LastKOperation.distinct(text(node), k(node)), "field", "k");
        put("top_k", "the `k` largest numbers: NAME_1, NAME_2, ...", "exact; 8 bytes each",
                node -> TopKOperation.top(number(node), k(node)), "field", "k");
        put("bottom_k", "the `k` smallest numbers", "as top_k",
                node -> TopKOperation.bottom(number(node), k(node)), "field", "k");
        put("distinct", "number of different texts",
                "exact below `k` (1,024) of them in the window, then with a standard error of 1 / sqrt(k - 2); "
                        + "16 bytes each up to k, then k (1 + ln(n / k)) for texts not chosen against its hash, once a user",
                node -> new DistinctOperation(text(node), node.find("k")
                        .map(k -> (int) k.wholeNumber(16, 16_384)).orElse(DistinctOperation.DEFAULT_K)), "field", "k");
        put("heavy_hitters", "the `size` most frequent texts with their counts",
                "counts too low by at most n / (8 size + 1), exact up to 8 size texts; a text and 10 bytes each",
                node -> new HeavyHittersOperation(text(node), size(node)), "field", "size");
        put("percentiles", "NAME_p50, ... for each of `percentiles`",
                "within `accuracy` (0.01) of the exact value, as a share of it; up to 8 bytes a bucket, 4,096 buckets: of "
                        + "values that differ by more than a factor of e^(8192 accuracy) the smallest share one and read too high",
                node -> new PercentilesOperation(number(node), percentiles(node.get("percentiles")),
                        node.find("accuracy").map(a -> a.number(0.001, 0.5)).orElse(DEFAULT_ACCURACY)),
                "field", "percentiles", "accuracy");
        put("histogram", "of a number: counts between `bounds`, NAME_bucket_0 up to the first; of a text: counts by it, "
                        + "the `size` most frequent and the rest under `*`",
                "exact, of a text for the first 4 size texts of a tile, later ones count under `*`; 10 bytes a bucket",
                node -> node.has("bounds")
                        ? new HistogramOperation(number(node), bounds(node.get("bounds")))
                        : new GroupByOperation(new CountOperation(), text(node), size(node)),
                "field", "bounds", "size");
        put("entropy", "of the distribution of a text, in bits",
                "exact up to `size` (256) texts, then a lower bound; a text and 20 bytes each",
                node -> new EntropyOperation(text(node), node.find("size")
                        .map(size -> (int) size.wholeNumber(2, MAX_SIZE)).orElse(MAX_SIZE)), "field", "size");
        put("since_first", "seconds since the oldest event", "exact; 10 bytes", node -> SinceOperation.first());
        put("since_last", "seconds since the newest event", "exact; 10 bytes", node -> SinceOperation.last());
        put("mean_gap", "mean seconds between successive events", "exact; 30 bytes", node -> new MeanGapOperation());
        put("sessions", "number of visits, cut where nothing happens for `gap`; their NAME_length in seconds, NAME_events "
                        + "each, and NAME_bounce_share of visits with one event",
                "exact while a hop holds at most 64 of them; 30 bytes each",
                node -> new SessionsOperation(node.find("gap").map(ConfigNode::duration)
                        .orElse(Duration.ofMinutes(30)).toMillis()), "gap");
        put("hour_of_day", "share of the events by hour, `00` to `23`, in `zone` (UTC)", "exact; 20 bytes each",
                node -> ProfileOfTimeOperation.hours(zone(node)), "zone");
        put("weekday", "share of the events by day, `1` (Monday) to `7`, in `zone` (UTC)", "exact; 20 bytes each",
                node -> ProfileOfTimeOperation.weekdays(zone(node)), "zone");
        put("trend", "how `of` (count, sum, average, min, max) compares with the window before: "
                        + "(this - before) / (\\|this\\| + \\|before\\|), -1 to 1",
                "as `of`; twice the tiles", Operations::trend, "of", "field");
        put("decayed_sum", "sum of a number that halves in each `half_life`, without windows", "a double; 20 bytes a user",
                node -> new DecayedSumOperation(number(node), halfLife(node)), "field", "half_life");
        put("decayed_vector", "mean of the events' embeddings of `size` numbers that weigh half in each `half_life`",
                "doubles; 8 bytes a number, once a user",
                node -> new DecayedVectorOperation((int) node.get("size").wholeNumber(1, 1_024), halfLife(node)),
                "size", "half_life");
        put("affinity", "share of interest by a text, each event type with a weight that halves in each `half_life`",
                "exact up to `size` texts, then a lower bound; a text and 9 bytes each, once a user",
                node -> new AffinityOperation(text(node), typeWeights(node.get("weights")), halfLife(node),
                        (int) node.get("size").wholeNumber(1, MAX_K)), "field", "half_life", "size", "weights");
    }

    private Operations() {}

    /** The operation a definition names under {@code op}. */
    public static Operation read(ConfigNode definition) {
        Operation operation = entry(definition.get("op")).read().apply(definition);
        return definition.has("group_by") ? grouped(operation, definition) : operation;
    }

    /** Keys that the definition's operation takes beyond those that all have. */
    public static List<String> keys(ConfigNode definition) {
        List<String> keys = new ArrayList<>(entry(definition.get("op")).keys());
        if (definition.has("group_by")) {
            keys.addAll(GROUPING_KEYS);
        }
        return keys;
    }

    /** The reference of all operations as rows of a Markdown table. */
    public static List<String> reference() {
        return ENTRIES.entrySet().stream()
                .map(named -> "| `" + named.getKey() + "` | "
                        + String.join(", ", named.getValue().keys().stream().map(key -> "`" + key + "`").toList())
                        + " | " + named.getValue().gives() + " | " + named.getValue().exactness() + " |")
                .toList();
    }

    static EventType eventType(ConfigNode place, String name) {
        try {
            return EventType.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw place.error("'" + name + "' is no event type; allowed: " + List.of(EventType.values()));
        }
    }

    private static void put(
            String name, String gives, String exactness, Function<ConfigNode, Operation> read, String... keys) {
        ENTRIES.put(name, new Entry(List.of(keys), gives, exactness, read));
    }

    private static void numeric(
            String name, String gives, String exactness, Function<ToDoubleFunction<BehaviorEvent>, Operation> create) {
        put(name, gives, exactness, node -> create.apply(number(node)), "field");
    }

    private static Entry entry(ConfigNode name) {
        Entry entry = ENTRIES.get(name.text());
        if (entry == null) {
            throw name.error("must be one of " + String.join(", ", ENTRIES.keySet()));
        }
        return entry;
    }

    private static Operation grouped(Operation operation, ConfigNode node) {
        return new GroupByOperation(
                plain(operation, node.get("group_by")), EventField.text(node.get("group_by")), size(node));
    }

    private static Operation trend(ConfigNode node) {
        ConfigNode of = node.get("of");
        if (of.text().equals(node.get("op").text())) {
            throw notPlain(of);
        }
        return new TrendOperation(plain(entry(of).read().apply(node), of));
    }

    /** An operation that gives one number, which stands still while no event comes. */
    private static TiledOperation plain(Operation operation, ConfigNode node) {
        if (operation instanceof TiledOperation tiled && tiled.outputs().size() == 1 && !tiled.movesWithTime()) {
            return tiled;
        }
        throw notPlain(node);
    }

    private static ConfigException notPlain(ConfigNode node) {
        return node.error("works only with count, sum, average, min, max, variance, stddev, skewness, kurtosis, mean_gap and "
                + "first or last of a number");
    }

    private static boolean isNumber(ConfigNode node) {
        return EventField.isNumber(node.get("field"));
    }

    private static ToDoubleFunction<BehaviorEvent> number(ConfigNode node) {
        return EventField.number(node.get("field"));
    }

    private static Function<BehaviorEvent, String> text(ConfigNode node) {
        return EventField.text(node.get("field"));
    }

    private static int k(ConfigNode node) {
        return (int) node.get("k").wholeNumber(1, MAX_K);
    }

    private static int size(ConfigNode node) {
        return node.find("size").map(size -> (int) size.wholeNumber(1, MAX_SIZE)).orElse(DEFAULT_SIZE);
    }

    private static long halfLife(ConfigNode node) {
        return node.get("half_life").duration().toMillis();
    }

    private static ZoneId zone(ConfigNode node) {
        return node.find("zone").map(name -> {
            try {
                return ZoneId.of(name.text());
            } catch (DateTimeException e) {
                throw name.error("must be a time zone such as Europe/Berlin or +01:00");
            }
        }).orElse(ZoneOffset.UTC);
    }

    private static List<Double> percentiles(ConfigNode node) {
        List<Double> percentiles = node.isScalar()
                ? List.of(node.number(0, 100))
                : node.items().stream().map(item -> item.number(0, 100)).toList();
        if (percentiles.isEmpty() || percentiles.stream().distinct().count() != percentiles.size()) {
            throw node.error("must name at least one percentile, 0 to 100, and none twice");
        }
        return percentiles;
    }

    private static List<Double> bounds(ConfigNode node) {
        List<Double> bounds = node.items().stream().map(item -> item.number(-1e15, 1e15)).toList();
        for (int i = 1; i < bounds.size(); i++) {
            if (bounds.get(i) <= bounds.get(i - 1)) {
                throw node.error("must ascend");
            }
        }
        if (bounds.isEmpty() || bounds.size() > MAX_K) {
            throw node.error("must be 1 to " + MAX_K + " numbers");
        }
        return bounds;
    }

    private static Map<EventType, Double> typeWeights(ConfigNode node) {
        Map<EventType, Double> weights = new EnumMap<>(EventType.class);
        node.entries().forEach((type, weight) -> weights.put(eventType(weight, type), weight.number(0.001, 1_000)));
        if (weights.isEmpty()) {
            throw node.error("must give at least one event type a weight");
        }
        return weights;
    }
}
