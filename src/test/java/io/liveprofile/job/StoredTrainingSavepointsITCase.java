package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import io.liveprofile.sink.TrainingSinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every savepoint of the training job ever stored is restored: vectors that waited get the labels that come afterwards, and the
 * trainer goes on with what it had learned, judged and released; champion and predecessor lie beside it, as they are in the model
 * store and not in the state. {@code -Dsavepoint.write=NAME} stores one more, of this version; none is ever taken away.
 */
class StoredTrainingSavepointsITCase {
    private static final Path STORED = Path.of("src/test/resources/training-savepoints");
    /** Model store beside each savepoint. */
    private static final String MODELS = "models";
    private static final String RELEASES = "releases";
    /** The job whose savepoint is stored. No source goes on where one of its was: in others a filter has the uid of each. */
    private static final String FIRST = "before";
    private static final int USERS = 20;
    /** Vectors before the savepoint. */
    private static final int BEFORE = 800;
    private static final int ALL = 1_200;
    private static final long START = 1_750_000_000_000L;
    private static final long STEP = 10_000;
    /** Vectors that come until an order does, and until it is too late for one. */
    private static final int ORDER_AFTER = 7;
    private static final int HORIZON = 60;

    @TempDir
    Path directory;

    private TestingCluster cluster;

    static Stream<Path> stored() throws IOException {
        return Files.list(STORED).sorted().toList().stream();
    }

    @BeforeEach
    void setUp() throws Exception {
        cluster = new TestingCluster(directory, 2);
        Told.EXAMPLES.clear();
        Told.EVALUATIONS.clear();
    }

    @AfterEach
    void tearDown() throws Exception {
        cluster.close();
    }

    @Test
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void storesOneWhenAsked() throws Exception {
        String name = System.getProperty("savepoint.write");
        cluster.submit(define(0, BEFORE, FIRST));
        awaitLearned(BEFORE);
        assertThat(cluster.metrics().count(Counts.RELEASED)).as("releases").isPositive();
        Files.createDirectories(STORED);
        Path made = cluster.stopWithSavepoint(SavepointFormatType.CANONICAL);
        Files.move(made, STORED.resolve(name));
        copyNewest(directory.resolve(MODELS), STORED.resolve(name).resolve(MODELS));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void vectorsThatWaitedGetTheirLabelsAndLearningGoesOn(Path savepoint) throws Exception {
        List<Path> releases = copyNewest(savepoint.resolve(MODELS), directory.resolve(MODELS));
        cluster.submit(define(BEFORE, ALL, "after"), savepoint);
        awaitLearned(ALL);
        cluster.stop();

        assertThat(Told.EXAMPLES.keySet().stream().sorted(Comparator.naturalOrder()).toList())
                .as("of each vector that was undecided, and of no other")
                .isEqualTo(IntStream.range(0, ALL).filter(number -> !isDecided(number, BEFORE) && isDecided(number, ALL))
                        .boxed().toList());
        Told.EXAMPLES.forEach((number, isPositive) -> assertThat(isPositive).isEqualTo(isFollowed(number)));

        List<ModelEvaluation> tries = told(EvaluationKind.GATE);
        assertThat(tries).isNotEmpty();
        assertThat(tries.get(0).getModel()).as("champion").isEqualTo(releases.get(releases.size() - 1).getFileName().toString());
        assertThat(told(EvaluationKind.FIGURES))
                .as("what was judged before counts on")
                .isNotEmpty()
                .allMatch(figures -> figures.getMetrics().get("judged") > BEFORE - 2 * HORIZON)
                .filteredOn(figures -> figures.getModel().equals("challenger"))
                .as("what was learned is not forgotten")
                .allMatch(figures -> figures.getMetrics().get("log_loss") < 0.3);
    }

    /** Copies champion and predecessor to another model store; tells both, the champion last. */
    private static List<Path> copyNewest(Path from, Path to) throws IOException {
        List<Path> releases;
        try (Stream<Path> all = Files.list(from.resolve(RELEASES))) {
            releases = all.sorted().toList();
        }
        List<Path> newest = releases.subList(Math.max(0, releases.size() - 2), releases.size());
        for (Path release : newest) {
            try (Stream<Path> files = Files.walk(release)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        return newest;
    }

    /** Returns when everything that is decided by then has been taken by the trainer. */
    private void awaitLearned(int vectors) throws Exception {
        long decided = IntStream.range(0, vectors).filter(number -> isDecided(number, vectors)).count();
        cluster.await("every label", () -> cluster.metrics().count(Counts.TRAINED) == decided);
        assertThat(cluster.metrics().count(Counts.EXAMPLES)).isEqualTo(decided);
    }

    /** Every other user orders after each look. */
    private static boolean isFollowed(int number) {
        return number % 2 == 0;
    }

    /** Whether its label is known once so many vectors have been; the last one's time has not passed yet. */
    private static boolean isDecided(int number, int vectors) {
        return number + (isFollowed(number) ? ORDER_AFTER : HORIZON) < vectors - 1;
    }

    private static List<ModelEvaluation> told(EvaluationKind kind) {
        return Told.EVALUATIONS.stream().filter(each -> each.getKind() == kind).toList();
    }

    private StreamExecutionEnvironment define(int from, int to, String job) throws Exception {
        TrainingJobConfig config = TrainingJobConfig.of(options());
        StreamExecutionEnvironment env = cluster.environment();
        ProfileJob.configure(env);
        env.setParallelism(2);
        env.getConfig().setAutoWatermarkInterval(50);
        DataStream<ScoredFeatures> vectors = from(env, new Vectors(from, to, config.schema().hash()),
                new AvroTypeInfo<>(ScoredFeatures.class),
                WatermarkStrategy.<ScoredFeatures>forMonotonousTimestamps()
                        .withTimestampAssigner((vector, none) -> vector.getAsOf()), job, "vectors");
        DataStream<IngestedRecord> events = from(env, new Events(from, to), IngestedRecordTypeInfo.INSTANCE,
                EventTimeWatermarks.of(Duration.ZERO, Duration.ofDays(1)), job, "events");
        DataStream<IngestedRecord> outcomes = from(env, new Events(0, 0), IngestedRecordTypeInfo.INSTANCE,
                NoWatermarks.ofRecords(), job, "outcomes");
        TrainingPipeline.define(vectors, events, outcomes,
                new TrainingSinks(
                        new TestingWatchedSink<>((subtask, example) -> Told.EXAMPLES.put(
                                Integer.valueOf(example.getPredictionId()), example.getLabels().get(0).getPositive())),
                        new TestingWatchedSink<>((subtask, evaluation) -> Told.EVALUATIONS.add(evaluation)),
                        new DiscardingSink<>()),
                config);
        return env;
    }

    private static <T> DataStream<T> from(StreamExecutionEnvironment env, GeneratorFunction<Long, T> made, TypeInformation<T> type,
            WatermarkStrategy<T> watermarks, String job, String name) {
        DataStream<T> stream = env.fromSource(
                        new DataGeneratorSource<>(made, Long.MAX_VALUE, RateLimiterStrategy.perSecond(1_000), type), watermarks, name)
                .setParallelism(1)
                .uid("test-" + job + "-" + name);
        return job.equals(FIRST) ? stream : stream.filter(record -> true).uid("test-" + FIRST + "-" + name);
    }

    private Configuration options() throws Exception {
        Configuration options = new Configuration();
        options.set(Options.FEATURES, Files.writeString(directory.resolve("features.yaml"), """
                windows: { 1h: { length: 1 h, hop: 1 min } }
                aggregates: { views: { op: count, events: [VIEW], windows: [1h] } }
                features: [ { statistics: [views] } ]
                """).toString());
        options.set(Options.MODEL_FILE, Files.writeString(directory.resolve("model.yaml"), """
                hidden_layers: [4]
                heads: [ { name: bought } ]
                training: { dropout: 0 }
                online: { learning_rate: 0.05, batch_size: 16, window: 400, held_out: 0.5, gate_every: 25, least_positives: 20 }
                """).toString());
        options.set(Options.LABELS, Files.writeString(directory.resolve("labels.yaml"), """
                labels: { bought: { positive: { events: ORDER }, horizon: %d s, judged: VIEW } }
                """.formatted(HORIZON * STEP / 1_000)).toString());
        options.set(Options.MODEL_STORE, directory.resolve(MODELS).toString());
        return options;
    }

    /** Vectors of users in turn, from one number to another; then nothing but such that no head judges. */
    private record Vectors(int from, int to, String schemaHash) implements GeneratorFunction<Long, ScoredFeatures> {
        @Override
        public ScoredFeatures map(Long index) {
            int number = (int) Math.min(from + index, to - 1);
            boolean isNew = from + index < to;
            long time = START + number * STEP;
            return ScoredFeatures.newBuilder()
                    .setPredictionId(Integer.toString(number))
                    .setUserId("u" + number % USERS)
                    .setEventId("e" + number)
                    .setEventTime(time)
                    .setSchemaHash(schemaHash)
                    .setVector(List.of(isFollowed(number) ? 5f : 0f))
                    .setScores(Map.of())
                    .setAsOf(time)
                    .setEventType(isNew ? EventType.VIEW : EventType.LOGIN)
                    .build();
        }
    }

    /** The orders that follow, and views, which decide nothing, from one time to another; then nothing. */
    private record Events(int from, int to) implements GeneratorFunction<Long, IngestedRecord> {
        @Override
        public IngestedRecord map(Long index) {
            long number = from + index;
            if (number >= to) {
                return new IngestedRecord("test", 0, number, 0L, null, null, null, "nothing more", 0);
            }
            int vector = (int) number - ORDER_AFTER;
            boolean isOrder = vector >= 0 && isFollowed(vector);
            BehaviorEvent event = BehaviorEvent.newBuilder()
                    .setEventId((isOrder ? "order" : "view") + number)
                    .setUserId("u" + (isOrder ? vector : number) % USERS)
                    .setEventTime(START + number * STEP)
                    .setType(isOrder ? EventType.ORDER : EventType.VIEW)
                    .build();
            return new IngestedRecord("test", 0, number, event.getEventTime(), event, null, null, null, 0);
        }
    }

    /** What the sinks were given, shared with the tasks of this JVM. */
    private static final class Told {
        /** Number of the vector to whether it was followed by an order. */
        private static final Map<Integer, Boolean> EXAMPLES = new ConcurrentHashMap<>();
        private static final Queue<ModelEvaluation> EVALUATIONS = new ConcurrentLinkedQueue<>();
    }
}
