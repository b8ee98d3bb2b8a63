package io.liveprofile.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.NumbersByKey;
import io.liveprofile.aggregate.TestingEvents;
import io.liveprofile.aggregate.TextList;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeaturePlanTest {
    private static final FeaturePlan SHIPPED = FeaturePlan.read(ConfigNode.read(Path.of("flink-conf/features.yaml")));
    /** Every kind with each transform, statistics between the others. */
    private static final FeaturePlan MIXED = FeaturePlan.read(ConfigNode.parse("test.yaml", """
            windows:
              1h: { length: 1 h, hop: 1 min }
            aggregates:
              views: { op: count, events: [VIEW], windows: [1h] }
              mean:  { op: average, field: amountMinor }
              category_affinity: { op: affinity, field: categoryId, half_life: 1 h, size: 4, weights: { VIEW: 1 } }
              brand_affinity:    { op: affinity, field: brand, half_life: 1 h, size: 4, weights: { VIEW: 1 } }
            features:
              - { type_is: [VIEW, ORDER], transform: log1p }
              - statistics: mean
              - { affinity: category_affinity, transform: log1p }
              - event: [rating, day_sin]
              - { statistics: views, transform: log1p }
              - type_is: [SEARCH]
              - affinity: brand_affinity
              - { event: [amountMinor, day_cos], transform: log1p }
            """));

    @Test
    void theShippedPlanExtractsWhatItsNamesSay() {
        assertExtractsWhatItsNamesSay(SHIPPED);
    }

    @Test
    void everyKindExtractsWithEveryTransform() {
        assertExtractsWhatItsNamesSay(MIXED);
    }

    private static void assertExtractsWhatItsNamesSay(FeaturePlan plan) {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            BehaviorEvent event = randomEvent(random);
            AggregateValues values = randomValues(plan, random);
            List<Feature> features = plan.schema().features();
            float[] expected = new float[features.size()];
            for (int j = 0; j < expected.length; j++) {
                double value = value(plan, features.get(j).name(), event, values);
                boolean isLog = features.get(j).transform() == Transform.LOG1P;
                expected[j] = (float) (!isLog ? value : value < 0 ? -Math.log1p(-value) : Math.log1p(value));
            }
            float[] vector = plan.extract(event, values);
            for (int j = 0; j < expected.length; j++) {
                assertThat(Float.floatToRawIntBits(vector[j]))
                        .as("%s of %s and %s", features.get(j).name(), event, values)
                        .isEqualTo(Float.floatToRawIntBits(expected[j]));
            }
        }
    }

    private static double value(FeaturePlan plan, String feature, BehaviorEvent event, AggregateValues values) {
        if (feature.startsWith("type_is_")) {
            return event.getType() == EventType.valueOf(feature.substring(8).toUpperCase(Locale.ROOT)) ? 1 : 0;
        }
        double dayAngle = 2 * Math.PI * (event.getEventTime() % 86_400_000d) / 86_400_000d;
        switch (feature) {
            case "event_amountMinor":
                return event.getAmountMinor() == null ? Double.NaN : event.getAmountMinor();
            case "event_quantity":
                return event.getQuantity() == null ? Double.NaN : event.getQuantity();
            case "event_rating":
                return event.getRating() == null ? Double.NaN : event.getRating();
            case "event_day_sin":
                return Math.sin(dayAngle);
            case "event_day_cos":
                return Math.cos(dayAngle);
            case "category_affinity_of_event":
                return share(plan, "category_affinity", event.getCategoryId(), values);
            case "brand_affinity_of_event":
                return share(plan, "brand_affinity", event.getBrand(), values);
            default:
                int position = plan.aggregates().statisticNames().indexOf(feature);
                double statistic = values.statistics()[position];
                return Double.isNaN(statistic) ? plan.aggregates().whenEmpty(position) : statistic;
        }
    }

    private static double share(FeaturePlan plan, String affinity, String key, AggregateValues values) {
        NumbersByKey shares = values.affinities()[plan.aggregates().affinityNames().indexOf(affinity)];
        return key == null ? Double.NaN : shares.toMap().getOrDefault(key, 0.0);
    }

    private static BehaviorEvent randomEvent(Random random) {
        BehaviorEvent event = TestingEvents.random(random, "e", 1_700_000_000_000L + random.nextInt());
        event.setType(EventType.values()[random.nextInt(EventType.values().length)]);
        if (random.nextBoolean()) {
            event.setBrand("b" + random.nextInt(12));
            event.setQuantity(random.nextInt(5));
            event.setRating(random.nextDouble() * 5);
        }
        return event;
    }

    private static AggregateValues randomValues(FeaturePlan plan, Random random) {
        double[] statistics = new double[plan.aggregates().statisticNames().size()];
        for (int i = 0; i < statistics.length; i++) {
            statistics[i] = switch (random.nextInt(8)) {
                case 0, 1 -> Double.NaN;
                case 2 -> 0;
                case 3 -> -0.0;
                case 4 -> random.nextInt(2_000);
                case 5 -> random.nextInt(10_000_000);
                case 6 -> random.nextDouble() * 1_000;
                default -> -random.nextInt(2_000);
            };
        }
        NumbersByKey[] affinities = new NumbersByKey[plan.aggregates().affinityNames().size()];
        for (int i = 0; i < affinities.length; i++) {
            Map<String, Double> shares = new LinkedHashMap<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                shares.put((plan.aggregates().affinityNames().get(i).startsWith("b") ? "b" : "c") + random.nextInt(12), 0.3);
            }
            affinities[i] = NumbersByKey.of(shares);
        }
        TextList[] lists = new TextList[plan.aggregates().listNames().size()];
        return new AggregateValues(statistics, lists, affinities);
    }
}
