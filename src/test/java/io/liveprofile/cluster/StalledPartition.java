package io.liveprofile.cluster;

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
final class StalledPartition extends DisturbedTraffic {
    private static final int PARTITION = 1;

    private final Queue<Message> held = new ArrayDeque<>();

    StalledPartition(Traffic traffic, long from, long until) {
        super(traffic, from, until);
    }

    @Override
    public Message next() throws Exception {
        while (true) {
            if (isOver() && !held.isEmpty()) {
                return held.remove();
            }
            Message message = undisturbed();
            if (!isStruck(message) || !isOfThePartition(message)) {
                return message;
            }
            held.add(message);
        }
    }

    private static boolean isOfThePartition(Message message) {
        byte[] key = message.key().getBytes(StandardCharsets.UTF_8);
        return BuiltInPartitioner.partitionForKey(key, CaseRun.PARTITIONS) == PARTITION;
    }
}
