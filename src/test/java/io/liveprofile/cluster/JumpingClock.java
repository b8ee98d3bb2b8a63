package io.liveprofile.cluster;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.local.Message;
import io.liveprofile.local.Traffic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A sender among the others whose clock jumps: now and then it repeats what a shopper just did under another id, in turn some
 * hours ahead of the broker's clock, days before the shopper's last visit, and long before there were shops.
 */
final class JumpingClock implements Traffic {
    private static final int ONE_OF = 20;
    private static final long AHEAD_MILLIS = Duration.ofHours(3).toMillis();
    private static final long BACK_MILLIS = Duration.ofDays(9).toMillis();

    private final Traffic traffic;
    private final long from;
    private final long until;
    private final SingleObject<BehaviorEvent> codec = new SingleObject<>(BehaviorEvent.class);
    private final Queue<Message> due = new ArrayDeque<>();
    private long taken;
    private long jumped;

    /**
     * @param from messages to behavior-events before the clock jumps
     * @param until messages to behavior-events until it is right again
     */
    JumpingClock(Traffic traffic, long from, long until) {
        this.traffic = traffic;
        this.from = from;
        this.until = until;
    }

    @Override
    public Message next() throws Exception {
        if (!due.isEmpty()) {
            return due.remove();
        }
        Message message = traffic.next();
        if (message != null && message.topic() == Topic.BEHAVIOR_EVENTS) {
            taken++;
            if (taken > from && taken <= until && taken % ONE_OF == 0) {
                due.add(jumped(message));
            }
        }
        return message;
    }

    @Override
    public String description() {
        return traffic.description();
    }

    @Override
    public void close() throws Exception {
        traffic.close();
    }

    private Message jumped(Message message) {
        long time = switch ((int) (jumped % 3)) {
            case 0 -> System.currentTimeMillis() + AHEAD_MILLIS;
            case 1 -> message.eventTime() - BACK_MILLIS;
            default -> 0;
        };
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId("jumped-" + jumped++)
                .setUserId(message.key())
                .setEventTime(time)
                .build();
        return new Message(message.topic(), message.key(), codec.encode(event), message.eventTime());
    }
}
