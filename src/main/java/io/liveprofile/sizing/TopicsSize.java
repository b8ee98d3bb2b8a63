package io.liveprofile.sizing;

import static io.liveprofile.sizing.Quantity.bytes;
import static io.liveprofile.sizing.Quantity.count;
import static io.liveprofile.sizing.Quantity.time;

import io.liveprofile.event.Topic;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the broker needs.
 *
 * @param diskBytes by topic, all replicas
 * @param inBytes a second that come in, once
 * @param outBytes a second that the jobs and one server read
 * @param partitions of the topics keyed by user
 */
public record TopicsSize(Map<Topic, Double> diskBytes, double inBytes, double outBytes, int partitions) {
    /** Who reads a topic: both jobs the events, the training job the vectors, a server the profiles. */
    private static final Map<Topic, Integer> READERS = Map.of(
            Topic.BEHAVIOR_EVENTS, 2, Topic.LABELED_OUTCOMES, 1, Topic.SCORED_FEATURES, 1, Topic.USER_PROFILES, 1);
    private static final String RETENTION = "retention.ms";

    static TopicsSize of(SizeQuestion question, SizeFigures figures, int slots, Sheet sheet) {
        Map<Topic, Double> disk = new EnumMap<>(Topic.class);
        double in = 0;
        double out = 0;
        sheet.title("Kafka");
        for (Map.Entry<Topic, SizeFigures.Messages> entry : figures.topics().entrySet()) {
            Topic topic = entry.getKey();
            SizeFigures.Messages messages = entry.getValue();
            double rate = question.rate() * messages.anEvent();
            in += rate * messages.bytes();
            out += rate * messages.bytes() * READERS.getOrDefault(topic, 0);
            if (topic.settings().containsKey(RETENTION)) {
                double seconds = Double.parseDouble(topic.settings().get(RETENTION)) / 1e3;
                disk.put(topic, rate * messages.bytes() * seconds * question.replicas());
                sheet.add(topic.topicName(), bytes(disk.get(topic)), "%s/s x %s x %s x %d replicas", count(rate),
                        bytes(messages.bytes()), time(seconds), question.replicas());
            } else {
                double clean = 1 - Double.parseDouble(topic.settings().get("min.cleanable.dirty.ratio"));
                disk.put(topic, question.users() * messages.bytes() / clean * question.replicas());
                sheet.add(topic.topicName(), bytes(disk.get(topic)), "%s users x %s / %s clean x %d replicas",
                        count(question.users()), bytes(messages.bytes()), count(clean), question.replicas());
            }
        }
        double all = disk.values().stream().mapToDouble(Double::doubleValue).sum();
        sheet.add("disk, all brokers", bytes(all / JobSize.DISK_FILL), "%s / %s full at most", bytes(all), count(JobSize.DISK_FILL));
        sheet.add("bandwidth in", bytes(in * question.replicas()) + "/s", "%s/s x %d replicas", bytes(in), question.replicas());
        sheet.say("bandwidth out", "%s/s to both jobs and one server", bytes(out));
        sheet.say("partitions", "%s of the topics keyed by user, one a slot: more before the first event, never after it", count(slots));
        return new TopicsSize(disk, in, out, slots);
    }
}
