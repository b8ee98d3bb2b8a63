package io.liveprofile.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.AggregateValues;
import io.liveprofile.aggregate.TestingEvents;
import io.liveprofile.aggregate.UserAggregates;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Breakdowns, vectors, numbers of other keys and formulas on their way into the vector. */
class FeatureCompletionTest {
    private static final long NOW = 1_750_000_000_000L;
    private static final FeaturePlan PLAN = FeaturePlan.read(ConfigNode.parse("test.yaml", """
            windows: { 1h: { length: 1 h, hop: 1 min } }
            aggregates:
              views:      { op: count, windows: [1h] }
              by_brand:   { op: count, group_by: brand, windows: [1h] }
              hours:      { op: hour_of_day, windows: [1h] }
              taste:      { op: decayed_vector, size: 2, half_life: 1 h }
              item_views: { key: itemId, op: count, windows: [1h] }
              ip_views:   { key: ip, op: count, windows: [1h] }
            derived:
              share: views_1h / item_views_1h
              more: item_views_1h + 1.0
            features:
              - statistics: [views, item_views, share]
              - breakdown: [by_brand, hours]
              - vector: taste
              - { statistics: ip_views, transform: log1p }
            """));

    @Test
    void theVectorHasWhatTheEventsOwnKeysSay() {
        assertThat(PLAN.schema().names()).containsExactly("views_1h", "item_views_1h", "share", "by_brand_of_event",
                "hours_of_event", "taste_0", "taste_1", "ip_views_1h");
        BehaviorEvent event = event();
        event.setBrand("acme");
        event.setEmbedding(List.of(1f, 3f));
        assertThat(vector(event)).containsExactly(1, 0, Float.NaN, 1, 1, 1, 3, 0);
        BehaviorEvent other = event();
        assertThat(vector(other)).as("no brand, no embedding").containsExactly(
                1, 0, Float.NaN, Float.NaN, 1, Float.NaN, Float.NaN, 0);
    }

    @Test
    void anUpdateIsCompletedWithTheNumbersOfItsKeysAndWhatIsDerivedOfThem() {
        BehaviorEvent event = event();
        event.setItemId("shoe");
        assertThat(PLAN.keysOf(event)).as("an item and no address").isEqualTo(0b01);
        UserAggregates aggregates = new UserAggregates(PLAN.aggregates());
        aggregates.add(event, NOW);
        AggregateValues values = aggregates.read(NOW);
        UserUpdate update = new UserUpdate(UserUpdate.Cause.EVENT, "u", 1, "e", EventType.VIEW, NOW, 0, NOW, NOW, 1, 0, Map.of(), 0b01,
                values, PLAN.extract(event, values));

        FeaturePlan.Completed completed = PLAN.complete(update, new double[][] {{4}, null});
        assertThat(completed.failedExpressions()).isZero();
        assertThat(completed.update().awaitedKeys()).isZero();
        assertThat(completed.update().vector()).startsWith(1, 4, 0.25f);
        assertThat(completed.update().vector()[7]).as("no address").isNaN();
        assertThat(statistic(completed, "share")).isEqualTo(0.25);
        assertThat(statistic(completed, "ip_views_1h")).isNaN();

        assertThat(PLAN.complete(update, new double[][] {{0}, null}).failedExpressions()).as("a division by 0").isEqualTo(1);
    }

    @Test
    void whatIsOfAKeyThatTheEventLacksIsMissingAndNotEmpty() {
        BehaviorEvent event = event();
        event.setIp("10.0.0.1");
        UserAggregates aggregates = new UserAggregates(PLAN.aggregates());
        aggregates.add(event, NOW);
        AggregateValues values = aggregates.read(NOW);
        UserUpdate update = new UserUpdate(UserUpdate.Cause.EVENT, "u", 1, "e", EventType.VIEW, NOW, 0, NOW, NOW, 1, 0, Map.of(), 0b10,
                values, PLAN.extract(event, values));

        FeaturePlan.Completed completed = PLAN.complete(update, new double[][] {null, {Double.NaN}});
        assertThat(statistic(completed, "more")).as("no item").isNaN();
        assertThat(completed.update().vector()).startsWith(1, Float.NaN, Float.NaN);
        assertThat(completed.update().vector()[7]).as("an address without events").isZero();
        assertThat(completed.failedExpressions()).as("nothing failed").isZero();
    }

    private static double statistic(FeaturePlan.Completed completed, String name) {
        return completed.update().values().statistics()[PLAN.aggregates().statisticNames().indexOf(name)];
    }

    private static float[] vector(BehaviorEvent event) {
        UserAggregates aggregates = new UserAggregates(PLAN.aggregates());
        aggregates.add(event, NOW);
        return PLAN.extract(event, aggregates.read(NOW));
    }

    private static BehaviorEvent event() {
        return TestingEvents.event("e", EventType.VIEW, NOW);
    }
}
