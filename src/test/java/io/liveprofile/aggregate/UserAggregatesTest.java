package io.liveprofile.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.ByteArrayEncoder;
import io.liveprofile.event.EventType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tile engine against the naive oracle. */
class UserAggregatesTest {
    private static final String YAML =
            """
            windows:
              w1: { length: 1 min, hop: 5 s }
              w2: { length: 10 min, hop: 1 min }
              w3: { length: 1 h, hop: 1 min }
              w4: { length: 2 d, hop: 6 h }
            aggregates:
              n:    { op: count, events: [VIEW, ORDER], windows: [all, lifetime] }
              all:  { op: count, windows: all }
              sum:  { op: sum, field: amountMinor, windows: all }
              mean: { op: average, field: amountMinor, events: [VIEW, ORDER], windows: all }
              dev:  { op: stddev, field: amountMinor, windows: all }
              min:  { op: min, field: amountMinor, windows: all }
              max:  { op: max, field: amountMinor, windows: all }
              cats: { op: distinct, field: categoryId, windows: all }
              gap:  { op: since_last, events: [ORDER], windows: all }
              last: { op: last_k, field: itemId, k: 4, windows: [w3] }
              taste: { op: affinity, field: categoryId, half_life: 20 min, size: 16, weights: { VIEW: 1, ORDER: 5 } }
            """;

    private static final AggregatePlan PLAN = AggregatePlan.read(ConfigNode.parse("test.yaml", YAML));
    private static final Map<String, long[]> WINDOWS = Map.of(
            "w1", new long[] {60_000, 5_000},
            "w2", new long[] {600_000, 60_000},
            "w3", new long[] {3_600_000, 60_000},
            "w4", new long[] {172_800_000, 21_600_000},
            "lifetime", new long[] {Window.FOREVER, Window.FOREVER});

    private final NaiveAggregates oracle = new NaiveAggregates();
    private UserAggregates engine = new UserAggregates(PLAN);

    @Property(tries = 60)
    void agreesWithTheOracleOnRandomStreams(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int pace)
            throws IOException {
        Random random = new Random(seed);
        NaiveAggregates naive = oracle;
        // Around a year's end, with steps from milliseconds to hours.
        long time = 1_767_225_600_000L - random.nextInt(3_600_000);
        for (int i = 0; i < 120; i++) {
            time += Math.round(Math.pow(10, random.nextDouble() * pace * 1.9));
            long late = random.nextInt(4) == 0 ? random.nextInt(5_000_000) : 0;
            add(TestingEvents.random(random, "e" + i, time - late));
            if (random.nextInt(20) == 0) {
                engine = copyThroughState(engine, naive.now());
            }
            if (i % 3 == 0) {
                compare();
            }
        }
        compare();
    }

    @Test
    void windowsBeginAtTheTileThatHoldsTheirStart() {
        long now = 1_000_000_000L;
        long start = Math.floorDiv(now - 60_000, 5_000) * 5_000;
        add(at(start - 1));
        add(at(start));
        add(at(start + 1));
        add(at(now));
        compare();
        assertThat(statistic("all_w1")).isEqualTo(3);

        add(at(now + 4_999 - Math.floorMod(now, 5_000)));
        assertThat(statistic("all_w1")).as("same tile").isEqualTo(4);
        add(at(now + 5_000 - Math.floorMod(now, 5_000)));
        assertThat(statistic("all_w1")).as("one tile on").isEqualTo(3);
        compare();
    }

    @Test
    void aLateEventRepairsTheClosedTileItBelongsTo() {
        long now = 1_000_000_000L;
        for (int i = 0; i < 10; i++) {
            add(at(now + i * 61_000));
        }
        compare();
        add(at(now + 3 * 61_000 + 1));
        compare();
        assertThat(statistic("all_w3")).isEqualTo(11);
    }

    @Test
    void anEventOlderThanEveryWindowCountsOnlyForTheLifetime() {
        long now = 1_000_000_000_000L;
        add(at(now));
        add(at(now - 3 * 86_400_000L));
        compare();
        assertThat(statistic("n_lifetime")).isEqualTo(2);
        assertThat(statistic("n_w4")).isEqualTo(1);
    }

    @Test
    void aPlanThatChangedKeepsWhatBothHave() throws IOException {
        add(at(1_000_000_000L));
        add(at(1_000_000_100L));
        byte[] state = bytes(engine, oracle.now());
        AggregatePlan changed = AggregatePlan.read(ConfigNode.parse("test.yaml", """
                windows:
                  w1: { length: 1 min, hop: 5 s }
                  w9: { length: 9 min, hop: 3 min }
                aggregates:
                  fresh: { op: count, windows: [w9] }
                  n:     { op: count, events: [VIEW, ORDER], windows: [w1, w9] }
                  sum:   { op: sum, field: quantity, windows: [w1] }
                """));
        UserAggregates restored =
                UserAggregates.read(changed, new PlanHistory(), oracle.now(), DecoderFactory.get().binaryDecoder(state, null));
        AggregateValues values = restored.read(oracle.now());
        assertThat(values.statistics()).containsExactly(
                /* fresh_w9 */ Double.NaN, /* n_w1 */ 2, /* n_w9: a new hop */ Double.NaN, /* sum, another field */ Double.NaN);
    }

    @Test
    void anAddedTrendIsYoungUntilBothItsWindowsHaveFilled() throws IOException {
        String file = """
                windows: { 1h: { length: 1 h, hop: 1 min } }
                aggregates:
                  n: { op: count, windows: [1h] }
                """;
        AggregatePlan before = AggregatePlan.read(ConfigNode.parse("test.yaml", file));
        AggregatePlan after = AggregatePlan.read(ConfigNode.parse("test.yaml", file
                + "  trend: { op: trend, of: count, windows: [1h] }\n  m: { op: count, events: [VIEW], windows: [1h] }\n"));
        PlanHistory history = new PlanHistory();
        history.add(before);
        long since = 1_000_000_000L;
        engine = new UserAggregates(before);
        engine.add(at(since), since);
        UserAggregates restored = UserAggregates.read(
                after, history, since, DecoderFactory.get().binaryDecoder(bytes(engine, since), null));
        assertThat(restored.countsSince(since)).containsOnlyKeys("trend_1h", "m_1h");
        assertThat(restored.countsSince(since + 3_660_000)).isEqualTo(Map.of("trend_1h", since));
        assertThat(restored.countsSince(since + 7_200_000)).isEqualTo(Map.of("trend_1h", since));
        assertThat(restored.countsSince(since + 7_260_000)).isEmpty();
    }

    @Test
    void distinctStaysWithinItsErrorBound() {
        for (int i = 0; i < 20_000; i++) {
            BehaviorEvent event = at(1_000_000_000L + i);
            event.setCategoryId("category-" + i);
            engine.add(event, event.getEventTime());
        }
        double estimate = engine.read(1_000_019_999L).statistics()[PLAN.statisticNames().indexOf("cats_w1")];
        assertThat(estimate).isCloseTo(20_000, within(3 * 1.04 / 32 * 20_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "x: { op: top_k, field: amountMinor, k: 1, windows: [30d] }",
        "x: { op: max, field: amountMinor, windows: [30d] }",
        "x: { op: trend, of: max, field: amountMinor, windows: [30d] }",
        "x: { op: max, field: amountMinor, windows: [30d] }, y: { op: min, field: amountMinor, windows: [30d] }",
        "x: { op: max, field: amountMinor, windows: [1y, 30d] }, y: { op: max, field: amountMinor }",
    })
    void stateStaysWithinTheDeclaredBound(String aggregates) throws IOException {
        AggregatePlan plan = AggregatePlan.read(ConfigNode.parse("test.yaml", """
                windows: { 30d: { length: 30 d, hop: 1 h }, 1y: { length: 360 d, hop: 9 h } }
                aggregates: { %s }
                """.formatted(aggregates)));
        engine = new UserAggregates(plan);
        long time = 1_750_000_000_000L;
        for (int hour = 0; hour < 370 * 24; hour++, time += 3_600_000) {
            BehaviorEvent event = at(time);
            event.setAmountMinor(time);
            engine.add(event, time);
        }
        assertThat((long) bytes(engine, time).length).isBetween(plan.maxBytes() / 3, plan.maxBytes());
    }

    @Test
    void memoryIsCountedWithTheTextsThatAreKept() {
        AggregatePlan plan = AggregatePlan.read(ConfigNode.parse("test.yaml",
                "windows: {}\naggregates: { x: { op: heavy_hitters, field: text, size: 100 } }"));
        engine = new UserAggregates(plan);
        for (int i = 0; i < 900; i++) {
            BehaviorEvent event = at(i);
            event.setText("中".repeat(250) + i);
            engine.add(event, i);
            if (i == 799) {
                assertThat(engine.memoryBytes()).isBetween(800 * 2 * 250, 800 * 2 * 300);
            }
        }
        assertThat(engine.memoryBytes()).as("all gave way to the 801st").isLessThan(100_000);
    }

    @Test
    void theShareOfALongTextIsFoundByIt() {
        BehaviorEvent event = at(1_000_000_000L);
        event.setCategoryId("c".repeat(257));
        add(event);
        assertThat(engine.read(oracle.now()).affinities()[0].of(event.getCategoryId(), 0)).isEqualTo(1);
    }

    @Test
    void equalNumbersHaveNoSpreadAndNearlyEqualOnesHave() {
        AggregatePlan plan = AggregatePlan.read(ConfigNode.parse("test.yaml", """
                windows: {}
                aggregates:
                  sd:       { op: stddev, field: rating }
                  skewness: { op: skewness, field: rating }
                  kurtosis: { op: kurtosis, field: rating }
                """));
        for (double rating : new double[] {4.7, 0.1, 3.3, 52.520008, 5, 1e20}) {
            engine = new UserAggregates(plan);
            engine.add(rated(1, rating), 1);
            for (int count = 2; count <= 40; count++) {
                engine.add(rated(count, rating), count);
                assertThat(engine.read(count).statistics()).as("%s times %s", count, rating)
                        .containsExactly(0, Double.NaN, Double.NaN);
            }
        }
        engine = new UserAggregates(plan);
        engine.add(rated(1, 1e15), 1);
        engine.add(rated(2, 1e15 + 1), 2);
        assertThat(engine.read(2).statistics()[0]).isEqualTo(Math.sqrt(0.5));
        engine = new UserAggregates(plan);
        engine.add(rated(1, 52.520008), 1);
        engine.add(rated(2, 52.520008 + 1e-12), 2);
        assertThat(engine.read(2).statistics()[0]).isCloseTo(1e-12 / Math.sqrt(2), within(1e-14));
    }

    private static BehaviorEvent rated(long time, double rating) {
        BehaviorEvent event = at(time);
        event.setRating(rating);
        return event;
    }

    @Test
    void aNumberTooLargeToSumCountsAsNone() {
        AggregatePlan plan = AggregatePlan.read(ConfigNode.parse("test.yaml", """
                windows: {}
                aggregates:
                  sum:    { op: sum, field: attributes.x }
                  rating: { op: average, field: rating }
                  m4:     { op: kurtosis, field: attributes.x }
                """));
        engine = new UserAggregates(plan);
        List<String> texts = List.of("1e308", "-1e31", "Infinity", "1e30", "-1e30", "1", "2", "4", "4");
        for (int i = 0; i < texts.size(); i++) {
            BehaviorEvent event = rated(i, i == 0 ? Double.MAX_VALUE : 3);
            event.setAttributes(Map.of("x", texts.get(i)));
            engine.add(event, i);
        }
        assertThat(engine.read(9).statistics()[0]).isEqualTo(11);
        assertThat(engine.read(9).statistics()[1]).isEqualTo(3);
        assertThat(engine.read(9).statistics()[2]).isFinite();
    }

    @Test
    void aPercentileIsThatOfItsRankAndNotOfTheNext() {
        AggregatePlan plan = AggregatePlan.read(ConfigNode.parse("test.yaml",
                "windows: {}\naggregates: { x: { op: percentiles, field: amountMinor, percentiles: [7, 14, 55, 99.9] } }"));
        engine = new UserAggregates(plan);
        for (int i = 1; i <= 100; i++) {
            BehaviorEvent event = at(i);
            event.setAmountMinor((long) i);
            engine.add(event, i);
        }
        double[] percentiles = engine.read(100).statistics();
        double[] expected = {7, 14, 55, 100};
        for (int i = 0; i < expected.length; i++) {
            assertThat(percentiles[i]).isCloseTo(expected[i], within(0.01 * expected[i]));
        }
    }

    private void add(BehaviorEvent event) {
        oracle.add(event);
        engine.add(event, oracle.now());
    }

    private static BehaviorEvent at(long time) {
        return TestingEvents.event("e" + time, EventType.VIEW, time);
    }

    private double statistic(String name) {
        return engine.read(oracle.now()).statistics()[PLAN.statisticNames().indexOf(name)];
    }

    private void compare() {
        AggregateValues values = engine.read(oracle.now());
        for (String window : WINDOWS.keySet()) {
            if (window.equals("lifetime")) {
                same(values, "n_lifetime", count(in(window, e -> isViewOrOrder(e))), 0);
                continue;
            }
            List<BehaviorEvent> all = in(window, e -> true);
            List<Double> amounts = amounts(all);
            List<Double> bought = amounts(in(window, e -> isViewOrOrder(e)));
            same(values, "n_" + window, count(in(window, e -> isViewOrOrder(e))), 0);
            same(values, "all_" + window, count(all), 0);
            same(values, "sum_" + window, amounts.isEmpty() ? Double.NaN : NaiveAggregates.sum(amounts), 0);
            same(values, "mean_" + window, NaiveAggregates.mean(bought), 1e-9);
            same(values, "dev_" + window, NaiveAggregates.sampleDeviation(amounts), 1e-9);
            same(values, "min_" + window, amounts.stream().mapToDouble(v -> v).min().orElse(Double.NaN), 0);
            same(values, "max_" + window, amounts.stream().mapToDouble(v -> v).max().orElse(Double.NaN), 0);
            long categories = texts(all, BehaviorEvent::getCategoryId).stream()
                    .filter(category -> !category.isEmpty())
                    .distinct()
                    .count();
            same(values, "cats_" + window, categories == 0 ? Double.NaN : categories, 0);
            double since = in(window, e -> e.getType() == EventType.ORDER).stream()
                    .mapToDouble(e -> (oracle.now() - e.getEventTime()) / 1000.0)
                    .min()
                    .orElse(Double.NaN);
            same(values, "gap_" + window, since, 0);
        }
        assertThat(values.lists()[0].toList())
                .isEqualTo(NaiveAggregates.newest(texts(in("w3", e -> true), BehaviorEvent::getItemId), 4));
        List<BehaviorEvent> tasted = in("lifetime", e -> isViewOrOrder(e) && e.getCategoryId() != null);
        Map<String, Double> expected = oracle.shares(tasted, 1_200_000, Map.of("VIEW", 1.0, "ORDER", 5.0));
        Map<String, Double> actual = values.affinities()[0].toMap();
        expected.forEach((key, share) -> assertThat(actual.getOrDefault(key, 0.0))
                .as("share of " + key)
                .isCloseTo(share, within(1e-6)));
        assertThat(expected.keySet()).containsAll(actual.keySet());
    }

    private static boolean isViewOrOrder(BehaviorEvent event) {
        return event.getType() == EventType.VIEW || event.getType() == EventType.ORDER;
    }

    private static double count(List<BehaviorEvent> events) {
        return events.isEmpty() ? Double.NaN : events.size();
    }

    private List<BehaviorEvent> in(String window, Predicate<BehaviorEvent> filter) {
        return oracle.in(WINDOWS.get(window)[0], WINDOWS.get(window)[1], filter);
    }

    private static List<Double> amounts(List<BehaviorEvent> events) {
        return events.stream()
                .filter(event -> event.getAmountMinor() != null)
                .map(event -> (double) event.getAmountMinor())
                .toList();
    }

    private static List<String> texts(List<BehaviorEvent> events, Function<BehaviorEvent, String> field) {
        return events.stream().map(field).filter(text -> text != null).toList();
    }

    private static void same(AggregateValues values, String name, double expected, double relative) {
        double actual = values.statistics()[PLAN.statisticNames().indexOf(name)];
        if (relative == 0 || Double.isNaN(expected)) {
            assertThat(actual).as(name).isEqualTo(Double.valueOf(expected));
        } else {
            assertThat(actual).as(name).isCloseTo(expected, within(relative * Math.max(1, Math.abs(expected))));
        }
    }

    private static byte[] bytes(UserAggregates aggregates, long now) throws IOException {
        ByteArrayEncoder bytes = new ByteArrayEncoder();
        aggregates.write(bytes, now);
        return bytes.toByteArray();
    }

    private static UserAggregates copyThroughState(UserAggregates aggregates, long now) throws IOException {
        return UserAggregates.read(PLAN, new PlanHistory(), now, DecoderFactory.get().binaryDecoder(bytes(aggregates, now), null));
    }
}
