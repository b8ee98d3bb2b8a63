package io.liveprofile.job;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what a topic holds of committed records when the reading begins. No consumer group, so nothing is left behind on the
 * broker.
 */
public final class TopicScan {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration SILENT = Duration.ofSeconds(30);

    private final String bootstrapServers;

    public TopicScan(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Takes each record, in order within its partition. */
    public interface Receiver {
        void accept(ConsumerRecord<byte[], byte[]> message) throws IOException;
    }

    public void all(String topic, Receiver receiver) throws IOException {
        newest(topic, Long.MAX_VALUE, receiver);
    }

    /** @param most records of each partition at most, marks of transactions counted as well */
    public void newest(String topic, long most, Receiver receiver) throws IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<PartitionInfo> known = consumer.partitionsFor(topic);
            if (known == null || known.isEmpty()) {
                throw new IOException("there is no topic " + topic + " at " + bootstrapServers);
            }
            List<TopicPartition> partitions = known.stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.beginningOffsets(partitions).forEach(
                    (partition, begin) -> consumer.seek(partition, Math.max(begin, ends.get(partition) - most)));
            long heardNanos = System.nanoTime();
            while (!isThrough(consumer, ends)) {
                var polled = consumer.poll(POLL);
                if (!polled.isEmpty()) {
                    heardNanos = System.nanoTime();
                } else if (System.nanoTime() - heardNanos > SILENT.toNanos()) {
                    throw new IOException("the broker at " + bootstrapServers + " has been silent for " + SILENT.toSeconds() + " s");
                }
                for (ConsumerRecord<byte[], byte[]> message : polled) {
                    receiver.accept(message);
                }
            }
        }
    }

    private static boolean isThrough(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
