package io.liveprofile.job;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.event.UserProfile;
import io.liveprofile.ingest.Pseudonymizer;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every savepoint of both jobs as they are submitted ever stored, so with the state of Kafka sources and of sinks with
 * transactions, goes on with a broker whose topics end where those of then did: nothing is read again, nothing is left out.
 * {@code -Dsavepoint.write=NAME} stores one more, of this version, with its key of pseudonyms and where its topics ended; none is
 * ever taken away.
 */
class StoredKafkaSavepointsITCase {
    private static final Path STORED = Path.of("src/test/resources/kafka-savepoints");
    private static final String PROFILE_JOB = "profile";
    private static final String TRAINING_JOB = "training";
    private static final String KEY = "key.json";
    private static final String ENDS = "ends.properties";
    private static final int USERS = 20;
    private static final int EVENTS_BEFORE = 200;
    private static final int OUTCOMES = 5;
    private static final long START = 1_750_000_000_000L;
    private static final long STEP = 10_000;
    private static final long HORIZON = 3_600_000;
    /** Of views after a horizon; together shorter than another one. */
    private static final int MOST_ROUNDS = 15;

    @TempDir
    Path directory;

    private final SingleObject<BehaviorEvent> events = new SingleObject<>(BehaviorEvent.class);
    private final SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
    private TestingKafka kafka;
    private TestingCluster profiles;
    private TestingCluster training;

    static Stream<Path> stored() throws IOException {
        return Files.list(STORED).sorted().toList().stream();
    }

    @BeforeEach
    void setUp() throws Exception {
        kafka = new TestingKafka(directory.resolve("kafka"));
        profiles = new TestingCluster(directory.resolve(PROFILE_JOB), 2);
        training = new TestingCluster(directory.resolve(TRAINING_JOB), 2);
    }

    @AfterEach
    void tearDown() throws Exception {
        training.close();
        profiles.close();
        kafka.close();
    }

    @Test
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void storesOneWhenAsked() throws Exception {
        Path store = Files.createDirectories(STORED.resolve(System.getProperty("savepoint.write")));
        Pseudonymizer.createKeyset(store.resolve(KEY));
        Configuration options = options(store.resolve(KEY));
        profiles.submit(profileJob(options));
        training.submit(trainingJob(options));
        views(0, EVENTS_BEFORE, START);
        outcomes(0);
        awaitRead(EVENTS_BEFORE, OUTCOMES);

        Files.move(profiles.stopWithSavepoint(SavepointFormatType.CANONICAL), store.resolve(PROFILE_JOB));
        training.await("every vector", () -> training.metrics().count(Counts.VECTORS) == EVENTS_BEFORE);
        training.awaitCheckpoint();
        Files.move(training.stopWithSavepoint(SavepointFormatType.CANONICAL), store.resolve(TRAINING_JOB));
        assertThat(kafka.records(Topic.TRAINING_EXAMPLES)).as("labels that were decided before").isEmpty();
        storeEnds(store.resolve(ENDS));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void bothJobsGoOnWhereTheyWere(Path store) throws Exception {
        fillUpTo(store.resolve(ENDS));
        Configuration options = options(store.resolve(KEY));
        profiles.submit(profileJob(options), store.resolve(PROFILE_JOB));
        training.submit(trainingJob(options), store.resolve(TRAINING_JOB));
        orders(EVENTS_BEFORE, EVENTS_BEFORE + USERS);
        outcomes(OUTCOMES);
        int all = untilEveryLabel(EVENTS_BEFORE + USERS);
        awaitRead(all, 2 * OUTCOMES);
        training.awaitCheckpoint();
        profiles.stop();
        training.stop();

        Map<String, List<UserProfile>> published = kafka.read(Topic.USER_PROFILES, UserProfile.class).stream()
                .collect(groupingBy(UserProfile::getUserId));
        assertThat(published).as("known by their pseudonyms").hasSize(USERS);
        assertThat(published.values().stream().mapToInt(List::size).sum())
                .as("each version once").isEqualTo(all - EVENTS_BEFORE + OUTCOMES);
        assertThat(published.values()).allSatisfy(versions -> assertThat(versions)
                .extracting(UserProfile::getEvents).last().isEqualTo((long) all / USERS));
        assertThat(published.values().stream().flatMap(List::stream)
                        .mapToDouble(profile -> profile.getStatistics().getOrDefault("frauds_1d", 0.0)))
                .as("a fraud before and one after").contains(2.0);
        List<TrainingExample> examples = kafka.read(Topic.TRAINING_EXAMPLES, TrainingExample.class);
        assertThat(examples).hasSize(EVENTS_BEFORE)
                .filteredOn(example -> example.getLabels().get(0).getPositive())
                .as("views that waited and whose user has ordered").hasSize(EVENTS_BEFORE / 2);
    }

    /**
     * Sends rounds of views of a time when the labels of before are decided, as a vector says how far event time was when it was
     * written; gives how many events there are then.
     */
    private int untilEveryLabel(int sent) throws Exception {
        int all = sent;
        while (training.metrics().count(Counts.EXAMPLES) < EVENTS_BEFORE) {
            assertThat(all).as("events without every label").isLessThan(sent + MOST_ROUNDS * USERS);
            views(all, all + USERS, START + 2 * HORIZON);
            all += USERS;
            int vectors = all;
            training.await("every vector", () -> training.metrics().count(Counts.VECTORS) == vectors);
        }
        return all;
    }

    /** Everything once, and nothing that was not understood, as what fills the topics would be. */
    private void awaitRead(int sent, int sentOutcomes) throws Exception {
        profiles.await("every event", () -> profiles.metrics().count(Counts.PROFILED) == sent);
        profiles.await("every outcome", () -> profiles.metrics().count(Counts.LEARNED) == sentOutcomes);
        assertThat(profiles.metrics().count(Counts.READ)).isEqualTo(sent);
        assertThat(profiles.metrics().count(Counts.OUTCOMES_READ)).isEqualTo(sentOutcomes);
        assertThat(training.metrics().count(Counts.VECTORS_BROKEN)).isZero();
        assertThat(training.metrics().count(Counts.FACTS_BROKEN)).isZero();
    }

    private StreamExecutionEnvironment profileJob(Configuration options) {
        StreamExecutionEnvironment env = profiles.environment();
        ProfileJob.define(env, options, OffsetsInitializer.earliest());
        return env;
    }

    private StreamExecutionEnvironment trainingJob(Configuration options) {
        StreamExecutionEnvironment env = training.environment();
        TrainingJob.define(env, options, OffsetsInitializer.earliest());
        return env;
    }

    private void views(int from, int to, long since) {
        for (int number = from; number < to; number++) {
            send(number, EventType.VIEW, since + number * STEP);
        }
        kafka.flush();
    }

    /** Every other user orders, the others search, which decides nothing and is not judged. */
    private void orders(int from, int to) {
        for (int number = from; number < to; number++) {
            send(number, number % 2 == 0 ? EventType.ORDER : EventType.SEARCH, START + number * STEP);
        }
        kafka.flush();
    }

    private void send(int number, EventType type, long time) {
        String user = "user-" + number % USERS;
        kafka.send(Topic.BEHAVIOR_EVENTS, user, events.encode(BehaviorEvent.newBuilder()
                .setEventId("e" + number)
                .setUserId(user)
                .setEventTime(time)
                .setType(type)
                .setAmountMinor(100L)
                .build()));
    }

    /** Frauds of the first users. */
    private void outcomes(int from) {
        for (int i = 0; i < OUTCOMES; i++) {
            kafka.send(Topic.LABELED_OUTCOMES, "user-" + i, outcomes.encode(LabeledOutcome.newBuilder()
                    .setOutcomeId("o" + (from + i))
                    .setUserId("user-" + i)
                    .setLabel("fraud")
                    .setOutcomeTime(START + EVENTS_BEFORE * STEP / 2)
                    .build()));
        }
        kafka.flush();
    }

    /** Behind the last record; what a transaction writes after it is not the sources' to read. */
    private void storeEnds(Path file) throws IOException {
        Properties ends = new Properties();
        for (Topic topic : List.of(Topic.BEHAVIOR_EVENTS, Topic.LABELED_OUTCOMES, Topic.SCORED_FEATURES)) {
            for (ConsumerRecord<byte[], byte[]> record : kafka.records(topic)) {
                ends.setProperty(topic + "." + record.partition(), Long.toString(record.offset() + 1));
            }
        }
        try (Writer writer = Files.newBufferedWriter(file)) {
            ends.store(writer, null);
        }
    }

    /** Makes the topics that the jobs read end where those of the savepoint did, with records of which none can be decoded. */
    private void fillUpTo(Path file) throws IOException {
        Properties ends = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            ends.load(reader);
        }
        for (String partition : ends.stringPropertyNames()) {
            Topic topic = Topic.valueOf(partition.substring(0, partition.indexOf('.')));
            int number = Integer.parseInt(partition.substring(partition.indexOf('.') + 1));
            for (long offset = 0; offset < Long.parseLong(ends.getProperty(partition)); offset++) {
                kafka.send(topic, number, new byte[] {1, 2, 3});
            }
        }
        kafka.flush();
    }

    private Configuration options(Path key) throws IOException {
        Configuration options = new Configuration();
        options.set(Options.KAFKA_SERVERS, kafka.servers());
        options.set(Options.DELIVERY, Options.Delivery.EXACTLY_ONCE);
        options.set(Options.FEATURES, Files.writeString(directory.resolve("features.yaml"), """
                windows: { 1d: { length: 1 d, hop: 1 h } }
                aggregates:
                  views:  { op: count, events: [VIEW], windows: [1d] }
                  frauds: { op: count, events: [OUTCOME], windows: [1d] }
                features: [ { statistics: [views] } ]
                """).toString());
        options.set(Options.MODEL_FILE, Files.writeString(directory.resolve("model.yaml"), """
                hidden_layers: [4]
                heads: [ { name: bought } ]
                """).toString());
        options.set(Options.LABELS, Files.writeString(directory.resolve("labels.yaml"), """
                labels: { bought: { positive: { events: ORDER }, horizon: 1 h, judged: VIEW } }
                """).toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toUri().toString());
        options.set(Options.KEY_FILE, key.toString());
        options.set(Options.REFRESH, Duration.ZERO);
        // Longer than a starved machine may leave a partition unread: what comes of it later would be too late to be labelled.
        options.set(Options.WATERMARK_IDLENESS, Duration.ofSeconds(5));
        options.set(Options.LABELS_IDLENESS, Duration.ofSeconds(5));
        return options;
    }
}
