package io.liveprofile.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.ByteArrayEncoder;
import io.liveprofile.event.EventType;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.io.DecoderFactory;

/** Every operation against its definition, computed anew of all events, on streams that are late, repeated and restored. */
class OperationsOracleTest {
    private static final long[][] WINDOWS = {{60_000, 5_000}, {3_600_000, 60_000}, {172_800_000, 21_600_000}};
    private static final String[] NAMES = {"w1", "w2", "w3"};
    private static final AggregatePlan PLAN = AggregatePlan.read(ConfigNode.parse("test.yaml", """
            windows:
              w1: { length: 1 min, hop: 5 s }
              w2: { length: 1 h, hop: 1 min }
              w3: { length: 2 d, hop: 6 h }
            aggregates:
              variance:  { op: variance, field: amountMinor, windows: all }
              skewness:  { op: skewness, field: amountMinor, windows: all }
              kurtosis:  { op: kurtosis, field: amountMinor, windows: all }
              first:     { op: first, field: amountMinor, windows: all }
              last:      { op: last, field: amountMinor, windows: all }
              since:     { op: since_first, windows: all }
              gap:       { op: mean_gap, windows: all }
              buckets:   { op: histogram, field: amountMinor, bounds: [1_000, 50_000], windows: all }
              top:       { op: top_k, field: amountMinor, k: 3, windows: all }
              bottom:    { op: bottom_k, field: rating, k: 2, windows: all }
              prices:    { op: percentiles, field: amountMinor, percentiles: [0, 7, 50, 97.5], windows: all }
              ratings:   { op: percentiles, field: rating, percentiles: [50], accuracy: 0.001, windows: all }
              chaos:     { op: entropy, field: categoryId, windows: all }
              visits:    { op: sessions, gap: 10 min, windows: all }
              orders:    { op: trend, of: count, events: [ORDER], windows: all }
              spend:     { op: trend, of: sum, field: amountMinor, windows: all }
              oldest:    { op: first_k, field: itemId, k: 4, windows: all }
              newest:    { op: distinct_last_k, field: itemId, k: 4, windows: all }
              texts:     { op: last, field: itemId, windows: [w2] }
              hits:      { op: heavy_hitters, field: categoryId, size: 8, windows: all }
              items:     { op: heavy_hitters, field: itemId, size: 2, windows: all }
              by_cat:    { op: sum, field: amountMinor, group_by: categoryId, size: 16, windows: all }
              by_item:   { op: count, group_by: itemId, size: 2, windows: all }
              hours:     { op: hour_of_day, zone: "+01:00", windows: [w3] }
              days:      { op: weekday, windows: [w3] }
              fading:    { op: decayed_sum, field: amountMinor, half_life: 1 h }
              taste:     { op: decayed_vector, size: 3, half_life: 2 h }
              dear:      { op: count, where: "event.amountMinor > 50000 && event.type != 'REFUND'", windows: all }
              cheap:     { op: sum, field: amountMinor, where: "has(event.rating) && event.rating <= 2", windows: all }
              n:         { op: count, events: [VIEW, ORDER], windows: all }
            derived:
              dear_share: dear_w2 / n_w2
              dear_percent: dear_share * 100.0
            """));

    private final List<BehaviorEvent> events = new ArrayList<>();
    private UserAggregates engine;
    private AggregateValues values;
    private long now;

    @Property(tries = 80)
    void agreesWithTheDefinition(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int pace) throws IOException {
        Random random = new Random(seed);
        long time = 1_767_225_600_000L - random.nextInt(3_600_000);
        now = Long.MIN_VALUE;
        events.clear(); // one instance serves all tries
        engine = new UserAggregates(PLAN);
        for (int i = 0; i < 100; i++) {
            time += Math.round(Math.pow(10, random.nextDouble() * pace * 1.9));
            long late = random.nextInt(4) == 0 ? random.nextInt(5_000_000) : 0;
            BehaviorEvent event = TestingEvents.random(random, "e" + i, time - late);
            events.add(event);
            now = Math.max(now, event.getEventTime());
            engine.add(event, now);
            if (random.nextInt(15) == 0) {
                engine = throughState(engine);
            }
            if (i % 4 == 0) {
                compare();
            }
        }
        now += random.nextInt(200_000_000);
        compare();
    }

    private void compare() throws IOException {
        values = engine.read(now);
        for (int w = 0; w < WINDOWS.length; w++) {
            List<BehaviorEvent> in = between(start(w, 1), now + 1);
            compareNumbers(NAMES[w], in, between(start(w, 2), start(w, 1)));
            compareTextsAndKeys(NAMES[w], in);
        }
        compareWithoutWindows();
        AggregateValues restored = throughState(engine).read(now);
        assertThat(restored.statistics()).isEqualTo(values.statistics());
        assertThat(restored.breakdowns()).isEqualTo(values.breakdowns());
        assertThat(restored.lists()).isEqualTo(values.lists());
    }

    private void compareNumbers(String w, List<BehaviorEvent> in, List<BehaviorEvent> before) {
        double[] amounts = numbers(in, OperationsOracleTest::amount);
        double[] ratings = numbers(in, event -> event.getRating() == null ? Double.NaN : event.getRating());
        double mean = amounts.length == 0 ? 0 : sum(amounts) / amounts.length;
        double m2 = moment(amounts, mean, 2);
        close("variance_" + w, amounts.length < 2 ? Double.NaN : m2 * amounts.length / (amounts.length - 1));
        close("skewness_" + w, m2 == 0 ? Double.NaN : moment(amounts, mean, 3) / Math.pow(m2, 1.5));
        close("kurtosis_" + w, m2 == 0 ? Double.NaN : moment(amounts, mean, 4) / (m2 * m2) - 3);
        exact("since_" + w, in.isEmpty() ? Double.NaN : (now - in.get(0).getEventTime()) / 1000.0);
        exact("gap_" + w, in.size() < 2 ? Double.NaN
                : (in.get(in.size() - 1).getEventTime() - in.get(0).getEventTime()) / 1000.0 / (in.size() - 1));
        exact("first_" + w, amounts.length == 0 ? Double.NaN : edge(in, false));
        exact("last_" + w, amounts.length == 0 ? Double.NaN : edge(in, true));
        for (int bucket = 0; bucket < 3; bucket++) {
            double from = new double[] {-1, 1_000, 50_000}[bucket];
            double to = new double[] {1_000, 50_000, 1e9}[bucket];
            exact("buckets_bucket_" + bucket + "_" + w, amounts.length == 0 ? Double.NaN
                    : numbers(in, event -> amount(event) > from && amount(event) <= to ? 1 : Double.NaN).length);
        }
        double[] sorted = sorted(amounts);
        for (int k = 1; k <= 3; k++) {
            exact("top_" + k + "_" + w, sorted.length < k ? Double.NaN : sorted[sorted.length - k]);
        }
        double[] sortedRatings = sorted(ratings);
        for (int k = 1; k <= 2; k++) {
            exact("bottom_" + k + "_" + w, sortedRatings.length < k ? Double.NaN : sortedRatings[k - 1]);
        }
        percentile("prices_p0_" + w, sorted, 0, 0.01);
        percentile("prices_p7_" + w, sorted, 7_000, 0.01);
        percentile("prices_p50_" + w, sorted, 50_000, 0.01);
        percentile("prices_p97_5_" + w, sorted, 97_500, 0.01);
        percentile("ratings_p50_" + w, sortedRatings, 50_000, 0.001);
        close("chaos_" + w, entropy(counts(in, BehaviorEvent::getCategoryId)));
        compareSessions(w, in);
        close("orders_" + w, trend(ordersOf(in), ordersOf(before)));
        close("spend_" + w, trend(sum(amounts), sum(numbers(before, OperationsOracleTest::amount))));
        List<BehaviorEvent> dear = in.stream().filter(event -> amount(event) > 50_000 && event.getType() != EventType.REFUND).toList();
        exact("dear_" + w, dear.isEmpty() ? Double.NaN : dear.size());
        double[] cheap = numbers(in, event -> event.getRating() != null && event.getRating() <= 2 ? amount(event) : Double.NaN);
        exact("cheap_" + w, cheap.length == 0 ? Double.NaN : sum(cheap));
        if (w.equals("w2")) {
            double all = in.stream().filter(event -> event.getType() == EventType.VIEW || event.getType() == EventType.ORDER).count();
            close("dear_share", all == 0 ? Double.NaN : dear.size() / all);
            close("dear_percent", all == 0 ? Double.NaN : dear.size() / all * 100);
        }
    }

    private void compareTextsAndKeys(String w, List<BehaviorEvent> in) {
        List<String> items = in.stream().map(BehaviorEvent::getItemId).filter(item -> item != null).toList();
        assertThat(list("oldest_" + w)).isEqualTo(items.subList(0, Math.min(4, items.size())));
        List<String> reversed = new ArrayList<>(items);
        Collections.reverse(reversed);
        assertThat(list("newest_" + w)).isEqualTo(reversed.stream().distinct().limit(4).toList());
        if (w.equals("w2")) {
            assertThat(list("texts")).isEqualTo(reversed.stream().limit(1).toList());
        }
        Map<String, Double> categories = counts(in, BehaviorEvent::getCategoryId);
        Map<String, Double> hits = breakdown("hits_" + w);
        assertThat(hits).hasSize(Math.min(8, categories.size()));
        hits.forEach((category, count) -> assertThat(count).isEqualTo(categories.get(category)));
        assertThat(List.copyOf(hits.values())).isSortedAccordingTo(Collections.reverseOrder());
        Map<String, Double> exact = counts(in, BehaviorEvent::getItemId);
        double error = items.size() / 17.0;
        breakdown("items_" + w).forEach((item, count) -> assertThat(count).isBetween(exact.get(item) - error, exact.get(item)));
        Map<String, Double> spent = in.stream()
                .filter(event -> event.getCategoryId() != null && !event.getCategoryId().isEmpty() && event.getAmountMinor() != null)
                .collect(Collectors.groupingBy(BehaviorEvent::getCategoryId, Collectors.summingDouble(OperationsOracleTest::amount)));
        assertThat(breakdown("by_cat_" + w)).isEqualTo(spent);
        Map<String, Double> byItem = breakdown("by_item_" + w);
        assertThat(sum(byItem)).as("the rest keeps the whole right").isEqualTo(items.size());
        byItem.forEach((item, count) -> assertThat(count).isLessThanOrEqualTo(
                item.equals("*") ? items.size() : exact.get(item)));
        assertThat(byItem.size()).isLessThanOrEqualTo(3);
        if (exact.size() <= 8) {
            byItem.forEach((item, count) -> assertThat(item.equals("*") || count.equals(exact.get(item))).isTrue());
        }
        if (w.equals("w3")) {
            shares("hours", in, event -> "%02d".formatted(at(event).atOffset(ZoneOffset.ofHours(1)).getHour()));
            shares("days", in, event -> Integer.toString(at(event).atOffset(ZoneOffset.UTC).getDayOfWeek().getValue()));
        }
    }

    private void compareSessions(String w, List<BehaviorEvent> in) {
        double sessions = 0;
        double bounces = 0;
        double seconds = 0;
        int size = 0;
        for (int i = 0; i < in.size(); i++) {
            size++;
            boolean isEnd = i == in.size() - 1 || in.get(i + 1).getEventTime() - in.get(i).getEventTime() > 600_000;
            if (isEnd) {
                sessions++;
                bounces += size == 1 ? 1 : 0;
                seconds += (in.get(i).getEventTime() - in.get(i - size + 1).getEventTime()) / 1000.0;
                size = 0;
            }
        }
        close("visits_" + w, in.isEmpty() ? Double.NaN : sessions);
        close("visits_length_" + w, in.isEmpty() ? Double.NaN : seconds / sessions);
        close("visits_events_" + w, in.isEmpty() ? Double.NaN : in.size() / sessions);
        close("visits_bounce_share_" + w, in.isEmpty() ? Double.NaN : bounces / sessions);
    }

    private void compareWithoutWindows() {
        double fading = 0;
        double weight = 0;
        double[] taste = new double[3];
        boolean hasAmount = false;
        for (BehaviorEvent event : events) {
            double age = now - event.getEventTime();
            if (event.getAmountMinor() != null) {
                hasAmount = true;
                fading += event.getAmountMinor() * Math.pow(2, -age / 3_600_000);
            }
            if (!event.getEmbedding().isEmpty()) {
                double share = Math.pow(2, -age / 7_200_000);
                weight += share;
                for (int i = 0; i < 3; i++) {
                    taste[i] += share * event.getEmbedding().get(i);
                }
            }
        }
        close("fading", hasAmount ? fading : Double.NaN);
        float[] vector = values.vectors()[0];
        assertThat(vector).hasSize(weight > 0 || events.stream().anyMatch(event -> !event.getEmbedding().isEmpty()) ? 3 : 0);
        for (int i = 0; i < vector.length && weight > 1e-200; i++) {
            assertThat(vector[i]).isCloseTo((float) (taste[i] / weight), within(1e-5f));
        }
    }

    private void shares(String name, List<BehaviorEvent> in, Function<BehaviorEvent, String> part) {
        Map<String, Double> expected = new TreeMap<>();
        in.forEach(event -> expected.merge(part.apply(event), 1.0, Double::sum));
        expected.replaceAll((key, count) -> count / in.size());
        assertThat(breakdown(name)).as(name).isEqualTo(expected);
    }

    /** @param percentile in thousandths of a percent: p 7 of 100 values is the 7th, and 7 / 100.0 * 100 lies above it */
    private void percentile(String name, double[] sorted, long percentile, double accuracy) {
        if (sorted.length == 0) {
            exact(name, Double.NaN);
            return;
        }
        long atMost = percentile * sorted.length;
        double expected = sorted[(int) Math.max(1, atMost / 100_000 + (atMost % 100_000 == 0 ? 0 : 1)) - 1];
        assertThat(statistic(name)).as(name).isCloseTo(expected, within(accuracy * Math.abs(expected) + 1e-9));
    }

    private long start(int window, int times) {
        return Math.floorDiv(now - times * WINDOWS[window][0], WINDOWS[window][1]) * WINDOWS[window][1];
    }

    /** In order of time; of one time in order of arrival. */
    private List<BehaviorEvent> between(long from, long to) {
        return events.stream()
                .filter(event -> event.getEventTime() >= from && event.getEventTime() < to)
                .sorted((one, other) -> Long.compare(one.getEventTime(), other.getEventTime()))
                .toList();
    }

    private static double edge(List<BehaviorEvent> in, boolean isLast) {
        List<BehaviorEvent> priced = in.stream()
                .filter(event -> event.getAmountMinor() != null)
                .sorted((one, other) -> one.getEventTime() == other.getEventTime()
                        ? Long.compare(one.getAmountMinor(), other.getAmountMinor())
                        : Long.compare(one.getEventTime(), other.getEventTime()))
                .toList();
        return amount(priced.get(isLast ? priced.size() - 1 : 0));
    }

    private static double ordersOf(List<BehaviorEvent> in) {
        return in.stream().filter(event -> event.getType() == EventType.ORDER).count();
    }

    /** Sum and count are 0 of nothing. */
    private static double trend(double now, double before) {
        return now + before == 0 ? Double.NaN : (now - before) / (now + before);
    }

    private static double moment(double[] values, double mean, int power) {
        double sum = 0;
        for (double value : values) {
            sum += Math.pow(value - mean, power);
        }
        return values.length == 0 ? 0 : sum / values.length;
    }

    private static double entropy(Map<String, Double> counts) {
        double all = sum(counts);
        return counts.isEmpty() ? Double.NaN
                : counts.values().stream().mapToDouble(count -> -count / all * Math.log(count / all) / Math.log(2)).sum();
    }

    private static Map<String, Double> counts(List<BehaviorEvent> in, Function<BehaviorEvent, String> field) {
        Map<String, Double> counts = new HashMap<>();
        in.stream().map(field).filter(text -> text != null && !text.isEmpty()).forEach(text -> counts.merge(text, 1.0, Double::sum));
        return counts;
    }

    private static double amount(BehaviorEvent event) {
        return event.getAmountMinor() == null ? Double.NaN : event.getAmountMinor();
    }

    private static Instant at(BehaviorEvent event) {
        return Instant.ofEpochMilli(event.getEventTime());
    }

    private static double[] numbers(List<BehaviorEvent> in, ToDoubleFunction<BehaviorEvent> field) {
        return in.stream().mapToDouble(field).filter(value -> !Double.isNaN(value)).toArray();
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    private static double sum(Map<String, Double> values) {
        return values.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private double statistic(String name) {
        assertThat(PLAN.statisticNames()).contains(name);
        return values.statistics()[PLAN.statisticNames().indexOf(name)];
    }

    private List<String> list(String name) {
        assertThat(PLAN.listNames()).contains(name);
        return values.lists()[PLAN.listNames().indexOf(name)].toList();
    }

    private Map<String, Double> breakdown(String name) {
        assertThat(PLAN.breakdownNames()).contains(name);
        return values.breakdowns()[PLAN.breakdownNames().indexOf(name)].toMap();
    }

    private void exact(String name, double expected) {
        assertThat(statistic(name)).as(name).isEqualTo(Double.valueOf(expected));
    }

    private void close(String name, double expected) {
        if (Double.isNaN(expected)) {
            exact(name, expected);
        } else {
            assertThat(statistic(name)).as(name).isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
        }
    }

    private UserAggregates throughState(UserAggregates aggregates) throws IOException {
        ByteArrayEncoder bytes = new ByteArrayEncoder();
        aggregates.write(bytes, now);
        return UserAggregates.read(
                PLAN, new PlanHistory(), now, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }
}
