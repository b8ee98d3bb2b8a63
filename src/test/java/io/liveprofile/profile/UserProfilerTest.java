package io.liveprofile.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.aggregate.TestingEvents;
import io.liveprofile.anomaly.OutlierConfig;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.UserUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UserProfilerTest {
    private static final long START = 1_700_000_000_000L;
    private static final FeaturePlan FEATURES = FeaturePlan.read(ConfigNode.parse("test.yaml", """
            windows:
              1m: { length: 1 min, hop: 1 s }
              1h: { length: 1 h, hop: 1 min }
            aggregates:
              views: { op: count, events: [VIEW], windows: all }
              spend: { op: sum, field: amountMinor, events: [ORDER], windows: [1h] }
              mean:  { op: average, field: amountMinor, windows: all }
              dev:   { op: stddev, field: amountMinor, windows: all }
              items: { op: distinct, field: itemId, k: 16, windows: all }
              last:  { op: last_k, field: itemId, k: 3, windows: [1h] }
              taste: { op: affinity, field: categoryId, half_life: 1 h, size: 4, weights: { VIEW: 1 } }
            features:
              - { statistics: [views, spend], transform: log1p }
              - affinity: taste
              - type_is: [VIEW, ORDER]
            """));
    private static final ProfilerConfig CONFIG = new ProfilerConfig(
            Duration.ofMinutes(5),
            100,
            Duration.ofMinutes(2),
            new OutlierConfig(1_000_000, 8, Duration.ofSeconds(10), 10, 10, 8, 8),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            3,
            Duration.ofMinutes(1));

    /** What the tests of the profiler share. */
    static ProfilerConfig config() {
        return CONFIG;
    }

    private final UserProfiler profiler = new UserProfiler(CONFIG, FEATURES);
    private UserState state = profiler.newUser();

    @Test
    void aCountedEventGivesTheNextVersion() {
        BehaviorEvent view = TestingEvents.event("a", EventType.VIEW, START);
        view.setCategoryId("c1");
        UserUpdate first = update(view);
        assertThat(first.version()).isEqualTo(10);
        assertThat(first.events()).isEqualTo(1);
        assertThat(first.firstSeenAt()).isEqualTo(START);
        assertThat(first.vector())
                .containsExactly((float) Math.log1p(1), (float) Math.log1p(1), 0f, 1f, 1f, 0f);

        BehaviorEvent order = TestingEvents.event("b", EventType.ORDER, START + 61_500);
        order.setAmountMinor(500L);
        UserUpdate second = update(order);
        assertThat(second.version()).isEqualTo(20);
        assertThat(second.vector())
                .containsExactly(0f, (float) Math.log1p(1), (float) Math.log1p(500), Float.NaN, 0f, 1f);
    }

    @Test
    void aRepeatChangesNothing() {
        update(TestingEvents.event("a", EventType.VIEW, START));
        byte[] before = state.toBytes();
        assertThat(process(TestingEvents.event("a", EventType.VIEW, START))).isInstanceOf(Verdict.Duplicate.class);
        assertThat(state.toBytes()).isEqualTo(before);
    }

    @Test
    void lateIsWhatLiesBeforeTheUsersOwnNewestEventByMoreThanAllowed() {
        update(TestingEvents.event("a", EventType.VIEW, START));
        assertThat(update(TestingEvents.event("b", EventType.VIEW, START - 120_000)).updatedAt()).isEqualTo(START);
        assertThat(process(TestingEvents.event("c", EventType.VIEW, START - 120_001)))
                .isEqualTo(new Verdict.Late(START));
        assertThat(update(TestingEvents.event("d", EventType.VIEW, START)).events()).isEqualTo(3);
    }

    @Test
    void whatMayBeAForgottenRepeatIsLate() {
        for (int i = 0; i < 101; i++) {
            update(TestingEvents.event("e" + i, EventType.VIEW, START + i * 1_000));
        }
        // 100 ids are remembered: the one of START + 0 gave way.
        assertThat(process(TestingEvents.event("e0", EventType.VIEW, START - 1))).isInstanceOf(Verdict.Late.class);
        assertThat(process(TestingEvents.event("e1", EventType.VIEW, START + 1_000))).isInstanceOf(Verdict.Late.class);
    }

    @Test
    void anEventAheadOfItsTimeDoesNotHideTheBurstBehindIt() {
        update(TestingEvents.event("ahead", EventType.VIEW, START + 60_000));
        for (int i = 0; i < 10; i++) {
            update(TestingEvents.event("v" + i, EventType.VIEW, START));
        }
        assertThat(process(TestingEvents.event("v10", EventType.VIEW, START))).isInstanceOf(Verdict.Quarantined.class);
    }

    @Test
    void aTimerThatFiresEarlyMakesNoSecondAlert() {
        List<RiskAlert> alerts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            alerts.addAll(alertsOf(process(TestingEvents.event("v" + i, EventType.VIEW, START))));
        }
        // The watermark of other users is far ahead.
        alerts.addAll(profiler.reportAlerts(state, "user", START + 3_600_000));
        alerts.addAll(alertsOf(process(TestingEvents.event("w1", EventType.VIEW, START))));
        alerts.addAll(profiler.reportAlerts(state, "user", START + 3_600_000));
        alerts.addAll(alertsOf(process(TestingEvents.event("w2", EventType.VIEW, START + 60_000))));
        assertThat(alerts).extracting(RiskAlert::getAlertId).containsOnly("bot-burst:user:" + START);
        assertThat(alerts).extracting(RiskAlert::getOccurrences).containsExactly(1L, 2L, 3L);
    }

    @Test
    void anOutlierDoesNotTouchTheAggregates() {
        update(TestingEvents.event("a", EventType.ORDER, START));
        BehaviorEvent absurd = TestingEvents.event("b", EventType.ORDER, START + 1_000);
        absurd.setAmountMinor(1_000_001L);
        Verdict.Quarantined verdict = (Verdict.Quarantined) process(absurd);
        assertThat(verdict.reasons()).singleElement().satisfies(r -> assertThat(r.getCode()).isEqualTo("amount-hard-max"));
        assertThat(verdict.alerts()).isEmpty();
        UserUpdate next = update(TestingEvents.event("c", EventType.ORDER, START + 2_000));
        assertThat(next.quarantined()).isEqualTo(1);
        assertThat(next.version()).isEqualTo(20);
        assertThat(next.values().statistics()[FEATURES.aggregates().statisticNames().indexOf("spend_1h")]).isNaN();
    }

    @Test
    void anOutlierAheadOfItsTimeMakesNoRepeatForgotten() {
        update(TestingEvents.event("a", EventType.VIEW, START));
        BehaviorEvent absurd = TestingEvents.event("b", EventType.ORDER, START + 3_600_000);
        absurd.setAmountMinor(1_000_001L);
        assertThat(process(absurd)).isInstanceOf(Verdict.Quarantined.class);
        assertThat(process(TestingEvents.event("a", EventType.VIEW, START))).isInstanceOf(Verdict.Duplicate.class);
    }

    @Test
    void aBurstRaisesOneAlertAndCountsItsRepeats() {
        List<RiskAlert> alerts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            alerts.addAll(alertsOf(process(TestingEvents.event("v" + i, EventType.VIEW, START + i * 10))));
        }
        assertThat(alerts).singleElement().satisfies(alert -> {
            assertThat(alert.getKind()).isEqualTo("bot-burst");
            assertThat(alert.getAlertId()).isEqualTo("bot-burst:user:" + (START + 100));
            assertThat(alert.getOccurrences()).isEqualTo(1);
            assertThat(alert.getClosed()).isFalse();
            assertThat(alert.getReasons()).singleElement().satisfies(r -> {
                assertThat(r.getCode()).isEqualTo("rate-hard-max");
                assertThat(r.getValue()).isEqualTo(11);
                assertThat(r.getLimit()).isEqualTo(10);
            });
        });
        long closing = profiler.closesAt(alerts.get(0));
        assertThat(profiler.reportAlerts(state, "user", closing - 1)).isEmpty();
        assertThat(profiler.reportAlerts(state, "user", closing)).singleElement().satisfies(alert -> {
            assertThat(alert.getAlertId()).isEqualTo(alerts.get(0).getAlertId());
            assertThat(alert.getOccurrences()).isEqualTo(30);
            assertThat(alert.getClosed()).isTrue();
            assertThat(alert.getLastTime()).isEqualTo(START + 390);
            assertThat(alert.getEvidenceEventIds()).hasSize(10).startsWith("v10", "v11");
        });
        assertThat(profiler.reportAlerts(state, "user", closing + 1)).as("closed once").isEmpty();
    }

    @Test
    void anAlertIsClosedByTheNextEventToo() {
        for (int i = 0; i < 12; i++) {
            process(TestingEvents.event("v" + i, EventType.VIEW, START));
        }
        List<RiskAlert> alerts = alertsOf(process(TestingEvents.event("w", EventType.VIEW, START + 60_000)));
        assertThat(alerts).singleElement().satisfies(alert -> assertThat(alert.getOccurrences()).isEqualTo(2));
    }

    @Test
    void throughStateEveryVerdictStaysTheSame() {
        UserState kept = profiler.newUser();
        Random random = new Random(3);
        long time = START;
        for (int i = 0; i < 2_000; i++) {
            time += random.nextInt(random.nextInt(10) == 0 ? 100_000 : 900);
            long late = random.nextInt(10) == 0 ? random.nextInt(200_000) : 0;
            BehaviorEvent event = TestingEvents.random(random, "e" + random.nextInt(i + 1), time - late);
            Verdict expected = profiler.process(kept, event, time);
            assertSame(process(event), expected);
            if (random.nextInt(4) == 0) {
                state = profiler.fromBytes(state.toBytes());
            }
        }
        assertThat(state.toBytes()).isEqualTo(kept.toBytes());
    }

    @Test
    void aRepeatedOutcomeChangesNothing() {
        assertThat(profiler.learn(state, outcome("o", START), START)).isPresent();
        byte[] before = state.toBytes();
        assertThat(profiler.learn(state, outcome("o", START + 60_000), START)).isEmpty();
        assertThat(state.toBytes()).as("nor is the silence over").isEqualTo(before);
    }

    @Test
    void outcomesAreRememberedLongerThanEvents() {
        for (int i = 0; i < 3; i++) {
            assertThat(profiler.learn(state, outcome("o" + i, START + i * 1_200_000), START)).isPresent();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(profiler.learn(state, outcome("o" + i, START + i * 1_200_000), START)).as("o" + i).isEmpty();
        }
    }

    private static BehaviorEvent outcome(String id, long time) {
        return TestingEvents.event(id, EventType.OUTCOME, time);
    }

    private static void assertSame(Verdict actual, Verdict expected) {
        if (expected instanceof Verdict.Profiled profiled) {
            UserUpdate update = ((Verdict.Profiled) actual).update();
            assertThat(update.vector()).isEqualTo(profiled.update().vector());
            assertThat(update.values().statistics()).isEqualTo(profiled.update().values().statistics());
            assertThat(update.values().lists()).isEqualTo(profiled.update().values().lists());
            assertThat(update.values().affinities()).isEqualTo(profiled.update().values().affinities());
            assertThat(update.version()).isEqualTo(profiled.update().version());
            assertThat(((Verdict.Profiled) actual).alerts()).isEqualTo(profiled.alerts());
        } else {
            assertThat(actual).isEqualTo(expected);
        }
    }

    private Verdict process(BehaviorEvent event) {
        return profiler.process(state, event, event.getEventTime());
    }

    private UserUpdate update(BehaviorEvent event) {
        return ((Verdict.Profiled) process(event)).update();
    }

    private static List<RiskAlert> alertsOf(Verdict verdict) {
        if (verdict instanceof Verdict.Profiled profiled) {
            return profiled.alerts();
        }
        return verdict instanceof Verdict.Quarantined quarantined ? quarantined.alerts() : List.of();
    }
}
