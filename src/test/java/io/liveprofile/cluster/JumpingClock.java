package io.liveprofile.cluster;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.local.Message;
import io.liveprofile.local.Traffic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A sender among the others whose clock jumps: now and then it repeats what a shopper just did under another id, in turn some
 * hours ahead of the broker's clock, days before the shopper's last visit, and long before there were shops.
 */
final class JumpingClock extends DisturbedTraffic {
    private static final String ID = Fault.ADDED + "jumped-";
    private static final int ONE_OF = 20;
    /** Where they end, in turn. */
    private static final List<Topic> ENDS = List.of(Topic.DEAD_LETTERS, Topic.LATE_EVENTS, Topic.DEAD_LETTERS);
    private static final int LEAST = 300;
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
        long time = switch ((int) (jumped % ENDS.size())) {
            case 0 -> System.currentTimeMillis() + AHEAD_MILLIS;
            case 1 -> message.eventTime() - BACK_MILLIS;
            default -> 0;
        };
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId(ID + jumped++)
                .setUserId(message.key())
                .setEventTime(time)
                .build();
        return new Message(message.topic(), message.key(), codec.encode(event), message.eventTime());
    }

    /** Each of them ends where it belongs, and nowhere else. */
    static final class Ends implements Fault.Disturbance {
        @Override
        public void strike(CaseRun run) {}

        @Override
        public List<String> wrong(CaseRun run) throws Exception {
            Map<Integer, Set<Topic>> ends = new TreeMap<>();
            run.published().unprofiled().values().stream()
                    .filter(end -> end.id().startsWith(ID))
                    .forEach(end -> ends.computeIfAbsent(Integer.parseInt(end.id().substring(ID.length())), any -> new TreeSet<>())
                            .add(end.topic()));
            run.note("events of the jumping clock: " + ends.size());
            List<String> wrong = new ArrayList<>();
            if (ends.size() < LEAST) {
                wrong.add("only " + ends.size() + " events of the jumping clock are in late-events or dead-letters");
            }
            ends.forEach((number, topics) -> {
                if (!topics.equals(Set.of(ENDS.get(number % ENDS.size())))) {
                    wrong.add("event " + number + " of the jumping clock is in " + topics);
                }
            });
            return wrong.size() > 1 ? List.of(wrong.get(0), wrong.size() - 1 + " more events of the jumping clock") : wrong;
        }
    }
}
