package io.liveprofile.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.ByteArrayEncoder;
import io.liveprofile.event.EventType;
import java.io.IOException;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;

/** More sessions than a tile keeps open: the older ones are only counted. */
class SessionsOperationTest {
    private static final long START = 1_750_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final int SESSIONS = 500;
    private static final AggregatePlan PLAN = AggregatePlan.read(ConfigNode.parse("test.yaml", """
            windows: { 30d: { length: 30 d, hop: 10 d } }
            aggregates:
              visits: { op: sessions, gap: 30 min, windows: [lifetime, 30d] }
            """));

    private UserAggregates aggregates = new UserAggregates(PLAN);

    /** Session number n has two events a minute apart, every fifth one has one. */
    @Test
    void sessionsInOrderOfTimeAreExactHoweverManyATileHolds() throws IOException {
        for (int n = 0; n < SESSIONS; n++) {
            add(START + n * HOUR);
            if (n % 5 != 0) {
                add(START + n * HOUR + 60_000);
            }
            if (n % 50 == 7) {
                throughState(START + n * HOUR + 60_000);
            }
        }
        for (String window : new String[] {"lifetime", "30d"}) {
            assertThat(statistic("visits_" + window)).isEqualTo(SESSIONS);
            assertThat(statistic("visits_length_" + window)).isEqualTo(48);
            assertThat(statistic("visits_events_" + window)).isEqualTo(1.8);
            assertThat(statistic("visits_bounce_share_" + window)).isEqualTo(0.2);
        }
    }

    /** An event among sessions that are only counted opens none; one before all of them does. */
    @Test
    void anEventFarOutOfOrderKeepsTheNumberOfEventsRight() {
        for (int n = 0; n < SESSIONS; n++) {
            add(START + n * HOUR);
        }
        add(START + 10 * HOUR + HOUR / 2);
        assertThat(statistic("visits_lifetime")).isEqualTo(SESSIONS);
        assertThat(statistic("visits_events_lifetime")).isEqualTo((SESSIONS + 1.0) / SESSIONS);
        add(START - HOUR);
        assertThat(statistic("visits_lifetime")).isEqualTo(SESSIONS + 1);
        assertThat(statistic("visits_events_lifetime")).isEqualTo((SESSIONS + 2.0) / (SESSIONS + 1));
    }

    private void add(long time) {
        BehaviorEvent event = TestingEvents.event("e" + time, EventType.VIEW, time);
        aggregates.add(event, now(time));
    }

    private static long now(long time) {
        return Math.max(time, START + (SESSIONS - 1) * HOUR + 60_000);
    }

    private double statistic(String name) {
        return aggregates.read(now(0)).statistics()[PLAN.statisticNames().indexOf(name)];
    }

    private void throughState(long time) throws IOException {
        ByteArrayEncoder bytes = new ByteArrayEncoder();
        aggregates.write(bytes, now(time));
        aggregates = UserAggregates.read(
                PLAN, new PlanHistory(), now(time), DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null));
    }
}
