package io.liveprofile.job;

import io.liveprofile.event.Topic;
import io.liveprofile.sink.KafkaSinks;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Where a job begins and ends on the brokers that its options name. */
final class KafkaEnds {
    private final String servers;
    private final String group;
    private final DeliveryGuarantee guarantee;

    /** @param suffix tells the job's consumer group and transactions from those of others with the same options */
    KafkaEnds(Configuration options, String suffix) {
        this.servers = options.get(Options.KAFKA_SERVERS);
        this.group = options.get(Options.KAFKA_GROUP) + suffix;
        this.guarantee = switch (options.get(Options.DELIVERY)) {
            case AT_LEAST_ONCE -> DeliveryGuarantee.AT_LEAST_ONCE;
            case EXACTLY_ONCE -> DeliveryGuarantee.EXACTLY_ONCE;
        };
    }

    /** @param start where to read from when no state is restored */
    <T> KafkaSource<T> source(Topic topic, OffsetsInitializer start, KafkaRecordDeserializationSchema<T> reader) {
        return KafkaSource.<T>builder()
                .setBootstrapServers(servers)
                .setGroupId(group)
                .setTopics(topic.topicName())
                .setStartingOffsets(start)
                .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed") // what a failure took back is none of ours
                .setDeserializer(reader)
                .build();
    }

    KafkaSinks sinks() {
        return new KafkaSinks(servers, guarantee, group);
    }
}
