package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EvaluationKind;
import io.liveprofile.event.EventType;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.event.UserProfile;
import io.liveprofile.inference.ModelStores;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both jobs through a broker: events become vectors, vectors examples, examples a release, and the release scores. */
class TrainingJobITCase {
    private static final int USERS = 40;
    private static final long START = 1_700_000_000_000L;
    private static final long STEP = 5_000;

    @TempDir
    Path directory;

    private final SingleObject<BehaviorEvent> events = new SingleObject<>(BehaviorEvent.class);
    private final Random random = new Random(1);
    private int sent;

    @Test
    void learnsFromWhatHappensAndTheProfileJobScoresWithWhatItReleased() throws Exception {
        Configuration options = options();
        try (TestingKafka kafka = new TestingKafka(directory.resolve("kafka"));
                TestingCluster profiles = new TestingCluster(directory.resolve("profiles"), 4);
                TestingCluster training = new TestingCluster(directory.resolve("training"), 2)) {
            options.set(Options.KAFKA_SERVERS, kafka.servers());
            StreamExecutionEnvironment profileEnv = profiles.environment();
            ProfileJob.define(profileEnv, options, OffsetsInitializer.earliest());
            profiles.submit(profileEnv);
            StreamExecutionEnvironment trainingEnv = training.environment();
            TrainingJob.define(trainingEnv, options, OffsetsInitializer.earliest());
            training.submit(trainingEnv);

            shop(kafka, 2_000);
            while (training.metrics().count(Counts.RELEASED) == 0) {
                assertThat(sent).as("events without a release").isLessThan(40_000);
                shop(kafka, 250); // a few at a time: a vector says how far event time was when it was written
                training.await("every vector in the join", () -> training.metrics().count(Counts.VECTORS) >= sent);
            }
            training.awaitCheckpoint();
            training.killTaskManager();
            shop(kafka, 2_000);
            profiles.await("the release in every subtask", () -> profiles.metrics().count("release-swaps") >= 4);
            shop(kafka, 2_000);
            profiles.await("every event", () -> profiles.metrics().count(Counts.PROFILED) == sent);
            profiles.await("every vector in the join", () -> training.metrics().count(Counts.VECTORS) >= sent);
            profiles.awaitCheckpoint();
            training.awaitCheckpoint();

            assertReleases(kafka, options);
            assertProfilesSayWhy(kafka);
            assertExamples(kafka);
            List<ScoredFeatures> scored = kafka.read(Topic.SCORED_FEATURES, ScoredFeatures.class);
            assertThat(distinct(scored.stream().map(ScoredFeatures::getPredictionId).toList())).hasSize(sent);
            List<ScoredFeatures> last = scored.stream()
                    .sorted(Comparator.comparingLong(ScoredFeatures::getEventTime)).skip(scored.size() - 500).toList();
            assertThat(last).as("the last ones are scored").allMatch(vector -> vector.getReleaseId() != null);
            assertScoresForetell(last);
        }
    }

    private void assertReleases(TestingKafka kafka, Configuration options) throws Exception {
        List<ModelRelease> releases = kafka.read(Topic.MODEL_RELEASES, ModelRelease.class);
        ModelStore store = ModelStores.open(options.get(Options.MODEL_STORE));
        assertThat(releases).isNotEmpty().allSatisfy(release ->
                assertThat(store.manifest(release.getReleaseId()).sha256()).isEqualTo(release.getSha256()));
        assertThat(releases).as("each says what it was trained on").allSatisfy(release -> assertThat(
                store.read(store.manifest(release.getReleaseId()), FeatureDistribution::read)).isPresent());
        List<ModelEvaluation> evaluations = kafka.read(Topic.MODEL_EVALUATIONS, ModelEvaluation.class);
        assertThat(evaluations).extracting(ModelEvaluation::getKind)
                .contains(EvaluationKind.FIGURES, EvaluationKind.GATE, EvaluationKind.RELEASED)
                .doesNotContain(EvaluationKind.REFUSED);
    }

    /** Whoever looked at a bargain buys within a minute, nobody else does: each example says what happened. */
    private static void assertExamples(TestingKafka kafka) throws Exception {
        List<TrainingExample> examples = kafka.read(Topic.TRAINING_EXAMPLES, TrainingExample.class);
        assertThat(examples.size()).isGreaterThan(3_000);
        int wrong = 0;
        for (TrainingExample example : examples) {
            boolean isBargain = example.getVector().get(0) == 0;
            wrong += example.getLabels().get(0).getPositive() == isBargain ? 0 : 1;
        }
        assertThat(wrong).as("labels that are not what happened").isZero();
    }

    private static void assertScoresForetell(List<ScoredFeatures> vectors) {
        double ofBargains = vectors.stream().filter(vector -> vector.getEventType() == EventType.VIEW && vector.getVector().get(0) == 0)
                .mapToDouble(vector -> vector.getScores().get("bought")).average().orElseThrow();
        double ofOthers = vectors.stream().filter(vector -> vector.getEventType() == EventType.VIEW && vector.getVector().get(0) > 0)
                .mapToDouble(vector -> vector.getScores().get("bought")).average().orElseThrow();
        assertThat(ofBargains).isGreaterThan(0.6);
        assertThat(ofOthers).isLessThan(0.4);
    }

    /** Each one that is scored; and mostly it is the price that counts, since it decides. */
    private static void assertProfilesSayWhy(TestingKafka kafka) throws Exception {
        List<UserProfile> scored = kafka.read(Topic.USER_PROFILES, UserProfile.class).stream()
                .filter(profile -> profile.getReleaseId() != null).toList();
        assertThat(scored).isNotEmpty().allSatisfy(profile -> assertThat(profile.getExplanations().get("bought")).isNotEmpty());
        assertThat(scored.stream().map(profile -> profile.getExplanations().get("bought").get(0).getField()))
                .filteredOn("event_amountMinor"::equals).hasSizeGreaterThan(scored.size() / 2);
    }

    /** Views by users in turn; a bargain (amount 0) is followed by its user's order before he looks again. */
    private void shop(TestingKafka kafka, int views) {
        for (int i = 0; i < views; i++) {
            long time = START + sent * STEP;
            String user = "user-" + sent % USERS;
            boolean isBargain = random.nextInt(3) == 0;
            send(kafka, user, EventType.VIEW, time, isBargain ? 0 : 1 + random.nextInt(100));
            if (isBargain) {
                send(kafka, user, EventType.ORDER, time + 1_000, 500);
            }
        }
        kafka.flush();
    }

    private void send(TestingKafka kafka, String user, EventType type, long time, long amount) {
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId("e" + sent++)
                .setUserId(user)
                .setEventTime(time)
                .setType(type)
                .setAmountMinor(amount)
                .build();
        kafka.send(Topic.BEHAVIOR_EVENTS, user, events.encode(event));
    }

    private Configuration options() throws Exception {
        Path features = Files.writeString(directory.resolve("features.yaml"), """
                windows: { 1h: { length: 1 h, hop: 1 min } }
                aggregates: { views: { op: count, events: [VIEW], windows: [1h] } }
                features:
                  - event: [amountMinor]
                    transform: log1p
                  - statistics: [views]
                """);
        Path model = Files.writeString(directory.resolve("model.yaml"), """
                hidden_layers: [8]
                heads: [ { name: bought } ]
                training: { dropout: 0 }
                online: { learning_rate: 0.01, batch_size: 64, window: 2000, held_out: 0.5, gate_every: 250, least_positives: 20 }
                """);
        Path labels = Files.writeString(directory.resolve("labels.yaml"), """
                labels: { bought: { positive: { events: ORDER }, horizon: 1 min, judged: VIEW } }
                """);
        Configuration options = new Configuration();
        options.set(Options.FEATURES, features.toString());
        options.set(Options.MODEL_FILE, model.toString());
        options.set(Options.LABELS, labels.toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toUri().toString());
        options.set(Options.KEY_FILE, directory.resolve("key.json").toString());
        // Longer than a starved machine may leave a partition unread: what comes of it later would be too late to be labelled.
        options.set(Options.WATERMARK_IDLENESS, Duration.ofSeconds(5));
        options.set(Options.LABELS_IDLENESS, Duration.ofSeconds(5));
        options.set(Options.RELEASE_LEAD, Duration.ZERO);
        options.set(Options.SCORE_EXPLAIN_EVERY, 1);
        options.set(Options.RATE_HARD_MAX, 100_000);
        Pseudonymizer.createKeyset(Path.of(options.get(Options.KEY_FILE)));
        return options;
    }

    private static Set<String> distinct(List<String> ids) {
        return ids.stream().collect(Collectors.toSet());
    }
}
