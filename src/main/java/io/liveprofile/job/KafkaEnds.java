package io.liveprofile.job;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.Topic;
import io.liveprofile.sink.KafkaSinks;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.TimeUtils;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/** Where a job begins and ends on the brokers that its options name. */
final class KafkaEnds {
    private final String servers;
    private final String group;
    private final DeliveryGuarantee guarantee;
    private final Duration transactionTimeout;
    private final OffsetResetStrategy whenGone;

    /** @param suffix tells the job's consumer group and transactions from those of others with the same options */
    KafkaEnds(Configuration options, String suffix) {
        this.servers = options.get(Options.KAFKA_SERVERS);
        this.group = options.get(Options.KAFKA_GROUP) + suffix;
        this.guarantee = switch (options.get(Options.DELIVERY)) {
            case AT_LEAST_ONCE -> DeliveryGuarantee.AT_LEAST_ONCE;
            case EXACTLY_ONCE -> DeliveryGuarantee.EXACTLY_ONCE;
        };
        this.transactionTimeout = options.get(Options.TRANSACTION_TIMEOUT);
        this.whenGone = options.get(Options.FAIL_ON_DATA_LOSS) ? OffsetResetStrategy.NONE : OffsetResetStrategy.EARLIEST;
    }

    /** @param start where to read from when no state is restored */
    <T> KafkaSource<T> source(Topic topic, OffsetsInitializer start, KafkaRecordDeserializationSchema<T> reader) {
        return KafkaSource.<T>builder()
                .setBootstrapServers(servers)
                .setGroupId(group)
                .setTopics(topic.topicName())
                .setStartingOffsets(new StartOffsets(start, whenGone))
                .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed") // what a failure took back is none of ours
                .setDeserializer(reader)
                .build();
    }

    KafkaSinks sinks() {
        return new KafkaSinks(servers, guarantee, group, transactionTimeout);
    }

    /**
     * Time behind a checkpoint after which the brokers may have taken back what it commits: that was begun an interval before it.
     * Null without transactions.
     */
    Duration commitWithin(StreamExecutionEnvironment env) {
        CheckpointConfig checkpoints = env.getCheckpointConfig();
        return guarantee == DeliveryGuarantee.EXACTLY_ONCE && checkpoints.isCheckpointingEnabled()
                ? transactionTimeout.minusMillis(interval(checkpoints)) : null;
    }

    private static long interval(CheckpointConfig checkpoints) {
        return Math.max(checkpoints.getCheckpointInterval(), checkpoints.getMinPauseBetweenCheckpoints());
    }

    /**
     * Under exactly-once lets no more checkpoints fail in a row than leave time for one that commits what was written since the
     * last complete one. Flink goes on behind a commit that came too late; behind one failed checkpoint more it begins anew from
     * the last complete one, and writes all of it again.
     *
     * @throws ConfigException when a transaction may not even wait for one checkpoint
     */
    void limitFailedCheckpoints(StreamExecutionEnvironment env) {
        CheckpointConfig checkpoints = env.getCheckpointConfig();
        if (guarantee != DeliveryGuarantee.EXACTLY_ONCE || !checkpoints.isCheckpointingEnabled()) {
            return;
        }
        long longest = interval(checkpoints) + checkpoints.getCheckpointTimeout();
        long inTime = transactionTimeout.toMillis() / longest;
        if (inTime < 1) {
            throw new ConfigException(Options.TRANSACTION_TIMEOUT.key() + " = " + TimeUtils.formatWithHighestUnit(transactionTimeout)
                    + " must be at least the interval and the timeout of a checkpoint, "
                    + TimeUtils.formatWithHighestUnit(Duration.ofMillis(longest)));
        }
        checkpoints.setTolerableCheckpointFailureNumber(
                (int) Math.min(checkpoints.getTolerableCheckpointFailureNumber(), inTime - 1));
    }
}
