package io.liveprofile.aggregate;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.config.Durations;
import io.liveprofile.event.EventType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The aggregates that features.yaml declares, checked and laid out: which aggregates an event type feeds, and at which
 * position of {@link AggregateValues} each statistic, list and affinity stands.
 */
public final class AggregatePlan {
    private static final String NAME = "[a-z][a-z0-9_]*";
    private static final int MAX_TILES = 1_000;

    /**
     * One aggregate that keeps a history.
     *
     * @param positions of what each of its windows says, in the list of names of its kind
     */
    record History(AggregateDefinition definition, int[] positions) {

        @SuppressWarnings("unchecked")
        HistoryOperation<Object> operation() {
            return (HistoryOperation<Object>) definition.operation();
        }

        /** Start of the longest window. */
        long since(long nowMillis) {
            long since = Long.MAX_VALUE;
            for (Window window : definition.windows()) {
                since = Math.min(since, window.oldestTile(nowMillis));
            }
            return since;
        }
    }

    private final List<AggregateDefinition> definitions;
    private final List<TileLayout> layouts = new ArrayList<>();
    private final List<History> histories = new ArrayList<>();
    private final Map<EventType, int[]> historiesByType = new EnumMap<>(EventType.class);
    private final List<String> statistics = new ArrayList<>();
    private final List<String> lists = new ArrayList<>();
    private final List<String> affinities = new ArrayList<>();
    private final List<Double> whenEmpty = new ArrayList<>();

    AggregatePlan(List<AggregateDefinition> definitions) {
        this.definitions = List.copyOf(definitions);
        Map<Long, List<AggregateDefinition>> byHop = new LinkedHashMap<>();
        for (AggregateDefinition definition : definitions) {
            List<String> names = names(definition.operation().kind());
            int[] positions = new int[definition.windows().size()];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = names.size();
                names.add(definition.statistic(definition.windows().get(i)));
                if (definition.operation().kind() == Operation.Kind.NUMBER) {
                    whenEmpty.add(definition.operation().whenEmpty());
                }
            }
            if (definition.operation() instanceof HistoryOperation<?>) {
                histories.add(new History(definition, positions));
            } else {
                definition.windows().stream().map(Window::hopMillis).distinct().forEach(
                        hop -> byHop.computeIfAbsent(hop, none -> new ArrayList<>()).add(definition));
            }
        }
        byHop.forEach((hop, some) -> layouts.add(new TileLayout(
                layouts.isEmpty() ? null : layouts.get(layouts.size() - 1), hop, some, statistics)));
        for (EventType type : EventType.values()) {
            historiesByType.put(type, IntStream.range(0, histories.size())
                    .filter(i -> histories.get(i).definition().types().contains(type))
                    .toArray());
        }
    }

    /** Reads the {@code windows} and {@code aggregates} of a features.yaml. */
    public static AggregatePlan read(ConfigNode file) {
        Map<String, Window> windows = readWindows(file.get("windows"));
        List<AggregateDefinition> definitions = new ArrayList<>();
        Map<Integer, String> ids = new HashMap<>();
        Set<String> statistics = new TreeSet<>();
        for (Map.Entry<String, ConfigNode> entry : file.get("aggregates").entries().entrySet()) {
            ConfigNode node = entry.getValue();
            AggregateDefinition definition = readDefinition(entry.getKey(), node, windows);
            if (ids.put(definition.id(), definition.name()) != null) {
                throw node.error("is declared the same as another aggregate and would share its state; rename it");
            }
            for (Window window : definition.windows()) {
                if (!statistics.add(definition.statistic(window))) {
                    throw node.error("gives a second statistic '" + definition.statistic(window) + "'; rename it");
                }
            }
            definitions.add(definition);
        }
        if (definitions.isEmpty()) {
            throw file.get("aggregates").error("must declare at least one aggregate");
        }
        return new AggregatePlan(definitions);
    }

    public List<AggregateDefinition> definitions() {
        return definitions;
    }

    /** How many numeric statistics there are. */
    int statistics() {
        return statistics.size();
    }

    int lists() {
        return lists.size();
    }

    int affinities() {
        return affinities.size();
    }

    /** Names of the numeric statistics in order of their position. */
    public List<String> statisticNames() {
        return Collections.unmodifiableList(statistics);
    }

    public List<String> listNames() {
        return Collections.unmodifiableList(lists);
    }

    public List<String> affinityNames() {
        return Collections.unmodifiableList(affinities);
    }

    /** What statistic number {@code position} counts as in a feature vector when no event feeds it; NaN = missing. */
    public double whenEmpty(int position) {
        return whenEmpty.get(position);
    }

    /** How the tiles of each distinct hop lie in memory. */
    List<TileLayout> layouts() {
        return layouts;
    }

    /** The aggregates that keep a history. */
    List<History> histories() {
        return histories;
    }

    /** Number of the history of the aggregate that has this id in state, or -1. */
    int historyOf(int id) {
        return IntStream.range(0, histories.size())
                .filter(i -> histories.get(i).definition().id() == id)
                .findFirst()
                .orElse(-1);
    }

    /** Numbers of the histories that events of this type feed. */
    int[] historiesFedBy(EventType type) {
        return historiesByType.get(type);
    }

    private List<String> names(Operation.Kind kind) {
        return switch (kind) {
            case NUMBER -> statistics;
            case LIST -> lists;
            case SHARES -> affinities;
        };
    }

    private static Map<String, Window> readWindows(ConfigNode node) {
        Map<String, Window> windows = new LinkedHashMap<>();
        node.entries().forEach((name, spec) -> {
            if (!name.matches("[a-z0-9]+") || name.equals(Window.LIFETIME.name())) {
                throw spec.error("'" + name + "' is no window name; allowed: lower-case letters and digits, not 'lifetime'");
            }
            spec.rejectOtherKeys("length", "hop");
            long length = spec.get("length").duration().toMillis();
            long hop = spec.get("hop").duration().toMillis();
            if (length % hop != 0) {
                throw spec.get("hop").error("the length " + spec.get("length").text() + " must be a multiple of it");
            }
            if (length / hop > MAX_TILES) {
                throw spec.get("hop").error("makes " + length / hop + " tiles; at most " + MAX_TILES
                        + " are allowed, so at least " + Durations.format(Duration.ofMillis(length / MAX_TILES + 1)));
            }
            windows.put(name, new Window(name, length, hop));
        });
        return windows;
    }

    private static AggregateDefinition readDefinition(String name, ConfigNode node, Map<String, Window> windows) {
        if (!name.matches(NAME)) {
            throw node.error("'" + name + "' is no name; allowed: lower-case letters, digits and _");
        }
        Operation operation = Operations.read(node);
        List<String> keys = new ArrayList<>(List.of("op", "events", "windows"));
        keys.addAll(Operations.keys(node));
        node.rejectOtherKeys(keys.toArray(String[]::new));

        if (operation.kind() == Operation.Kind.SHARES && node.has("windows")) {
            throw node.get("windows").error("an affinity has no windows: it fades by half_life");
        }

        Set<EventType> types = EnumSet.noneOf(EventType.class);
        node.find("events").ifPresentOrElse(
                list -> list.texts().forEach(type -> types.add(Operations.eventType(list, type))),
                () -> types.addAll(EnumSet.allOf(EventType.class)));

        List<Window> chosen = new ArrayList<>();
        node.find("windows").ifPresentOrElse(
                list -> list.texts().forEach(window -> chosen.addAll(named(list, window, windows))),
                () -> chosen.add(Window.LIFETIME));
        if (chosen.isEmpty() || chosen.stream().distinct().count() != chosen.size()) {
            throw node.error("'windows' must name at least one window, and none twice");
        }
        return new AggregateDefinition(name, id(name, node, types), operation, types, chosen);
    }

    private static List<Window> named(ConfigNode list, String name, Map<String, Window> windows) {
        if (name.equals("all")) {
            return List.copyOf(windows.values());
        }
        Window window = name.equals(Window.LIFETIME.name()) ? Window.LIFETIME : windows.get(name);
        if (window == null) {
            throw list.error("'" + name + "' is no window; allowed: all, lifetime, " + String.join(", ", windows.keySet()));
        }
        return List.of(window);
    }

    private static int id(String name, ConfigNode node, Set<EventType> types) {
        StringBuilder rule = new StringBuilder(name).append('|').append(node.get("op").text()).append('|').append(types);
        for (String key : Operations.keys(node)) {
            rule.append('|').append(key).append('=').append(node.find(key).map(AggregatePlan::flat).orElse(""));
        }
        return rule.toString().hashCode();
    }

    private static String flat(ConfigNode node) {
        if (node.isMap()) {
            StringBuilder text = new StringBuilder();
            node.entries().forEach((key, value) -> text.append(key).append(':').append(flat(value)).append(','));
            return text.toString();
        }
        return node.isList() ? node.texts().toString() : node.text();
    }
}
