package io.liveprofile.cluster;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.SingleObject;
import io.liveprofile.local.Message;
import io.liveprofile.local.Traffic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A sender among the others whose clock jumps: now and then it repeats what a shopper just did under another id, in turn some
 * hours ahead of the broker's clock, days before the shopper's last visit, and long before there were shops.
 */
final class JumpingClock extends DisturbedTraffic {
    private static final int ONE_OF = 20;
    private static final long AHEAD_MILLIS = Duration.ofHours(3).toMillis();
    private static final long BACK_MILLIS = Duration.ofDays(9).toMillis();

    private final SingleObject<BehaviorEvent> codec = new SingleObject<>(BehaviorEvent.class);
    private final Queue<Message> due = new ArrayDeque<>();
    private long jumped;

    JumpingClock(Traffic traffic, long from, long until) {
        super(traffic, from, until);
    }

    @Override
    public Message next() throws Exception {
        if (!due.isEmpty()) {
            return due.remove();
        }
        Message message = undisturbed();
        if (isStruck(message) && taken() % ONE_OF == 0) {
            due.add(jumped(message));
        }
        return message;
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
