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
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what a topic holds of committed records when the reading begins. No consumer group, so nothing is left behind on the
 * broker.
 */
public final class TopicScan {
    private static final Duration POLL = Duration.ofSeconds(1);
    /** Of a job, which would be started anew: longer than a broker is away that is started again. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String bootstrapServers;
    private final Duration patience;

    public TopicScan(String bootstrapServers) {
        this(bootstrapServers, PATIENCE);
    }

    /** @param patience with a broker that does not answer */
    public TopicScan(String bootstrapServers, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.patience = patience;
    }

    /** Takes each record, in order within its partition. */
    public interface Receiver {
        void accept(ConsumerRecord<byte[], byte[]> message) throws IOException;
    }

    public void all(String topic, Receiver receiver) throws IOException {
        newest(topic, Long.MAX_VALUE, receiver);
    }

    /**
     * @param most records of each partition at most, marks of transactions counted as well
     * @throws IOException when the topic is not there or the broker does not answer
     */
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
                } else if (System.nanoTime() - heardNanos > patience.toNanos()) {
                    throw silent(null);
                }
                for (ConsumerRecord<byte[], byte[]> message : polled) {
                    receiver.accept(message);
                }
            }
        } catch (TimeoutException e) {
            throw silent(e);
        }
    }

    private IOException silent(TimeoutException cause) {
        return new IOException("the broker at " + bootstrapServers + " has been silent for " + patience.toSeconds() + " s", cause);
    }

    private static boolean isThrough(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis(),
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
