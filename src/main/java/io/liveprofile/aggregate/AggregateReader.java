package io.liveprofile.aggregate;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.config.Durations;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.expression.EventCondition;
import io.liveprofile.expression.Formula;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the {@code windows}, {@code aggregates} and {@code derived} of a features.yaml and checks every one. */
final class AggregateReader {
    private static final String NAME = "[a-z][a-z0-9_]*";
    private static final long MIN_LENGTH = Duration.ofMinutes(1).toMillis();
    private static final long MAX_LENGTH = Duration.ofDays(365).toMillis();
    private static final int MAX_TILES = 1_000;
    private static final int MAX_KEYS = 8;
    private static final String USER = "";
    private static final String[] COMMON_KEYS = {"op", "key", "events", "where", "windows"};

    private final ConfigNode file;
    private final long maxBytes;
    private final Map<String, Window> windows = new LinkedHashMap<>();
    /** By key; that of a user's own aggregates is empty. */
    private final Map<String, List<EventCondition>> conditions = new LinkedHashMap<>();
    private final Map<String, List<AggregateDefinition>> definitions = new LinkedHashMap<>();
    private final Map<String, Function<BehaviorEvent, String>> keys = new LinkedHashMap<>();
    private final Map<Integer, String> ids = new HashMap<>();
    private final Set<String> statistics = new TreeSet<>();

    /** @param maxBytes most state that the aggregates of one user may take */
    AggregateReader(ConfigNode file, long maxBytes) {
        this.file = file;
        this.maxBytes = maxBytes;
    }

    AggregatePlan read() {
        readWindows(file.get("windows"));
        file.get("aggregates").entries().forEach(this::readDefinition);
        if (!definitions.containsKey(USER)) {
            throw file.get("aggregates").error("must declare at least one aggregate of the user, without a key");
        }
        definitions.values().forEach(this::requireSmallState);
        AggregatePlan plan = plan(USER);
        keys.forEach((name, key) -> plan.addKeyed(name, key, plan(name)));
        file.find("derived").ifPresent(node -> node.entries().forEach((name, formula) -> {
            checkName(name, formula);
            takeStatistic(name, formula);
            plan.addDerived(name, Formula.read(formula, plan.statisticNames()));
        }));
        return plan;
    }

    private AggregatePlan plan(String key) {
        return new AggregatePlan(definitions.get(key), conditions.getOrDefault(key, List.of()));
    }

    private void requireSmallState(List<AggregateDefinition> definitions) {
        long bytes = definitions.stream().mapToLong(each -> each.maxBytes(definitions)).sum();
        if (bytes > maxBytes) {
            AggregateDefinition largest = Collections.max(
                    definitions, Comparator.comparingLong(each -> each.maxBytes(definitions)));
            throw file.get("aggregates").get(largest.name()).error(String.format(Locale.ROOT,
                    "may take %,d kB of state a user, all aggregates %,d kB; allowed are %,d kB (features.max-user-state):"
                            + " choose fewer windows, wider hops or a smaller k or size",
                    largest.maxBytes(definitions) / 1_000, bytes / 1_000, maxBytes / 1_000));
        }
    }

    private void readWindows(ConfigNode node) {
        node.entries().forEach((name, spec) -> {
            if (!name.matches("[a-z0-9]+") || name.equals(Window.LIFETIME.name())) {
                throw spec.error("'" + name + "' is no window name; allowed: lower-case letters and digits, not 'lifetime'");
            }
            spec.rejectOtherKeys("length", "hop");
            long length = spec.get("length").duration().toMillis();
            long hop = spec.get("hop").duration().toMillis();
            if (length < MIN_LENGTH || length > MAX_LENGTH) {
                throw spec.get("length").error("must be from 1 min to 365 d; what never ends is the window 'lifetime'");
            }
            if (length % hop != 0) {
                throw spec.get("hop").error("the length " + spec.get("length").text() + " must be a multiple of it");
            }
            if (length / hop > MAX_TILES) {
                throw spec.get("hop").error("makes " + length / hop + " tiles; at most " + MAX_TILES
                        + " are allowed, so at least " + Durations.format(Duration.ofMillis(length / MAX_TILES + 1)));
            }
            windows.put(name, new Window(name, length, hop));
        });
    }

    private void readDefinition(String name, ConfigNode node) {
        checkName(name, node);
        Operation operation = Operations.read(node);
        List<String> keys = new ArrayList<>(List.of(COMMON_KEYS));
        keys.addAll(Operations.keys(node));
        node.rejectOtherKeys(keys.toArray(String[]::new));
        if (!operation.hasWindows() && node.has("windows")) {
            throw node.get("windows").error("'" + node.get("op").text() + "' has no windows: it fades by half_life");
        }
        List<Window> chosen = chosenWindows(node);
        if (operation instanceof PartialOperation<?> partial && partial.comparesWithBefore() && chosen.contains(Window.LIFETIME)) {
            throw node.error("needs 'windows' that end: nothing lies before a lifetime");
        }
        String key = key(node, operation);
        Set<EventType> types = types(node);
        AggregateDefinition definition = new AggregateDefinition(
                name, id(name, node, types), operation, types,
                condition(node, conditions.computeIfAbsent(key, none -> new ArrayList<>())), chosen);
        if (ids.put(definition.id(), name) != null) {
            throw node.error("is declared the same as another aggregate and would share its state; rename it");
        }
        definition.statisticNames().forEach(statistic -> takeStatistic(statistic, node));
        definitions.computeIfAbsent(key, none -> new ArrayList<>()).add(definition);
    }

    private String key(ConfigNode node, Operation operation) {
        if (!node.has("key")) {
            return USER;
        }
        ConfigNode key = node.get("key");
        if (operation.kind() != Operation.Kind.NUMBER) {
            throw key.error("works only with operations that give numbers");
        }
        keys.putIfAbsent(key.text(), EventField.text(key));
        if (keys.size() > MAX_KEYS) {
            throw key.error("is one key too many; at most " + MAX_KEYS + " different ones are allowed");
        }
        return key.text();
    }

    private static void checkName(String name, ConfigNode node) {
        if (!name.matches(NAME)) {
            throw node.error("'" + name + "' is no name; allowed: lower-case letters, digits and _");
        }
    }

    private void takeStatistic(String statistic, ConfigNode node) {
        if (!statistics.add(statistic)) {
            throw node.error("gives a second statistic '" + statistic + "'; rename it");
        }
    }

    private static Set<EventType> types(ConfigNode node) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        node.find("events").ifPresentOrElse(
                list -> list.texts().forEach(type -> types.add(Operations.eventType(list, type))),
                () -> types.addAll(EnumSet.complementOf(EnumSet.of(EventType.OUTCOME))));
        return types;
    }

    private static int condition(ConfigNode node, List<EventCondition> conditions) {
        if (!node.has("where")) {
            return Conditions.NONE;
        }
        EventCondition condition = EventCondition.read(node.get("where"));
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).text().equals(condition.text())) {
                return i;
            }
        }
        if (conditions.size() == Conditions.MAX) {
            throw node.get("where").error("is one condition too many; at most " + Conditions.MAX + " different ones are allowed");
        }
        conditions.add(condition);
        return conditions.size() - 1;
    }

    private List<Window> chosenWindows(ConfigNode node) {
        List<Window> chosen = new ArrayList<>();
        node.find("windows").ifPresentOrElse(
                list -> list.texts().forEach(window -> chosen.addAll(named(list, window))),
                () -> chosen.add(Window.LIFETIME));
        if (chosen.isEmpty() || chosen.stream().distinct().count() != chosen.size()) {
            throw node.error("'windows' must name at least one window, and none twice");
        }
        return chosen;
    }

    private List<Window> named(ConfigNode list, String name) {
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
        List<String> keys = new ArrayList<>(Operations.keys(node));
        keys.addAll(Stream.of("where", "key").filter(node::has).toList());
        for (String key : keys) {
            rule.append('|').append(key).append('=').append(node.find(key).map(AggregateReader::flat).orElse(""));
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
