package io.liveprofile.sizing;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.Topic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What users and events cost, as it was measured: flink-conf/sizing.yaml. Processor times are of one core.
 *
 * @param eventMicros profile job: an event whose user is in memory
 * @param coldMicros profile job: what is added when he is not, and is read from RocksDB and written back
 * @param labelMicros training job: an event with its vector
 * @param stateBytes of a user, by his events in 30 days
 * @param memoryBytes the same of a user in memory
 * @param disk bytes on the disk of RocksDB, at most, for a byte of state
 * @param checkpoint bytes of a whole checkpoint for a byte of state
 * @param added bytes that an incremental checkpoint writes for a byte of state of the users that changed
 * @param topics what goes to a topic; those to which next to nothing goes are missing
 * @param waitingBytes training job: state of a vector that waits for its label
 * @param waiting mean time that a vector waits
 * @param releaseBytes of a model release
 */
public record SizeFigures(
        double eventMicros,
        double coldMicros,
        double labelMicros,
        Curve stateBytes,
        Curve memoryBytes,
        double disk,
        double checkpoint,
        double added,
        Map<Topic, Messages> topics,
        double waitingBytes,
        Duration waiting,
        double releaseBytes) {
    private static final double MOST = 1e9;

    /**
     * Messages of a topic.
     *
     * @param anEvent how many for an event; of a compacted topic too, before it is compacted
     * @param bytes of one on the broker's disk, once
     */
    public record Messages(double anEvent, double bytes) {}

    /** Bytes by the events that a user has had: straight lines between the measured points, over the logarithm of events. */
    public static final class Curve {
        private final TreeMap<Double, Double> points;

        /** @param points at least one, of events above 0 */
        public Curve(Map<Double, Double> points) {
            this.points = new TreeMap<>(points);
        }

        /**
         * Below the first point as at it.
         *
         * @param events at most {@link #mostEvents}
         */
        public double at(double events) {
            if (events > mostEvents()) {
                throw new IllegalArgumentException(events + " events; measured up to " + mostEvents());
            }
            Map.Entry<Double, Double> above = points.ceilingEntry(events);
            Map.Entry<Double, Double> below = points.floorEntry(events);
            if (below == null || above.getKey().equals(below.getKey())) {
                return above.getValue();
            }
            double share = Math.log(events / below.getKey()) / Math.log(above.getKey() / below.getKey());
            return below.getValue() + share * (above.getValue() - below.getValue());
        }

        public double mostEvents() {
            return points.lastKey();
        }
    }

    /** Reads the file; throws {@link ConfigException} naming file, line, key and what is allowed. */
    public static SizeFigures read(ConfigNode root) {
        root.rejectOtherKeys("cost", "user", "disk", "labels", "model", "topics");
        ConfigNode cost = root.get("cost");
        cost.rejectOtherKeys("event_micros", "cold_user_micros", "label_micros");
        ConfigNode user = root.get("user");
        user.rejectOtherKeys("state_bytes", "memory_bytes");
        ConfigNode disk = root.get("disk");
        disk.rejectOtherKeys("rocksdb", "checkpoint", "checkpoint_added");
        ConfigNode labels = root.get("labels");
        labels.rejectOtherKeys("waiting_bytes", "waiting");
        ConfigNode model = root.get("model");
        model.rejectOtherKeys("release_bytes");
        return new SizeFigures(
                positive(cost.get("event_micros")),
                cost.get("cold_user_micros").number(0, MOST),
                positive(cost.get("label_micros")),
                curve(user.get("state_bytes")),
                curve(user.get("memory_bytes")),
                positive(disk.get("rocksdb")),
                positive(disk.get("checkpoint")),
                positive(disk.get("checkpoint_added")),
                topics(root.get("topics")),
                positive(labels.get("waiting_bytes")),
                labels.get("waiting").duration(),
                positive(model.get("release_bytes")));
    }

    private static double positive(ConfigNode node) {
        return node.number(1e-6, MOST);
    }

    private static Curve curve(ConfigNode node) {
        Map<Double, Double> points = new TreeMap<>();
        node.entries().forEach((events, bytes) -> {
            if (!events.matches("[1-9]\\d{0,8}")) {
                throw bytes.error("its key must be a whole number of events from 1");
            }
            points.put(Double.valueOf(events), positive(bytes));
        });
        if (points.isEmpty()) {
            throw node.error("must have at least one point, events: bytes");
        }
        return new Curve(points);
    }

    private static Map<Topic, Messages> topics(ConfigNode node) {
        Map<Topic, Messages> topics = new EnumMap<>(Topic.class);
        node.entries().forEach((name, messages) -> {
            messages.rejectOtherKeys("an_event", "bytes");
            topics.put(topic(name, messages), new Messages(positive(messages.get("an_event")), positive(messages.get("bytes"))));
        });
        for (Topic needed : new Topic[] {Topic.BEHAVIOR_EVENTS, Topic.USER_PROFILES, Topic.SCORED_FEATURES}) {
            if (!topics.containsKey(needed)) {
                throw node.error("'" + needed.topicName() + "' is missing");
            }
        }
        return topics;
    }

    /** Whether the topic takes the more room the more events there are; what is kept for ever is little. */
    public static boolean grows(Topic topic) {
        return !"-1".equals(topic.settings().get("retention.ms"));
    }

    private static Topic topic(String name, ConfigNode node) {
        for (Topic topic : Topic.values()) {
            if (topic.topicName().equals(name) && grows(topic)) {
                return topic;
            }
        }
        throw node.error("is no topic that grows with the events");
    }
}
