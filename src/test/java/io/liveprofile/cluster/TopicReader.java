package io.liveprofile.cluster;

import io.liveprofile.event.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads whole topics, of transactions what is committed if it is not told otherwise. */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Takes one record. */
    interface Taker {
        void take(byte[] value, long timeMillis) throws IOException;
    }

    TopicReader(String bootstrapServers) {
        this(bootstrapServers, "read_committed");
    }

    static TopicReader ofUncommittedToo(String bootstrapServers) {
        return new TopicReader(bootstrapServers, "read_uncommitted");
    }

    private TopicReader(String bootstrapServers, String isolation) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** From then on the time of a record is when the broker took it, whoever wrote it. */
    static void stampOnArrival(String bootstrapServers, Topic... topics) throws InterruptedException, ExecutionException {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (Topic topic : topics) {
            changes.put(
                    new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()),
                    List.of(new AlterConfigOp(
                            new ConfigEntry("message.timestamp.type", "LogAppendTime"), AlterConfigOp.OpType.SET)));
        }
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    /** Records of the topic before the first transaction that is open, marks of transactions counted as well. */
    long committed(Topic topic) {
        return consumer.endOffsets(partitions(topic)).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Records with a value. */
    long count(Topic topic) throws IOException {
        long[] records = {0};
        read(topic, (value, time) -> records[0]++);
        return records[0];
    }

    /** Hands over all records that the topic holds now, but for those without a value. */
    void read(Topic topic, Taker taker) throws IOException {
        List<TopicPartition> partitions = partitions(topic);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(topic.topicName() + " was not read within " + LIMIT.toSeconds() + " s");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() != null) {
                    taker.take(record.value(), record.timestamp());
                }
            }
        }
    }

    private List<TopicPartition> partitions(Topic topic) {
        return consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
