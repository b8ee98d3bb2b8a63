package io.liveprofile.job;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.Topic;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.sink.KafkaSinks;
import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * The training job as submitted to a cluster: {@code flink run -c io.liveprofile.job.TrainingJob liveprofile.jar
 * [LIVEPROFILE_YAML] [KEY=VALUE ...]}. Reads scored-features, behavior-events and labeled-outcomes, writes training-examples,
 * model-evaluations, model-releases, and the releases themselves to the model store.
 */
public final class TrainingJob {
    private static final String GROUP_SUFFIX = "-training";

    private TrainingJob() {}

    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        try {
            define(env, JobArguments.options(args), OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST));
        } catch (ConfigException e) {
            System.err.println("liveprofile: " + e.getMessage());
            System.exit(2);
        }
        env.execute("liveprofile training");
    }

    /**
     * Adds the whole job to {@code env}, Kafka sources and sinks included; executes nothing.
     *
     * @param start where to read from when no state is restored
     * @throws ConfigException when an option or a file it names cannot be used
     */
    public static void define(StreamExecutionEnvironment env, Configuration options, OffsetsInitializer start) {
        TrainingJobConfig config = TrainingJobConfig.of(options);
        ProfileJobConfig profiles = ProfileJobConfig.of(options);
        String keyset = Pseudonymizer.readKeyset(Path.of(options.get(Options.KEY_FILE)));
        Pseudonymizer.ofKeyset(keyset);
        ProfileJob.configure(env);

        DataStream<ScoredFeatures> scored = env.fromSource(
                        source(options, start, Topic.SCORED_FEATURES, new KafkaAvroReader<>(ScoredFeatures.class, "vectors-broken")),
                        WatermarkStrategy.<ScoredFeatures>forBoundedOutOfOrderness(config.watermarkDisorder())
                                .withTimestampAssigner((vector, brokerTime) -> vector.getAsOf())
                                .withIdleness(config.idleness()),
                        "scored-features")
                .uid(Uids.READ_SCORED_FEATURES);
        DataStream<IngestedRecord> events = env.fromSource(
                        source(options, start, Topic.BEHAVIOR_EVENTS, new KafkaRecordReader(
                                profiles.limits(), keyset, profiles.mapping(), profiles.liveSpan())),
                        EventTimeWatermarks.of(config.watermarkDisorder(), config.watermarkIdleness()),
                        "behavior-events")
                .uid(Uids.READ_LABEL_EVENTS);
        DataStream<IngestedRecord> outcomes = env.fromSource(
                        source(options, start, Topic.LABELED_OUTCOMES, new KafkaOutcomeReader(profiles.limits(), keyset)),
                        NoWatermarks.ofRecords(),
                        "labeled-outcomes")
                .uid(Uids.READ_LABEL_OUTCOMES);
        DeliveryGuarantee guarantee = switch (options.get(Options.DELIVERY)) {
            case AT_LEAST_ONCE -> DeliveryGuarantee.AT_LEAST_ONCE;
            case EXACTLY_ONCE -> DeliveryGuarantee.EXACTLY_ONCE;
        };
        KafkaSinks sinks = new KafkaSinks(
                options.get(Options.KAFKA_SERVERS), guarantee, options.get(Options.KAFKA_GROUP) + GROUP_SUFFIX);
        TrainingPipeline.define(scored, events, outcomes, sinks.trainingSinks(), config);
    }

    private static <T> KafkaSource<T> source(
            Configuration options, OffsetsInitializer start, Topic topic, KafkaRecordDeserializationSchema<T> reader) {
        return KafkaSource.<T>builder()
                .setBootstrapServers(options.get(Options.KAFKA_SERVERS))
                .setGroupId(options.get(Options.KAFKA_GROUP) + GROUP_SUFFIX)
                .setTopics(topic.topicName())
                .setStartingOffsets(start)
                .setDeserializer(reader)
                .build();
    }
}
