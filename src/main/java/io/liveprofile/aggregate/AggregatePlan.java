package io.liveprofile.aggregate;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.expression.EventCondition;
import io.liveprofile.expression.ExpressionFailedException;
import io.liveprofile.expression.Formula;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The aggregates that features.yaml declares, laid out: which aggregates an event type feeds, and at which position of
 * {@link AggregateValues} what each says stands. Of the numbers the user's own come first, then those of other keys, then
 * those of derived formulas. Thread-safe.
 */
public final class AggregatePlan {

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
    private final Conditions conditions;
    private final List<TileLayout> layouts = new ArrayList<>();
    private final List<PartialSeries.Layout> series = new ArrayList<>();
    private final List<History> histories = new ArrayList<>();
    private final Map<EventType, int[]> seriesByType = new EnumMap<>(EventType.class);
    private final Map<EventType, int[]> historiesByType = new EnumMap<>(EventType.class);
    private final Map<Operation.Kind, List<String>> names = new EnumMap<>(Operation.Kind.class);
    private final Map<Operation.Kind, List<String>> namesForReading = new EnumMap<>(Operation.Kind.class);
    private final List<Double> whenEmpty = new ArrayList<>();
    private final List<KeyedPlan> keyed = new ArrayList<>();
    private final List<KeyedPlan> keyedForReading = Collections.unmodifiableList(keyed);
    private final int fingerprint;
    private final List<Long> emptyAfterMillis;
    private final List<Formula> formulas = new ArrayList<>();

    AggregatePlan(List<AggregateDefinition> definitions, List<EventCondition> conditions) {
        this.definitions = List.copyOf(definitions);
        this.conditions = new Conditions(conditions, definitions);
        for (Operation.Kind kind : Operation.Kind.values()) {
            names.put(kind, new ArrayList<>());
            namesForReading.put(kind, Collections.unmodifiableList(names.get(kind)));
        }
        Map<Long, List<AggregateDefinition>> tiledByHop = new TreeMap<>(Collections.reverseOrder());
        for (AggregateDefinition definition : definitions) {
            int[] positions = addNames(definition);
            if (definition.operation() instanceof HistoryOperation<?>) {
                histories.add(new History(definition, positions));
            } else if (definition.operation() instanceof PartialOperation<?>) {
                addSeries(definition, positions);
            } else {
                definition.windows().stream().map(Window::hopMillis).distinct().forEach(
                        hop -> tiledByHop.computeIfAbsent(hop, none -> new ArrayList<>()).add(definition));
            }
        }
        tiledByHop.forEach((hop, some) -> layouts.add(new TileLayout(
                layouts.isEmpty() ? null : layouts.get(layouts.size() - 1), hop, some, statisticNames())));
        this.fingerprint = fingerprintOf(kept());
        this.emptyAfterMillis = emptyAfterMillis(definitions);
        for (EventType type : EventType.values()) {
            seriesByType.put(type, numbers(series.size(), i -> series.get(i).definition().types().contains(type)));
            historiesByType.put(type, numbers(histories.size(), i -> histories.get(i).definition().types().contains(type)));
        }
    }

    /** Reads the {@code windows}, {@code aggregates} and {@code derived} of a features.yaml. */
    public static AggregatePlan read(ConfigNode file) {
        return read(file, Long.MAX_VALUE);
    }

    /** @param maxBytes most state that the aggregates of one user may take; more is an error of the file */
    public static AggregatePlan read(ConfigNode file, long maxBytes) {
        return new AggregateReader(file, maxBytes).read();
    }

    public List<AggregateDefinition> definitions() {
        return definitions;
    }

    /** Those of other keys, too. */
    public List<AggregateDefinition> allDefinitions() {
        List<AggregateDefinition> all = new ArrayList<>(definitions);
        keyed.forEach(each -> all.addAll(each.plan().definitions()));
        return all;
    }

    /** Names of the numeric statistics in order of their position. */
    public List<String> statisticNames() {
        return names(Operation.Kind.NUMBER);
    }

    public List<String> listNames() {
        return names(Operation.Kind.LIST);
    }

    public List<String> affinityNames() {
        return names(Operation.Kind.SHARES);
    }

    public List<String> breakdownNames() {
        return names(Operation.Kind.BREAKDOWN);
    }

    public List<String> vectorNames() {
        return names(Operation.Kind.VECTOR);
    }

    /** The aggregate that gives what is called {@code name}. */
    public AggregateDefinition definitionOf(String name) {
        return definitions.stream()
                .filter(definition -> definition.statisticNames().contains(name))
                .findFirst()
                .orElseThrow();
    }

    /** What statistic number {@code position} counts as in a feature vector when no event feeds it; NaN = missing. */
    public double whenEmpty(int position) {
        return whenEmpty.get(position);
    }

    /**
     * How long after its last event each window that ends is empty, and the one before where that counts, too; ms, ascending,
     * each once.
     */
    public List<Long> emptyAfterMillis() {
        return emptyAfterMillis;
    }

    /** How long after the last event all windows that end are empty; 0 when there is none. */
    public long longestWindowMillis() {
        return emptyAfterMillis.isEmpty() ? 0 : emptyAfterMillis.get(emptyAfterMillis.size() - 1);
    }

    private static List<Long> emptyAfterMillis(List<AggregateDefinition> definitions) {
        return definitions.stream()
                .flatMap(definition -> definition.windows().stream()
                        .filter(window -> window != Window.LIFETIME)
                        .flatMap(window -> LongStream.rangeClosed(1, definition.windowsBack())
                                .mapToObj(back -> back * window.lengthMillis() + window.hopMillis())))
                .distinct()
                .sorted()
                .toList();
    }

    /** Whether some aggregate, of the user or of another key, counts labelled outcomes. */
    public boolean countsOutcomes() {
        return allDefinitions().stream().anyMatch(definition -> definition.types().contains(EventType.OUTCOME));
    }

    /** Whether some aggregate counts forever. */
    public boolean hasLifetime() {
        return definitions.stream().anyMatch(definition -> definition.windows().contains(Window.LIFETIME));
    }

    /** Most bytes of state that the aggregates of one user take. */
    public long maxBytes() {
        return definitions.stream().mapToLong(each -> each.maxBytes(definitions)).sum();
    }

    /** What is kept in state of each aggregate, for how many milliseconds of event time. */
    Map<PlanHistory.Kept, Long> kept() {
        Map<PlanHistory.Kept, Long> kept = new HashMap<>();
        definitions.forEach(definition -> definition.windows().forEach(window ->
                kept.merge(definition.kept(window), window.lengthMillis(), Math::max)));
        return kept;
    }

    /** Stands for {@link #kept} in a user's state. */
    int fingerprint() {
        return fingerprint;
    }

    /** Adds the numbers of another key's aggregates. */
    void addKeyed(String name, Function<BehaviorEvent, String> key, AggregatePlan plan) {
        keyed.add(new KeyedPlan(name, key, plan, keyed.size(), statisticNames().size()));
        names.get(Operation.Kind.NUMBER).addAll(plan.statisticNames());
        whenEmpty.addAll(plan.whenEmpty);
    }

    /** The aggregates of other keys, whose numbers reach the user's statistics with {@link #complete}. */
    public List<KeyedPlan> keyed() {
        return keyedForReading;
    }

    /** How many numbers a user's own aggregates give; those behind them come of other keys and formulas. */
    public int ownStatistics() {
        return keyed.isEmpty() ? statisticNames().size() - formulas.size() : keyed.get(0).position();
    }

    /**
     * Puts what other keys say of an event's own ones into a user's statistics, and derives what is derived.
     *
     * @param numbers by keyed plan; null = the event has no such key
     * @return how many formulas had no value
     */
    public int complete(double[] statistics, double[][] numbers) {
        for (KeyedPlan each : keyed) {
            if (numbers[each.number()] != null) {
                System.arraycopy(numbers[each.number()], 0, statistics, each.position(), numbers[each.number()].length);
            }
        }
        return derive(statistics, position -> isWithoutKey(position, numbers));
    }

    /**
     * Whether the statistic is of a key that the event does not have: then it is missing, where one of a key without events is
     * what its operation says of none.
     *
     * @param numbers by keyed plan; null = the event has no such key
     */
    public boolean isWithoutKey(int position, double[][] numbers) {
        for (KeyedPlan each : keyed) {
            int end = each.position() + each.plan().statisticNames().size();
            if (position >= each.position() && position < end) {
                return numbers[each.number()] == null;
            }
        }
        return false;
    }

    /** Adds a number computed of those before it. */
    void addDerived(String name, Formula formula) {
        names.get(Operation.Kind.NUMBER).add(name);
        whenEmpty.add(Double.NaN);
        formulas.add(formula);
    }

    /** Puts the derived numbers behind those they are computed of; gives how many had no value. */
    int derive(double[] statistics) {
        return derive(statistics, none -> false);
    }

    /** @param isMissing whether what is NaN at a position is missing rather than empty */
    private int derive(double[] statistics, IntPredicate isMissing) {
        int failed = 0;
        int position = statistics.length - formulas.size();
        for (Formula formula : formulas) {
            try {
                statistics[position] = formula.of(read ->
                        Double.isNaN(statistics[read]) && !isMissing.test(read) ? whenEmpty(read) : statistics[read]);
            } catch (ExpressionFailedException e) {
                failed++;
            }
            position++;
        }
        return failed;
    }

    Conditions conditions() {
        return conditions;
    }

    /** How the tiles of each distinct hop lie in memory. */
    List<TileLayout> layouts() {
        return layouts;
    }

    /** The aggregates of partials, once for each distinct hop. */
    List<PartialSeries.Layout> series() {
        return series;
    }

    /** The aggregates that keep a history. */
    List<History> histories() {
        return histories;
    }

    /** Number of the series of the aggregate that has this id in state, or -1. */
    int seriesOf(int id, long hopMillis) {
        for (int i = 0; i < series.size(); i++) {
            if (series.get(i).definition().id() == id && series.get(i).hopMillis() == hopMillis) {
                return i;
            }
        }
        return -1;
    }

    /** Number of the history of the aggregate that has this id in state, or -1. */
    int historyOf(int id) {
        for (int i = 0; i < histories.size(); i++) {
            if (histories.get(i).definition().id() == id) {
                return i;
            }
        }
        return -1;
    }

    /** Numbers of the series that events of this type feed. */
    int[] seriesFedBy(EventType type) {
        return seriesByType.get(type);
    }

    /** Numbers of the histories that events of this type feed. */
    int[] historiesFedBy(EventType type) {
        return historiesByType.get(type);
    }

    private List<String> names(Operation.Kind kind) {
        return namesForReading.get(kind);
    }

    /** Positions of the first of what each window says. */
    private int[] addNames(AggregateDefinition definition) {
        List<String> given = definition.statisticNames();
        List<String> all = names.get(definition.operation().kind());
        int aWindow = given.size() / definition.windows().size();
        int before = all.size();
        all.addAll(given);
        if (definition.operation().kind() == Operation.Kind.NUMBER) {
            whenEmpty.addAll(Collections.nCopies(given.size(), definition.operation().whenEmpty()));
        }
        return IntStream.range(0, definition.windows().size()).map(window -> before + window * aWindow).toArray();
    }

    private void addSeries(AggregateDefinition definition, int[] positions) {
        List<Window> windows = definition.windows();
        windows.stream().map(Window::hopMillis).distinct().forEach(hop -> {
            List<PartialSeries.Reader> readers = IntStream.range(0, windows.size())
                    .filter(i -> windows.get(i).hopMillis() == hop)
                    .mapToObj(i -> new PartialSeries.Reader(windows.get(i), positions[i]))
                    .toList();
            Window longest = readers.stream()
                    .map(PartialSeries.Reader::window)
                    .max((one, other) -> Long.compare(one.lengthMillis(), other.lengthMillis()))
                    .orElseThrow();
            series.add(new PartialSeries.Layout(definition, hop, longest, readers));
        });
    }

    /** The hash of a text, which the language defines, so that it is the same in every version. */
    private static int fingerprintOf(Map<PlanHistory.Kept, Long> kept) {
        List<String> lines = new ArrayList<>();
        kept.forEach((what, length) -> lines.add(what.id() + "/" + what.hopMillis() + "/" + length));
        Collections.sort(lines);
        return lines.hashCode();
    }

    private static int[] numbers(int size, Predicate<Integer> chosen) {
        return IntStream.range(0, size).filter(chosen::test).toArray();
    }
}
