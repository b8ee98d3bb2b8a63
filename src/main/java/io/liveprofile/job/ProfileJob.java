package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.Topic;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.backfill.BackfillSource;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The profile job as submitted to a cluster: {@code flink run … liveprofile.jar [LIVEPROFILE_YAML] [KEY=VALUE …]}. Reads
 * behavior-events from Kafka, writes profiles and side outputs to Kafka.
 */
public final class ProfileJob {
    /** Name of the job in Flink, and so in its metrics. */
    public static final String NAME = "liveprofile";

    /** Longest time a record waits for its network buffer to fill; Flink's 100 ms would be most of the latency. */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(10);

    private ProfileJob() {}

    public static void main(String[] args) throws Exception {
        JobMain.run(args, NAME, ProfileJob::define);
    }

    /**
     * Adds the whole job to {@code env} as its main does, given these arguments; executes nothing.
     *
     * @throws io.liveprofile.config.ConfigException when the main refuses them, or the settings of {@code env}
     */
    public static void define(StreamExecutionEnvironment env, List<String> arguments) {
        Configuration options = JobMain.options(arguments);
        define(env, options, start(options));
    }

    /**
     * Adds the whole job to {@code env}, Kafka source and sinks included; executes nothing.
     *
     * @param start where to read from when no state is restored
     * @throws io.liveprofile.config.ConfigException when an option or a file it names cannot be used
     */
    public static void define(StreamExecutionEnvironment env, Configuration options, OffsetsInitializer start) {
        ProfileJobConfig config = ProfileJobConfig.of(options);
        DataStream<IngestedRecord> records = records(env, options, config, start);
        KafkaEnds kafka = new KafkaEnds(options, "");
        kafka.limitFailedCheckpoints(env);
        ProfilePipeline.define(
                records, outcomes(env, options, config, start), Optional.of(announcements(env, options)),
                kafka.sinks().profileSinks(), config);
    }

    /**
     * Where a job without state begins to read behavior-events: where it stopped, or, behind a history, wherever events
     * of its end can lie, whatever an earlier job has read.
     */
    static OffsetsInitializer start(Configuration options) {
        BackfillConfig backfill = BackfillConfig.of(options);
        return backfill == null
                ? StartOffsets.committed()
                : backfill.start(options.get(Options.MAX_AHEAD));
    }

    /**
     * The records of behavior-events, or of a history and behavior-events behind it, as the graph takes them; what the job
     * reads apart from what it does with it.
     */
    static DataStream<IngestedRecord> records(
            StreamExecutionEnvironment env, Configuration options, ProfileJobConfig config, OffsetsInitializer start) {
        String keyset = Pseudonymizer.readKeyset(Path.of(options.get(Options.KEY_FILE)));
        String fingerprint = Pseudonymizer.ofKeyset(keyset).fingerprint();
        configure(env);

        KafkaEnds kafka = new KafkaEnds(options, "");
        KafkaSource<IngestedRecord> live = kafka.source(Topic.BEHAVIOR_EVENTS, start,
                new KafkaRecordReader(config.limits(), keyset, config.mapping(), config.liveSpan()));
        BackfillConfig backfill = config.backfill();
        Source<IngestedRecord, ?, ?> source = backfill == null
                ? live
                : new BackfillSource<>(backfill.lanes(env), backfill.decoding(config.limits(), keyset), live);
        return env.fromSource(
                        source,
                        EventTimeWatermarks.of(config.watermarkDisorder(), config.watermarkIdleness()),
                        "behavior-events")
                .uid(Uids.READ_EVENTS)
                .process(new RestoredStateFunction(fingerprint, kafka.commitWithin(env)))
                .returns(IngestedRecordTypeInfo.INSTANCE)
                .uid(Uids.CHECK_STATE)
                .name("check state");
    }

    /** The records of labeled-outcomes, if an aggregate counts them. */
    private static Optional<DataStream<IngestedRecord>> outcomes(
            StreamExecutionEnvironment env, Configuration options, ProfileJobConfig config, OffsetsInitializer start) {
        if (!config.featurePlan().aggregates().countsOutcomes()) {
            return Optional.empty();
        }
        KafkaSource<IngestedRecord> source = new KafkaEnds(options, "").source(Topic.LABELED_OUTCOMES, start,
                new KafkaOutcomeReader(config.limits(), Pseudonymizer.readKeyset(Path.of(options.get(Options.KEY_FILE)))));
        return Optional.of(env.fromSource(source, NoWatermarks.ofRecords(), "labeled-outcomes").uid(Uids.READ_OUTCOMES));
    }

    /** All announcements that the topic holds, oldest first: what is older than the release that scores is known. */
    private static ProfilePipeline.Announcements announcements(StreamExecutionEnvironment env, Configuration options) {
        KafkaSource<ModelRelease> source = new KafkaEnds(options, "").source(Topic.MODEL_RELEASES,
                OffsetsInitializer.earliest(), new KafkaAvroReader<>(ModelRelease.class, Counts.RELEASES_BROKEN));
        DataStream<ModelRelease> releases = env
                .fromSource(source, new NoWatermarks<>((release, brokerTime) -> brokerTime), "model-releases")
                .uid(Uids.READ_RELEASES)
                .setParallelism(1);
        return new ProfilePipeline.Announcements(releases, new KafkaAnnouncements(options.get(Options.KAFKA_SERVERS)));
    }

    /** Settings of the environment that the graph relies on; what a missing id or a fallback to Kryo breaks, breaks now. */
    public static void configure(StreamExecutionEnvironment env) {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        env.configure(settings);
    }
}
