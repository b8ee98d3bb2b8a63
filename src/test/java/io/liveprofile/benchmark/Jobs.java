package io.liveprofile.benchmark;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.Options;
import io.liveprofile.job.OptionsFile;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.job.ProfilePipeline;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import io.liveprofile.sink.ProfileSinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** The graphs that are measured, and the product's settings for them. */
final class Jobs {
    private static final Path OPTIONS = Path.of("flink-conf/liveprofile.yaml");
    private static final Path FEATURES = Path.of("flink-conf/features.yaml");

    private final Path directory;
    private final Path keyFile;
    private final String keyset;

    /** @param directory for the files that the product reads */
    Jobs(Path directory) throws IOException {
        this.directory = directory;
        this.keyFile = directory.resolve("pseudonym-key.json");
        Files.deleteIfExists(keyFile);
        Pseudonymizer.createKeyset(keyFile);
        this.keyset = Pseudonymizer.readKeyset(keyFile);
    }

    /** Of the pseudonyms. */
    Path keyFile() {
        return keyFile;
    }

    /** The shipped settings. */
    static ProfileJobConfig shipped() {
        return ProfileJobConfig.of(OptionsFile.read(ConfigNode.read(OPTIONS)));
    }

    /** The engine's settings, with the shipped aggregates and features. */
    static ProfileJobConfig engineConfig() {
        return engineConfig(FEATURES);
    }

    /** The engine's settings with other aggregates and features, as the text of a features.yaml. */
    ProfileJobConfig engineConfig(String features) throws IOException {
        Path file = Files.writeString(directory.resolve("features.yaml"), features);
        return engineConfig(file);
    }

    /** The shipped settings but for the model, which the engine does not use, and the burst limits, which no user must reach. */
    private static ProfileJobConfig engineConfig(Path features) {
        Configuration options = OptionsFile.read(ConfigNode.read(OPTIONS));
        options.set(Options.FEATURES, features.toString());
        options.set(Options.MODEL_STORE, "");
        options.set(Options.RATE_ALWAYS_ALLOWED, Integer.MAX_VALUE);
        options.set(Options.RATE_HARD_MAX, Integer.MAX_VALUE);
        return ProfileJobConfig.of(options);
    }

    /** Deduplicates, filters, aggregates and extracts features; neither decodes, scores nor encodes. */
    static Job engine(String name, Workload workload, ProfileJobConfig config) {
        return Job.of(name, workload, env -> {
            ProfileJob.configure(env);
            ProfilePipeline.update(ShopSource.events(env, workload), config)
                    .sinkTo(Processed.discard())
                    .uid("benchmark-count-updates");
        });
    }

    /**
     * The engine, and behind it what the events' other keys say.
     *
     * @param hotShare share of the events that are about one and the same item, 0 to 1
     */
    static Job keyed(String name, Workload workload, ProfileJobConfig config, double hotShare) {
        return Job.of(name, workload, env -> {
            ProfileJob.configure(env);
            DataStream<IngestedRecord> events = ShopSource.events(env, workload)
                    .map(record -> withHotItem(record, hotShare))
                    .returns(IngestedRecordTypeInfo.INSTANCE)
                    .uid("benchmark-choose-items");
            ProfilePipeline.attachKeys(ProfilePipeline.update(events, config), config)
                    .sinkTo(Processed.discard())
                    .uid("benchmark-count-updates");
        }).only(Popularity.UNIFORM);
    }

    private static IngestedRecord withHotItem(IngestedRecord record, double share) {
        boolean isHot = (record.getEvent().getEventId().hashCode() & 0x3FF) < share * 0x400;
        if (isHot && record.getEvent().getItemId() != null) {
            record.getEvent().setItemId("item-of-the-day");
        }
        return record;
    }

    /** Fed by what feeds the engine, through the same shuffle. */
    static Job floor(String name, Workload workload) {
        Workload once = workload.filledOnce();
        return Job.of(name, once, env ->
                Floor.define(ShopSource.events(env, once), record -> record.getEvent().getUserId()));
    }

    /** Fed by short user ids and nothing else: no engine could be fed with less. */
    static Job idsFloor(String name, Workload workload) {
        Workload once = workload.filledOnce();
        return Job.of(name, once, env -> Floor.define(ShopSource.userIds(env, once), user -> user));
    }

    static Job slidingWindows(String name, Workload workload) {
        return Job.of(name, workload, env -> SlidingWindows.define(ShopSource.events(env, workload)));
    }

    /** From bytes as a broker has them to bytes as a broker would get them; the events are simulated. */
    Job graph(String name, int users, ProfileJobConfig config) {
        return simulated(name, users, env -> {
            ProfileJob.configure(env);
            ProfilePipeline.define(simulation(env, users), discarding(), config);
        });
    }

    /** Fed by the user ids of what feeds the graph. */
    Job graphFloor(String name, int users) {
        return simulated(name, users, env -> Floor.define(
                simulation(env, users)
                        .map(record -> record.getEvent().getUserId()).returns(Types.STRING).uid("benchmark-map-user-ids"),
                user -> user));
    }

    private static Job simulated(String name, int users, Consumer<StreamExecutionEnvironment> graph) {
        return Job.of(name, new Workload(users, Duration.ofHours(1), 1), graph).only(Popularity.UNIFORM).after(1);
    }

    private DataStream<IngestedRecord> simulation(StreamExecutionEnvironment env, int users) {
        return env.fromSource(
                        new DataGeneratorSource<>(
                                new SimulatedRecords(users, BenchmarkCluster.PARALLELISM, keyset),
                                Long.MAX_VALUE,
                                IngestedRecordTypeInfo.INSTANCE),
                        WatermarkStrategy.<IngestedRecord>forBoundedOutOfOrderness(Duration.ofSeconds(10))
                                .withTimestampAssigner((record, none) -> record.getEvent().getEventTime()),
                        "simulated events")
                .uid("benchmark-simulate-events");
    }

    private static ProfileSinks discarding() {
        return new ProfileSinks(
                Processed.profiles(),
                new DiscardingSink<>(),
                new EncodingSink<>(RiskAlert.class),
                new EncodingSink<>(LateEvent.class),
                new EncodingSink<>(QuarantinedEvent.class),
                new EncodingSink<>(DeadLetter.class),
                new EncodingSink<>(DeadLetter.class),
                new EncodingSink<>(LabeledOutcome.class),
                new DiscardingSink<>());
    }
}
