package io.liveprofile.cluster;

import io.liveprofile.event.Topic;
import io.liveprofile.local.Message;
import io.liveprofile.local.SimulatedTraffic;
import io.liveprofile.local.Traffic;
import io.liveprofile.simulation.NoiseMix;
import io.liveprofile.simulation.SimulationConfig;
import java.time.Duration;

/**
 * The behaviour of a simulated shop's users over some hours, with duplicates, late and broken messages among them: the same
 * whenever it is sent. Shorter than the silence after which profiles are refreshed, which is a matter of watermarks.
 */
final class ShopTraffic {
    private static final int USERS = 4_000;
    private static final double EVENTS_PER_USER_SECOND = 2.0 / 10_000;

    private final long spanMillis;

    ShopTraffic(Duration span) {
        this.spanMillis = span.toMillis();
    }

    Traffic open() {
        SimulationConfig config = SimulationConfig.defaults()
                .withSeed(41)
                .withUsers(USERS)
                .withEventsPerSecond(EVENTS_PER_USER_SECOND * USERS);
        // From nine in the morning, as the night has few shoppers.
        SimulationConfig day = config.withStartMillis(config.startMillis() + Duration.ofHours(9).toMillis());
        return new SimulatedTraffic(day, NoiseMix.defaults(), day.startMillis() + spanMillis);
    }

    /** Messages to behavior-events that it has. */
    long events() throws Exception {
        long events = 0;
        try (Traffic traffic = open()) {
            for (Message message = traffic.next(); message != null; message = traffic.next()) {
                if (message.topic() == Topic.BEHAVIOR_EVENTS) {
                    events++;
                }
            }
        }
        return events;
    }
}
