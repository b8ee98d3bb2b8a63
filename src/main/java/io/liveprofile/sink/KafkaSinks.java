package io.liveprofile.sink;

import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.event.Topic;
import io.liveprofile.event.TrainingExample;
import java.time.Duration;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sinks into the system's Kafka topics. */
public final class KafkaSinks {
    /** Metric of records that their topic cannot hold and that were left out, in the metric group of the sink; since the task began. */
    public static final String TOO_LARGE = "records-too-large";

    private final String bootstrapServers;
    private final DeliveryGuarantee guarantee;
    private final String transactionPrefix;
    private final Duration transactionTimeout;

    /**
     * @param guarantee {@code AT_LEAST_ONCE}: repeats after a failure, made harmless by ids and versions;
     *     {@code EXACTLY_ONCE}: transactions, visible to read-committed readers after each checkpoint
     * @param transactionPrefix tells the transactions of this job from those of others on the broker
     * @param transactionTimeout after which the broker takes back what was not committed
     */
    public KafkaSinks(
            String bootstrapServers, DeliveryGuarantee guarantee, String transactionPrefix, Duration transactionTimeout) {
        this.bootstrapServers = bootstrapServers;
        this.guarantee = guarantee;
        this.transactionPrefix = transactionPrefix;
        this.transactionTimeout = transactionTimeout;
    }

    public ProfileSinks profileSinks() {
        return new ProfileSinks(
                encoded(Topic.USER_PROFILES),
                encoded(Topic.SCORED_FEATURES),
                sink(Topic.RISK_ALERTS, RiskAlert.class, RiskAlert::getUserId),
                sink(Topic.LATE_EVENTS, LateEvent.class, late -> late.getEvent().getUserId()),
                sink(Topic.QUARANTINE, QuarantinedEvent.class, held -> held.getEvent().getUserId()),
                deadLetters(Topic.DEAD_LETTERS.topicName()),
                deadLetters("outcome-" + Topic.DEAD_LETTERS.topicName()),
                sink(Topic.LABELED_OUTCOMES, LabeledOutcome.class, LabeledOutcome::getUserId),
                sink(Topic.MODEL_EVALUATIONS, ModelEvaluation.class, ModelEvaluation::getEvaluationId));
    }

    public TrainingSinks trainingSinks() {
        return new TrainingSinks(
                sink(Topic.TRAINING_EXAMPLES, TrainingExample.class, TrainingExample::getUserId),
                sink(Topic.MODEL_EVALUATIONS, ModelEvaluation.class, ModelEvaluation::getEvaluationId),
                sink(Topic.MODEL_RELEASES, ModelRelease.class, ModelRelease::getReleaseId));
    }

    /** @param name of its transactions: two sinks of a job that have the same fence each other off */
    private Sink<DeadLetter> deadLetters(String name) {
        return sink(name, new SingleObjectRecord<>(Topic.DEAD_LETTERS, DeadLetter.class,
                letter -> letter.getTopic() + "-" + letter.getPartition() + "-" + letter.getOffset()));
    }

    private Sink<EncodedRecord> encoded(Topic topic) {
        String name = topic.topicName();
        return sink(name, (record, context, time) -> new ProducerRecord<>(name, null, null, record.key(), record.value()));
    }

    private <T extends SpecificRecord> Sink<T> sink(Topic topic, Class<T> type, SingleObjectRecord.Key<T> key) {
        return sink(topic.topicName(), new SingleObjectRecord<>(topic, type, key));
    }

    private <T> Sink<T> sink(String name, KafkaRecordSerializationSchema<T> record) {
        Properties producer = new Properties();
        producer.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        producer.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer.setProperty(ProducerConfig.LINGER_MS_CONFIG, "5");
        producer.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topic.MAX_MESSAGE_BYTES));
        producer.setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(transactionTimeout.toMillis()));
        return new RestorableSink<>(KafkaSink.<T>builder()
                .setBootstrapServers(bootstrapServers)
                .setKafkaProducerConfig(producer)
                .setDeliveryGuarantee(guarantee)
                .setTransactionalIdPrefix(transactionPrefix + "-" + name)
                .setRecordSerializer(record)
                .build());
    }
}
