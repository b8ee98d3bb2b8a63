package io.liveprofile.cluster;

import io.liveprofile.event.Topic;
import io.liveprofile.local.Message;
import io.liveprofile.local.SimulatedTraffic;
import io.liveprofile.local.Traffic;
import io.liveprofile.simulation.NoiseMix;
import io.liveprofile.simulation.SimulationConfig;
import java.time.Duration;
import java.util.Arrays;

/**
 * The behaviour of a simulated shop's users over some hours, with duplicates, late and broken messages among them: the same
 * whenever it is sent. Shorter than the silence after which profiles are refreshed, which is a matter of watermarks.
 */
final class ShopTraffic {
    private static final int USERS = 4_000;
    private static final double EVENTS_PER_USER_SECOND = 2.0 / 10_000;

    private final int users;
    private final long spanMillis;

    ShopTraffic(Duration span) {
        this(USERS, span);
    }

    ShopTraffic(int users, Duration span) {
        this.users = users;
        this.spanMillis = span.toMillis();
    }

    Traffic open() {
        return new SimulatedTraffic(day(), NoiseMix.defaults(), day().startMillis() + spanMillis);
    }

    /** From nine in the morning, as the night has few shoppers. */
    private SimulationConfig day() {
        SimulationConfig config = SimulationConfig.defaults()
                .withSeed(41)
                .withUsers(users)
                .withEventsPerSecond(EVENTS_PER_USER_SECOND * users);
        return config.withStartMillis(config.startMillis() + Duration.ofHours(9).toMillis());
    }

    /** Messages to behavior-events that it has. */
    long events() throws Exception {
        long[] events = eventsUntil(Duration.ofMillis(spanMillis));
        return events[events.length - 1];
    }

    /** Messages to behavior-events that are sent until each such time is over; the last number is that of all. */
    long[] eventsUntil(Duration each) throws Exception {
        long[] until = new long[(int) ((spanMillis + each.toMillis() - 1) / each.toMillis())];
        try (Traffic traffic = open()) {
            for (Message message = traffic.next(); message != null; message = traffic.next()) {
                if (message.topic() == Topic.BEHAVIOR_EVENTS) {
                    until[(int) Math.floorDiv(message.eventTime() - day().startMillis(), each.toMillis())]++;
                }
            }
        }
        Arrays.parallelPrefix(until, Long::sum);
        return until;
    }
}
