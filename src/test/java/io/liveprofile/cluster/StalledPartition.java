package io.liveprofile.cluster;

import io.liveprofile.event.Topic;
import io.liveprofile.local.Message;
import io.liveprofile.local.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/**
 * Nothing reaches one partition of behavior-events for a while, as when it has no leader; then all of it comes at once, in order
 * and behind what the others got meanwhile.
 */
final class StalledPartition implements Traffic {
    private static final int PARTITION = 1;

    private final Traffic traffic;
    private final long from;
    private final long until;
    private final Queue<Message> held = new ArrayDeque<>();
    private long taken;

    /**
     * @param from messages to behavior-events before it stalls
     * @param until messages to behavior-events, those held included, until it goes on
     */
    StalledPartition(Traffic traffic, long from, long until) {
        this.traffic = traffic;
        this.from = from;
        this.until = until;
    }

    @Override
    public Message next() throws Exception {
        while (true) {
            if (taken >= until && !held.isEmpty()) {
                return held.remove();
            }
            Message message = traffic.next();
            if (message == null || message.topic() != Topic.BEHAVIOR_EVENTS) {
                return message;
            }
            taken++;
            if (taken <= from || taken > until || !isOfThePartition(message)) {
                return message;
            }
            held.add(message);
        }
    }

    @Override
    public String description() {
        return traffic.description();
    }

    @Override
    public void close() throws Exception {
        traffic.close();
    }

    private static boolean isOfThePartition(Message message) {
        byte[] key = message.key().getBytes(StandardCharsets.UTF_8);
        return BuiltInPartitioner.partitionForKey(key, CaseRun.PARTITIONS) == PARTITION;
    }
}
