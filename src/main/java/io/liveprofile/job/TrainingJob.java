package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.Topic;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The training job as submitted to a cluster: {@code flink run -c io.liveprofile.job.TrainingJob liveprofile.jar
 * [LIVEPROFILE_YAML] [KEY=VALUE ...]}. Reads scored-features, behavior-events and labeled-outcomes, writes training-examples,
 * model-evaluations, model-releases, and the releases themselves to the model store.
 */
public final class TrainingJob {
    /** Name of the job in Flink, and so in its metrics. */
    public static final String NAME = "liveprofile training";

    private static final String GROUP_SUFFIX = "-training";

    private TrainingJob() {}

    public static void main(String[] args) throws Exception {
        JobMain.run(args, NAME, TrainingJob::define);
    }

    /**
     * Adds the whole job to {@code env} as its main does, given these arguments; executes nothing.
     *
     * @throws io.liveprofile.config.ConfigException when the main refuses them, or the settings of {@code env}
     */
    public static void define(StreamExecutionEnvironment env, List<String> arguments) {
        Configuration options = JobMain.options(arguments);
        define(env, options, StartOffsets.committed());
    }

    /**
     * Adds the whole job to {@code env}, Kafka sources and sinks included; executes nothing.
     *
     * @param start where to read from when no state is restored
     * @throws io.liveprofile.config.ConfigException when an option or a file it names cannot be used
     */
    public static void define(StreamExecutionEnvironment env, Configuration options, OffsetsInitializer start) {
        TrainingJobConfig config = TrainingJobConfig.of(options);
        ProfileJobConfig profiles = ProfileJobConfig.withoutModel(options); // where none is for its features it begins from nothing
        String keyset = Pseudonymizer.readKeyset(Path.of(options.get(Options.KEY_FILE)));
        String fingerprint = Pseudonymizer.ofKeyset(keyset).fingerprint();
        ProfileJob.configure(env);
        KafkaEnds kafka = new KafkaEnds(options, GROUP_SUFFIX);
        kafka.limitFailedCheckpoints(env);

        DataStream<ScoredFeatures> scored = env.fromSource(
                        kafka.source(Topic.SCORED_FEATURES, start, new KafkaAvroReader<>(ScoredFeatures.class, Counts.VECTORS_BROKEN)),
                        new VectorWatermarks(config.watermarkDisorder(), config.idleness()),
                        "scored-features")
                .uid(Uids.READ_SCORED_FEATURES);
        DataStream<IngestedRecord> events = env.fromSource(
                        kafka.source(Topic.BEHAVIOR_EVENTS, start, new KafkaRecordReader(
                                profiles.limits(), keyset, profiles.mapping(), profiles.liveSpan())),
                        EventTimeWatermarks.of(config.watermarkDisorder(), config.watermarkIdleness()),
                        "behavior-events")
                .uid(Uids.READ_LABEL_EVENTS)
                .process(new RestoredStateFunction(fingerprint, kafka.commitWithin(env)))
                .returns(IngestedRecordTypeInfo.INSTANCE)
                .uid(Uids.CHECK_LABEL_STATE)
                .name("check state");
        DataStream<IngestedRecord> outcomes = env.fromSource(
                        kafka.source(Topic.LABELED_OUTCOMES, start, new KafkaOutcomeReader(profiles.limits(), keyset)),
                        NoWatermarks.ofRecords(),
                        "labeled-outcomes")
                .uid(Uids.READ_LABEL_OUTCOMES);
        TrainingPipeline.define(scored, events, outcomes, kafka.sinks().trainingSinks(), config);
    }
}
