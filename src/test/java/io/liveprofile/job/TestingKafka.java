package io.liveprofile.job;

import io.liveprofile.event.SchemaHistory;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.local.EmbeddedBroker;
import io.liveprofile.local.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real broker with the system's topics, and what a test sends to and reads from it. */
final class TestingKafka implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final KafkaProducer<String, byte[]> producer;

    TestingKafka(Path directory) {
        broker = EmbeddedBroker.start(directory, 0);
        try (Topics topics = new Topics(broker.bootstrapServers())) {
            topics.create(4);
        }
        // One request at a time: a partition that gets its leader between two would refuse the first one for good.
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers(), "acks", "all", "max.in.flight.requests.per.connection", "1"),
                new StringSerializer(), new ByteArraySerializer());
    }

    String servers() {
        return broker.bootstrapServers();
    }

    void send(Topic topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic.topicName(), key, value));
    }

    void send(Topic topic, int partition, byte[] value) {
        producer.send(new ProducerRecord<>(topic.topicName(), partition, null, value));
    }

    /** A record of a topic whose times are the senders'. */
    void send(Topic topic, String key, byte[] value, long timeMillis) {
        producer.send(new ProducerRecord<>(topic.topicName(), null, timeMillis, key, value));
    }

    /** From now on the time of the topic's records is what their senders say, and none is too old. */
    void trustSendersClocks(Topic topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()),
                            Stream.of(
                                            new ConfigEntry("message.timestamp.type", "CreateTime"),
                                            new ConfigEntry("retention.ms", "-1"))
                                    .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                                    .toList()))
                    .all()
                    .get();
        }
    }

    /** All that the topic holds now is gone, as when it is older than the topic keeps records. */
    void deleteRecords(Topic topic) throws Exception {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
            all.put(new TopicPartition(record.topic(), record.partition()), RecordsToDelete.beforeOffset(record.offset() + 1));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
            admin.deleteRecords(all).all().get();
        }
    }

    /** Records of all topics that the group has told to have read. */
    long committed(String group) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void flush() {
        producer.flush();
    }

    /** Every record of the topic from its beginning to its present end, in order of partition and offset. */
    List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers(), "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) throws IOException {
        SingleObject<T> encoding = new SingleObject<>(type, SchemaHistory.of(type));
        List<T> values = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
            values.add(encoding.decode(record.value()));
        }
        return values;
    }

    @Override
    public void close() {
        producer.close();
        broker.close();
    }
}
