package io.liveprofile.profile;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.ingest.EventLimits;
import io.liveprofile.ingest.EventValidator;
import io.liveprofile.ingest.RejectedRecordException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the validator lets in, the stages behind it take: no event stops the job. */
class UserProfilerExtremesTest {
    private static final EventLimits LIMITS = new EventLimits(
            Instant.parse("2000-01-01T00:00:00Z"), Duration.ofMinutes(10), Duration.ofDays(30), 200, 64, 64, 1 << 20);
    private static final long EARLIEST = LIMITS.earliest().toEpochMilli();
    private static final long LATEST = Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();

    private static final FeaturePlan SHIPPED = FeaturePlan.read(ConfigNode.read(Path.of("flink-conf/features.yaml")));
    private static final FeaturePlan EVERY_OPERATION = FeaturePlan.read(ConfigNode.parse("test.yaml", """
            windows:
              1m:   { length: 1 min, hop: 1 s }
              30d:  { length: 30 d, hop: 1 d }
              365d: { length: 365 d, hop: 1 d }
            aggregates:
              counted:   { op: count, where: "event.amountMinor >= 10 && event.channel != 'app'", windows: all }
              sum:       { op: sum, field: amountMinor, windows: all }
              by_brand:  { op: sum, field: rating, group_by: brand, size: 2, windows: [30d] }
              average:   { op: average, field: rating, windows: all }
              least:     { op: min, field: rating, windows: all }
              most:      { op: max, field: quantity, windows: all }
              variance:  { op: variance, field: rating, windows: all }
              deviation: { op: stddev, field: amountMinor, windows: all }
              skewness:  { op: skewness, field: rating, windows: [30d] }
              kurtosis:  { op: kurtosis, field: latitude, windows: [30d] }
              first:     { op: first, field: text, windows: all }
              last:      { op: last, field: rating, windows: all }
              first_k:   { op: first_k, field: text, k: 2, windows: [30d] }
              last_k:    { op: last_k, field: text, k: 2, windows: [30d] }
              others:    { op: distinct_last_k, field: itemId, k: 2, windows: [30d] }
              top:       { op: top_k, field: rating, k: 2, windows: all }
              bottom:    { op: bottom_k, field: longitude, k: 2, windows: all }
              distinct:  { op: distinct, field: text, k: 16, windows: all }
              heavy:     { op: heavy_hitters, field: itemId, size: 2, windows: [30d] }
              parts:     { op: percentiles, field: rating, percentiles: [50, 99], windows: [30d] }
              bars:      { op: histogram, field: amountMinor, bounds: [10, 1000], windows: all }
              entropy:   { op: entropy, field: itemId, size: 4, windows: [30d] }
              since:     { op: since_first }
              gap:       { op: mean_gap, windows: all }
              visits:    { op: sessions, gap: 30 min, windows: [30d] }
              hours:     { op: hour_of_day, windows: [30d] }
              days:      { op: weekday, windows: [30d] }
              trend:     { op: trend, of: sum, field: amountMinor, windows: [1m, 30d] }
              decayed:   { op: decayed_sum, field: rating, half_life: 1 h }
              mean:      { op: decayed_vector, size: 4, half_life: 1 h }
              taste:     { op: affinity, field: categoryId, half_life: 1 h, size: 2, weights: { VIEW: 1, ORDER: 5 } }
            derived:
              ratio: sum_1m / counted_1m
            features:
              - { statistics: [sum, average, ratio], transform: log1p }
              - event: [amountMinor, rating, quantity]
                transform: log1p
            """));
    private static final ProfilerConfig CONFIG = UserProfilerTest.config();

    @Property(tries = 100)
    void noEventThatIsLetInStopsTheStages(@ForAll("events") List<BehaviorEvent> events) throws Exception {
        EventValidator validator = new EventValidator(LIMITS);
        for (FeaturePlan plan : List.of(SHIPPED, EVERY_OPERATION)) {
            UserProfiler profiler = new UserProfiler(CONFIG, plan);
            UserState state = profiler.newUser();
            for (BehaviorEvent event : events) {
                try {
                    validator.check(event, event.getEventTime());
                } catch (RejectedRecordException e) {
                    continue;
                }
                UserState before = state;
                assertThatCode(() -> profiler.process(before, event, event.getEventTime())).as("%s", event).doesNotThrowAnyException();
                state = profiler.fromBytes(state.toBytes());
            }
        }
    }

    @Provide
    Arbitrary<List<BehaviorEvent>> events() {
        Arbitrary<String> texts = Arbitraries.oneOf(
                Arbitraries.of("", " ", "\u0000", "\ud800", "app", "1e308", "-0", "a,b", "*"), Arbitraries.strings().ofMaxLength(64));
        Arbitrary<Long> times = Arbitraries.oneOf(
                Arbitraries.of(EARLIEST, EARLIEST + 1, LATEST, LATEST - 1),
                Arbitraries.longs().between(EARLIEST, LATEST),
                Arbitraries.longs().between(1_700_000_000_000L, 1_700_000_100_000L));
        Arbitrary<Long> amounts = Arbitraries.oneOf(
                Arbitraries.of(0L, 1L, Long.MAX_VALUE, Long.MAX_VALUE - 1), Arbitraries.longs().between(0, 10_000)).injectNull(0.2);
        Arbitrary<Double> numbers = Arbitraries.oneOf(
                Arbitraries.of(0.0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 1e30, -1e30, 1e154, 5.0),
                Arbitraries.doubles()).injectNull(0.2);
        Arbitrary<BehaviorEvent> numeric = Combinators.combine(
                        Arbitraries.of(EventType.values()), times, amounts, numbers,
                        Arbitraries.integers().between(0, Integer.MAX_VALUE).injectNull(0.2),
                        Arbitraries.doubles().between(-90, 90).injectNull(0.2),
                        Arbitraries.doubles().between(-180, 180).injectNull(0.2),
                        Arbitraries.floats().list().ofMaxSize(8))
                .as((type, time, amount, rating, quantity, latitude, longitude, embedding) -> BehaviorEvent.newBuilder()
                        .setEventId("e").setUserId("ann").setType(type).setEventTime(time).setAmountMinor(amount)
                        .setRating(rating).setQuantity(quantity).setLatitude(latitude).setLongitude(longitude)
                        .setEmbedding(embedding).build());
        return Combinators.combine(numeric, texts.injectNull(0.2).list().ofSize(9), texts, texts)
                .as(UserProfilerExtremesTest::withTexts)
                .list().ofMinSize(1).ofMaxSize(12)
                .map(UserProfilerExtremesTest::numbered);
    }

    private static BehaviorEvent withTexts(BehaviorEvent event, List<String> texts, String key, String value) {
        event.setItemId(texts.get(0));
        event.setCategoryId(texts.get(1));
        event.setBrand(texts.get(2));
        event.setCurrency(texts.get(3));
        event.setSessionId(texts.get(4));
        event.setDeviceId(texts.get(5));
        event.setIp(texts.get(6));
        event.setChannel(texts.get(7));
        event.setText(texts.get(8));
        event.setAttributes(Map.of(key, value));
        return event;
    }

    private static List<BehaviorEvent> numbered(List<BehaviorEvent> events) {
        List<BehaviorEvent> numbered = new ArrayList<>();
        for (BehaviorEvent event : events) {
            numbered.add(BehaviorEvent.newBuilder(event).setEventId("e" + numbered.size()).build());
        }
        return numbered;
    }
}
