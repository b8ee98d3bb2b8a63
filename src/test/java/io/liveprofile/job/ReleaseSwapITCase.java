package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.AnnouncedReleases;
import io.liveprofile.inference.ExplainedShare;
import io.liveprofile.inference.MicroBatching;
import io.liveprofile.inference.ModelStoreLoader;
import io.liveprofile.inference.ScoreAlerts;
import io.liveprofile.inference.ScoreOperator;
import io.liveprofile.inference.ScoredUpdate;
import io.liveprofile.inference.StabilityWindow;
import io.liveprofile.inference.TestingCountingLoader;
import io.liveprofile.inference.TestingUpdates;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import io.liveprofile.job.types.ScoredUpdateTypeInfo;
import io.liveprofile.job.types.UserUpdateTypeInfo;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.SessionThreads;
import io.liveprofile.sink.ProfileSinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real releases change under load in a running graph: each subtask takes each of them over, no row is lost or left unscored,
 * and what was replaced leaves no native memory behind.
 */
class ReleaseSwapITCase {
    private static final String HEAD = "bought";
    private static final long START = 1_700_000_000_000L;
    private static final double ROWS_A_SECOND = 3_000;
    private static final double LOOKS_A_SECOND = 100;

    private static final int SWAPS = 100;
    /** By then everything that is made once is made. */
    private static final int WARM = 20;
    private static final int KEPT = 2;

    /** Subtasks of the hundred swaps. */
    private static final int PARALLELISM = 2;
    /** A table and Adagrad's of the same size are 4 MiB a bundle: what a leak would leave behind each time. */
    private static final ModelConfig LARGE =
            ModelConfig.defaults(HEAD).with(new ModelConfig.Embeddings(1 << 13, 64, 0.05));
    private static final long BUNDLE_BYTES = 2L * (1 << 13) * 64 * Float.BYTES;
    /**
     * 128 MiB, a fifth of the 640 MiB that 80 swaps in two subtasks would leave: 15 MiB is what the compiler and glibc's arenas
     * took in a run, 434 MiB what was left behind where {@code ModelBundle.close} did nothing and the collector found some.
     */
    private static final long MOST_GROWTH = (SWAPS - WARM) * PARALLELISM * BUNDLE_BYTES / 5;

    private static final FeatureSchema LARGE_SCHEMA = new FeatureSchema(List.of(
            new Feature("a", Transform.IDENTITY), new Feature("b", Transform.IDENTITY), new Feature("c", Transform.IDENTITY),
            Feature.hashed("itemId", "last_items", 0)));
    private static final float[][] VECTORS = vectors(16);

    /** What the sources are to announce. */
    private static final Queue<ModelRelease> ANNOUNCED = new ConcurrentLinkedQueue<>();
    private static final AtomicLong SENT = new AtomicLong();
    private static volatile Seen seen = new Seen();

    @TempDir
    Path directory;

    private ModelStore store;

    /** What came out of the graph. */
    private static final class Seen {
        private final Set<String> releases = ConcurrentHashMap.newKeySet();
        private final BitSet rows = new BitSet();
        private long count;
        private long unscored;
        private long otherwise;

        /** @param said probability; anything where there is no release */
        private synchronized void add(int subtask, String release, long row, float said, float expected) {
            rows.set((int) row);
            count++;
            if (release == null) {
                unscored++;
            } else {
                releases.add(subtask + "/" + release);
                otherwise += Math.abs(said - expected) < 1e-5f ? 0 : 1;
            }
        }

        private boolean everySubtask(int subtasks, String release) {
            return IntStream.range(0, subtasks).allMatch(subtask -> releases.contains(subtask + "/" + release));
        }

        private synchronized void assertThatEveryRowCameOnce(long sent) {
            assertThat(count).as("rows out").isEqualTo(sent);
            assertThat(rows.cardinality()).as("distinct rows out").isEqualTo((int) sent);
            assertThat(unscored).as("unscored rows").isZero();
            assertThat(otherwise).as("rows scored otherwise than their release scores them").isZero();
        }
    }

    /** By release, what it says of each of the vectors; written before the release is announced. */
    private static final Map<String, float[]> EXPECTED = new ConcurrentHashMap<>();

    @BeforeEach
    void begin() {
        ANNOUNCED.clear();
        EXPECTED.clear();
        SENT.set(0);
        seen = new Seen();
        store = new ModelStore(directory.resolve("models"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void everySubtaskOfTheJobChangesToWhatIsAnnounced(int parallelism) throws Exception {
        ProfileJobConfig config = ProfileJobConfig.of(options());
        FeatureSchema schema = config.featurePlan().schema();
        try (MlpSession session = session(schema, ModelConfig.defaults(HEAD));
                TestingCluster cluster = new TestingCluster(directory.resolve("cluster"), parallelism)) {
            String first = publish(session, schema, 1).id();
            StreamExecutionEnvironment env = cluster.environment();
            ProfileJob.configure(env);
            ProfilePipeline.define(events(env), Optional.empty(), 
                    Optional.of(new ProfilePipeline.Announcements(announcements(env), AnnouncedReleases.NONE)), sinks(), config);
            cluster.submit(env);
            cluster.await("the first release in every subtask", () -> seen.everySubtask(parallelism, first));
            String last = first;
            for (int number = 2; number <= 4; number++) {
                Manifest manifest = publish(session, schema, number);
                announce(manifest);
                last = manifest.id();
                String next = last;
                cluster.await(next + " in every subtask", () -> seen.everySubtask(parallelism, next));
            }
            cluster.stop();

            assertThat(cluster.metrics().text("release")).isEqualTo(last);
            assertThat(cluster.metrics().count("release-swaps")).isEqualTo(3L * parallelism);
            assertThat(cluster.metrics().count("releases-refused")).isZero();
            assertThat(cluster.metrics().count("scored")).isEqualTo(SENT.get());
            assertThat(cluster.metrics().count("unscored")).isZero();
        }
    }

    @Test
    void aHundredSwapsUnderLoadLoseNothingAndLeaveNoNativeMemoryBehind() throws Exception {
        try (MlpSession session = session(LARGE_SCHEMA, LARGE);
                TestingCluster cluster = new TestingCluster(directory.resolve("cluster"), PARALLELISM)) {
            publishLarge(session, 0);
            StreamExecutionEnvironment env = cluster.environment();
            ProfileJob.configure(env);
            define(updates(env), announcements(env));
            cluster.submit(env);
            cluster.await("rows", () -> seen.everySubtask(PARALLELISM, "r000001"));
            long warm = 0;
            Manifest next = publishLarge(session, 1);
            for (int swap = 1; swap <= SWAPS; swap++) {
                Manifest manifest = next;
                announce(manifest);
                next = publishLarge(session, swap + 1); // while the one before it is loaded
                cluster.await(manifest.id() + " in every subtask", () -> seen.everySubtask(PARALLELISM, manifest.id()));
                if (swap == WARM) {
                    warm = TestingNativeMemory.bytes();
                }
            }
            assertThat(TestingNativeMemory.bytes() - warm).as("native memory that 80 swaps left behind").isLessThan(MOST_GROWTH);
            assertThat(TestingCountingLoader.opened()).isEqualTo((SWAPS + 1L) * PARALLELISM);
            assertThat(TestingCountingLoader.opened() - TestingCountingLoader.closed()).as("those that serve")
                    .isEqualTo((long) KEPT * PARALLELISM);
            cluster.stop();

            seen.assertThatEveryRowCameOnce(SENT.get());
            assertThat(cluster.metrics().count("release-swaps")).isEqualTo((long) SWAPS * PARALLELISM);
            assertThat(cluster.metrics().count("releases-refused")).isZero();
            assertThat(cluster.metrics().count("scored")).isEqualTo(SENT.get());
            assertThat(TestingCountingLoader.closed()).as("those that served").isEqualTo(TestingCountingLoader.opened());
        }
    }

    /** Scoring as {@link ProfilePipeline} has it, with a loader that counts. */
    private void define(DataStream<UserUpdate> updates, DataStream<ModelRelease> releases) {
        SingleOutputStreamOperator<ScoredUpdate> scored = updates.connect(releases.broadcast())
                .transform("score", ScoredUpdateTypeInfo.INSTANCE, new ScoreOperator(
                        new TestingCountingLoader(new ModelStoreLoader(directory.resolve("models").toString(), LARGE_SCHEMA)),
                        AnnouncedReleases.NONE,
                        new MicroBatching(Options.SCORE_MAX_ROWS.defaultValue(), Options.SCORE_MAX_WAIT.defaultValue()),
                        ScoreAlerts.NONE, ExplainedShare.NONE, StabilityWindow.NONE))
                .uid("test-score");
        scored.sinkTo(new TestingWatchedSink<>(ReleaseSwapITCase::seeUpdate)).uid("test-see");
    }

    private static void seeUpdate(int subtask, ScoredUpdate scored) {
        int vector = (int) (scored.update().version() % VECTORS.length);
        seen.add(subtask, scored.releaseId(), scored.update().version(), scored.isScored() ? scored.probabilities()[0] : 0,
                scored.isScored() ? EXPECTED.get(scored.releaseId())[vector] : 0);
    }

    private static void seeVector(int subtask, EncodedRecord record) throws IOException {
        ScoredFeatures scored = new SingleObject<>(ScoredFeatures.class).decode(record.value());
        seen.add(subtask, scored.getReleaseId(), 0, 0, 0);
    }

    private static DataStream<UserUpdate> updates(StreamExecutionEnvironment env) {
        return env.fromSource(
                        new DataGeneratorSource<>(
                                index -> update(), Long.MAX_VALUE, RateLimiterStrategy.perSecond(ROWS_A_SECOND),
                                UserUpdateTypeInfo.INSTANCE),
                        WatermarkStrategy.<UserUpdate>forMonotonousTimestamps()
                                .withTimestampAssigner((update, none) -> update.eventTime()),
                        "updates")
                .uid("test-updates");
    }

    private static UserUpdate update() {
        long row = SENT.getAndIncrement();
        return TestingUpdates.of(row, VECTORS[(int) (row % VECTORS.length)]);
    }

    private static DataStream<IngestedRecord> events(StreamExecutionEnvironment env) {
        return env.fromSource(
                        new DataGeneratorSource<>(
                                index -> event(), Long.MAX_VALUE, RateLimiterStrategy.perSecond(ROWS_A_SECOND),
                                IngestedRecordTypeInfo.INSTANCE),
                        EventTimeWatermarks.of(
                                Options.WATERMARK_DISORDER.defaultValue(), Options.WATERMARK_IDLENESS.defaultValue()),
                        "events")
                .uid("test-events");
    }

    /** Few a user and second, so that none is an outlier. */
    private static IngestedRecord event() {
        long number = SENT.getAndIncrement();
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId("e" + number)
                .setUserId("user-" + number % 5_000)
                .setEventTime(START + number)
                .setType(EventType.VIEW)
                .setAmountMinor(number % 100)
                .build();
        return new IngestedRecord("behavior-events", 0, number, START + number, event, null, null, null, 0);
    }

    /** As the profile job reads them: in one subtask, without a say in event time. */
    private static DataStream<ModelRelease> announcements(StreamExecutionEnvironment env) {
        return env.fromSource(
                        new DataGeneratorSource<>(
                                look -> look, Long.MAX_VALUE, RateLimiterStrategy.perSecond(LOOKS_A_SECOND), Types.LONG),
                        new NoWatermarks<Long>((look, none) -> START),
                        "looks")
                .uid("test-look-for-releases")
                .setParallelism(1)
                .<ModelRelease>flatMap((look, out) -> {
                    for (ModelRelease release = ANNOUNCED.poll(); release != null; release = ANNOUNCED.poll()) {
                        out.collect(release);
                    }
                })
                .returns(new AvroTypeInfo<>(ModelRelease.class))
                .uid("test-announce-releases")
                .setParallelism(1);
    }

    private static ProfileSinks sinks() {
        return new ProfileSinks(
                new DiscardingSink<>(), new TestingWatchedSink<>(ReleaseSwapITCase::seeVector), new DiscardingSink<>(),
                new DiscardingSink<>(), new DiscardingSink<>(), new DiscardingSink<>(), new DiscardingSink<>(), new DiscardingSink<>(),
                new TestingWatchedSink<ModelEvaluation>((subtask, refused) -> {
                    throw new AssertionError("Refused: " + refused);
                }));
    }

    private Configuration options() throws IOException {
        Path features = Files.writeString(directory.resolve("features.yaml"), """
                windows: { 1h: { length: 1 h, hop: 1 min } }
                aggregates: { views: { op: count, events: [VIEW], windows: [1h] } }
                features: [ { event: [amountMinor] }, { statistics: [views] } ]
                """);
        Configuration options = new Configuration();
        options.set(Options.FEATURES, features.toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        return options;
    }

    private static MlpSession session(FeatureSchema schema, ModelConfig config) {
        return MlpSession.initialise(new MlpGraph(InputLayout.of(schema), config), SessionThreads.SINGLE);
    }

    /** Each release says something else of the same vector, so that a score tells whose it is. */
    private Manifest publishLarge(MlpSession session, int number) {
        session.write(MlpGraph.CALIBRATION_SHIFT, new float[] {(number - SWAPS / 2) / 50f});
        float[][] scores = session.score(VECTORS);
        float[] expected = new float[VECTORS.length];
        for (int vector = 0; vector < expected.length; vector++) {
            expected[vector] = scores[vector][0];
        }
        EXPECTED.put("r%06d".formatted(number + 1), expected);
        return publish(session, LARGE_SCHEMA, number);
    }

    /** @param activeFrom before every event, and later than that of the releases before */
    private Manifest publish(MlpSession session, FeatureSchema schema, long activeFrom) {
        return store.publish(new Manifest.Draft(null, schema, List.of(HEAD), Map.of(), 0, activeFrom), session::export);
    }

    private static void announce(Manifest manifest) {
        ANNOUNCED.add(new ModelRelease(manifest.id(), manifest.parent(), manifest.schemaHash(), manifest.sha256(),
                manifest.activationEventTime(), manifest.createdAt(), false, Map.of()));
    }

    private static float[][] vectors(int rows) {
        Random random = new Random(1);
        float[][] vectors = new float[rows][LARGE_SCHEMA.size()];
        for (float[] vector : vectors) {
            for (int i = 0; i < vector.length - 1; i++) {
                vector[i] = (float) random.nextGaussian();
            }
            vector[vector.length - 1] = random.nextInt(FeatureSchema.HASHES);
        }
        return vectors;
    }
}
