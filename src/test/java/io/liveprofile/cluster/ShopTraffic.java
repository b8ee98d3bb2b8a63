package io.liveprofile.cluster;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.local.Message;
import io.liveprofile.local.SimulatedTraffic;
import io.liveprofile.local.Traffic;
import io.liveprofile.simulation.NoiseMix;
import io.liveprofile.simulation.SimulationConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The behaviour of a simulated shop's users over some hours, with duplicates, late and broken messages among them: the same
 * whenever it is sent. Shorter than the silence after which profiles are refreshed, which is a matter of watermarks.
 */
final class ShopTraffic {
    private static final int USERS = 4_000;
    private static final double EVENTS_PER_USER_SECOND = 2.0 / 10_000;
    /** Until the first visit of the night: longer than any label of the day waits. */
    private static final Duration EVENING = Duration.ofHours(4);
    private static final long NIGHT_STEP_MILLIS = 10;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SimulationConfig config;
    private final long endMillis;
    /** Of each minute, as {@link #eventsUntil} gives it; null = not asked for yet. */
    private long[] untilMinute;

    ShopTraffic(Duration span) {
        this(USERS, span);
    }

    ShopTraffic(int users, Duration span) {
        SimulationConfig shop = SimulationConfig.defaults()
                .withSeed(41)
                .withUsers(users)
                .withEventsPerSecond(EVENTS_PER_USER_SECOND * users);
        // From nine in the morning, as the night has few shoppers.
        this.config = shop.withStartMillis(shop.startMillis() + Duration.ofHours(9).toMillis());
        this.endMillis = config.startMillis() + span.toMillis();
    }

    Traffic open() {
        return new SimulatedTraffic(config, NoiseMix.defaults(), endMillis);
    }

    /**
     * The day and, once it is asked for, a night behind it that has no end.
     *
     * @param onItsWay what happens to the messages of the day
     */
    DayAndNight openWithNight(UnaryOperator<Traffic> onItsWay) {
        return new DayAndNight(onItsWay.apply(open()), nightMillis());
    }

    /** Event time before which everything is of the day, ms UTC: labels too. */
    long nightMillis() {
        return endMillis + EVENING.toMillis();
    }

    /** Messages to behavior-events of the day. */
    long events() throws Exception {
        return untilMinute()[untilMinute().length - 1];
    }

    /** Event time of the message to behavior-events of that number, rounded up to a minute, ms UTC; at once after {@link #events}. */
    long timeOf(long number) throws Exception {
        long minutes = Arrays.stream(untilMinute()).filter(until -> until < number).count() + 1;
        return config.startMillis() + minutes * MINUTE.toMillis();
    }

    /** Making the shop takes seconds, so it is made once. */
    private long[] untilMinute() throws Exception {
        if (untilMinute == null) {
            untilMinute = eventsUntil(MINUTE);
        }
        return untilMinute;
    }

    /** Messages to behavior-events that are sent until each such time is over; the last number is that of all. */
    long[] eventsUntil(Duration each) throws Exception {
        long[] until = new long[(int) ((endMillis - config.startMillis() + each.toMillis() - 1) / each.toMillis())];
        try (Traffic traffic = open()) {
            for (Message message = traffic.next(); message != null; message = traffic.next()) {
                if (message.topic() == Topic.BEHAVIOR_EVENTS) {
                    until[(int) Math.floorDiv(message.eventTime() - config.startMillis(), each.toMillis())]++;
                }
            }
        }
        Arrays.parallelPrefix(until, Long::sum);
        return until;
    }

    /**
     * Event time goes on for whoever waits for it: behind the day come visits of people nobody knows, a view each, which touch
     * nobody of the day.
     */
    static final class DayAndNight implements Traffic {
        private static final long NAP_MILLIS = 20;
        private static final long VISIT_MILLIS = 1;

        private final Traffic day;
        private final long nightMillis;
        private final SingleObject<BehaviorEvent> codec = new SingleObject<>(BehaviorEvent.class);
        private boolean isDay = true;
        private volatile boolean isNightAsked;
        private volatile boolean isOver;
        /** Messages to behavior-events of the day that may go; the next ones wait. */
        private volatile long allowed = Long.MAX_VALUE;
        private long taken;
        private long visits;

        private DayAndNight(Traffic day, long nightMillis) {
            this.day = day;
            this.nightMillis = nightMillis;
        }

        /** Of the day's messages to behavior-events no more go until it is told otherwise. */
        void allow(long events) {
            allowed = events;
        }

        /** Lets the night follow the day. */
        void beginNight() {
            isNightAsked = true;
        }

        /** Ends it, whatever is left. */
        void end() {
            isOver = true;
        }

        @Override
        public Message next() throws Exception {
            Message message = isDay ? day.next() : null;
            if (message != null) {
                if (message.topic() == Topic.BEHAVIOR_EVENTS) {
                    while (taken >= allowed && !isOver) {
                        Thread.sleep(NAP_MILLIS);
                    }
                    taken++;
                }
                return message;
            }
            isDay = false;
            while (!isNightAsked && !isOver) {
                Thread.sleep(NAP_MILLIS);
            }
            if (isOver) {
                return null;
            }
            Thread.sleep(VISIT_MILLIS); // nothing else paces traffic that comes as fast as it can, and all of it must come to an end
            return visit(visits++);
        }

        @Override
        public String description() {
            return day.description();
        }

        @Override
        public void close() throws Exception {
            day.close();
        }

        private Message visit(long number) {
            String user = "night-" + number;
            long time = nightMillis + number * NIGHT_STEP_MILLIS;
            BehaviorEvent event = BehaviorEvent.newBuilder()
                    .setEventId(user)
                    .setUserId(user)
                    .setEventTime(time)
                    .setType(EventType.VIEW)
                    .build();
            return new Message(Topic.BEHAVIOR_EVENTS, user, codec.encode(event), time);
        }
    }
}
