package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import io.liveprofile.ingest.Pseudonymizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregates of devices and items through the whole job: every counted event is one number of its key, whatever happens. */
class KeyedAggregatesITCase {
    private static final int EVENTS = 3_000;
    private static final int USERS = 41;
    private static final int ITEMS = 13;
    private static final int OUTCOMES_A_RUN = 8;
    private static final long START = 1_750_000_000_000L;
    private static final String FEATURES = """
            windows: { 1d: { length: 1 d, hop: 1 h } }
            aggregates:
              views:           { op: count, windows: [1d] }
              device_users:    { key: deviceId, op: distinct, field: userId }
              item_events:     { key: itemId, op: count }
              item_orders:     { key: itemId, op: count, events: [ORDER], windows: [1d] }
              item_views:      { key: itemId, op: count, events: [VIEW], windows: [1d] }
            derived:
              item_conversion: item_orders_1d / item_views_1d
            features:
              - statistics: [views, device_users, item_events, item_conversion]
            """;

    private final SingleObject<BehaviorEvent> encoding = new SingleObject<>(BehaviorEvent.class);

    @TempDir
    Path directory;

    private Configuration options;
    private TestingKafka kafka;
    private TestingCluster cluster;

    @BeforeEach
    void setUp() throws Exception {
        kafka = new TestingKafka(directory.resolve("kafka"));
        cluster = new TestingCluster(directory, 2);
        Files.writeString(directory.resolve("features.yaml"), FEATURES);
        options = new Configuration();
        options.set(Options.KAFKA_SERVERS, kafka.servers());
        options.set(Options.FEATURES, directory.resolve("features.yaml").toString());
        options.set(Options.KEY_FILE, directory.resolve("key.json").toString());
        options.set(Options.MODEL_STORE, "");
        options.set(Options.HOT_USERS, new MemorySize(8 << 10));
        options.set(Options.WATERMARK_IDLENESS, Duration.ofMillis(500));
        options.set(Options.REFRESH, Duration.ZERO);
        Pseudonymizer.createKeyset(directory.resolve("key.json"));
    }

    @AfterEach
    void tearDown() throws Exception {
        cluster.close();
        kafka.close();
    }

    @Test
    void everyEventIsCountedOnceForItsKeysThroughAKill() throws Exception {
        StreamExecutionEnvironment env = cluster.environment();
        ProfileJob.define(env, options, OffsetsInitializer.earliest());
        cluster.submit(env);
        for (int i = 0; i < EVENTS; i++) {
            kafka.send(Topic.BEHAVIOR_EVENTS, "user-" + i % USERS, encoding.encode(event(i)));
            if (i % 5 == 0) { // a repeat, which must not count twice
                kafka.send(Topic.BEHAVIOR_EVENTS, "user-" + i % USERS, encoding.encode(event(i)));
            }
            if (i == EVENTS / 2) {
                kafka.flush();
                cluster.await("some profiles", () -> kafka.records(Topic.USER_PROFILES).size() > EVENTS / 8);
                cluster.awaitCheckpoint();
            } else if (i == EVENTS / 2 + 200) {
                kafka.flush();
                cluster.killTaskManager();
            }
        }
        kafka.flush();
        cluster.await("every version", () -> newest().size() == EVENTS);
        cluster.stop();

        Map<Integer, List<Double>> countsByItem = new HashMap<>();
        newest().values().forEach(profile -> {
            int item = Integer.parseInt(profile.getLastEventId().substring(1)) % ITEMS;
            Map<String, Double> statistics = profile.getStatistics();
            if (item == 0) {
                assertThat(statistics).as("no item").doesNotContainKeys("item_events", "item_conversion");
                return;
            }
            countsByItem.computeIfAbsent(item, none -> new ArrayList<>()).add(statistics.get("item_events"));
            assertThat(statistics.get("device_users")).isBetween(1.0, 6.0);
            if (statistics.containsKey("item_views_1d")) {
                assertThat(statistics.get("item_conversion"))
                        .isEqualTo(statistics.getOrDefault("item_orders_1d", 0.0) / statistics.get("item_views_1d"));
            }
        });
        assertThat(countsByItem).hasSize(ITEMS - 1);
        countsByItem.forEach((item, counts) -> assertThat(counts).as("item " + item).containsExactlyInAnyOrderElementsOf(
                IntStream.rangeClosed(1, counts.size()).mapToObj(n -> (double) n).toList()));
        assertThat(newest().values().stream().mapToDouble(profile -> profile.getStatistics().get("device_users")).max())
                .as("users of a device").hasValue(6);
        assertVersionsInOrder();
        Map<String, ScoredFeatures> scored = new HashMap<>();
        kafka.read(Topic.SCORED_FEATURES, ScoredFeatures.class).forEach(each -> scored.put(each.getPredictionId(), each));
        newest().forEach((version, profile) -> assertThat((double) scored.get(version).getVector().get(2))
                .as("the vector has it too")
                .isEqualTo(profile.getStatistics().getOrDefault("item_events", Double.NaN)));
    }

    /** An outcome counts for its user and, through the event it is about, for that event's device, once it is known. */
    @Test
    void outcomesCountForTheDeviceOfTheirEventWhenTheyAreKnown() throws Exception {
        Files.writeString(directory.resolve("features.yaml"), """
                windows: { 30d: { length: 30 d, hop: 1 d } }
                aggregates:
                  views:         { op: count, windows: [30d] }
                  frauds:        { op: count, events: [OUTCOME], where: "event.attributes['label'] == 'fraud'", windows: [30d] }
                  device_events: { key: deviceId, op: count, windows: [30d] }
                  device_frauds: { key: deviceId, op: sum, field: attributes.value, events: [OUTCOME],
                                   where: "event.attributes['label'] == 'fraud'", windows: [30d] }
                derived:
                  device_risk:   device_frauds_30d / device_events_30d
                features:
                  - statistics: [views, frauds, device_risk]
                """);
        StreamExecutionEnvironment env = cluster.environment();
        ProfileJob.define(env, options, OffsetsInitializer.earliest());
        cluster.submit(env);
        kafka.send(Topic.BEHAVIOR_EVENTS, "ann", encoding.encode(order("e1", "ann", START)));
        kafka.flush();
        cluster.await("ann's profile", () -> newest().size() == 1);
        SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
        long known = START + 7 * 86_400_000L;
        for (String label : List.of("fraud", "fraud", "chargeback")) {
            kafka.send(Topic.LABELED_OUTCOMES, "ann", outcomes.encode(
                    new LabeledOutcome("o-" + label, "ann", label, 1.0, known, "e1")));
        }
        kafka.send(Topic.LABELED_OUTCOMES, "ann", outcomes.encode(
                new LabeledOutcome("o-unknown", "ann", "fraud", 1.0, known, "e0")));
        kafka.send(Topic.LABELED_OUTCOMES, "ann", new byte[] {1, 2, 3});
        kafka.flush();
        cluster.await("the outcomes to be read", () -> cluster.metrics().count(Counts.OUTCOMES_READ) == 5);
        kafka.send(Topic.BEHAVIOR_EVENTS, "bob", encoding.encode(order("e2", "bob", known - 60_000)));
        kafka.flush();
        cluster.await("bob's profile", () -> newest().size() == 2);
        assertThat(cluster.metrics().count(Counts.LEARNED)).as("not known yet").isZero();
        kafka.send(Topic.BEHAVIOR_EVENTS, "cyd", encoding.encode(order("e3", "cyd", known + 60_000)));
        kafka.flush();
        cluster.await("what became of the outcomes", () -> newest().size() == 6);
        cluster.await("the device to know", () -> cluster.metrics().count(Counts.KEYED) == 5);
        kafka.send(Topic.BEHAVIOR_EVENTS, "bob", encoding.encode(order("e4", "bob", known + 120_000)));
        kafka.flush();
        cluster.await("bob's profile", () -> newest().size() == 7);
        assertThat(cluster.metrics().count(Counts.LEARNED)).isEqualTo(3);
        assertThat(cluster.metrics().count(Counts.REPEATED_OUTCOMES)).isEqualTo(1);
        assertThat(cluster.metrics().count(Counts.UNMATCHED_OUTCOMES)).isEqualTo(1);
        assertThat(cluster.metrics().count(Counts.OUTCOME_DEAD_LETTERS)).isEqualTo(1);
        cluster.stop();

        UserProfile ann = newest().values().stream().filter(profile -> profile.getVersion() == 40 && profile.getLastEventId().equals("e1")).findFirst().orElseThrow();
        assertThat(ann.getStatistics()).containsEntry("frauds_30d", 2.0).doesNotContainKey("device_risk");
        assertThat(ann.getLastEventId()).isEqualTo("e1");
        assertThat(ann.getEvents()).isEqualTo(1);
        UserProfile bob = newest().values().stream()
                .filter(profile -> profile.getLastEventId().equals("e4")).findFirst().orElseThrow();
        assertThat(bob.getStatistics())
                .containsEntry("device_events_30d", 4.0)
                .containsEntry("device_frauds_30d", 1.0)
                .containsEntry("device_risk", 0.25)
                .doesNotContainKey("frauds_30d");
        assertThat(kafka.read(Topic.SCORED_FEATURES, ScoredFeatures.class)).as("outcomes are no events to judge").hasSize(4);
        assertThat(kafka.records(Topic.DEAD_LETTERS)).hasSize(1);
    }

    /** Those that came meanwhile are read once they are counted again; one that is read again is told by its id. */
    @Test
    void outcomesAreNoLongerCountedAndThenAgain() throws Exception {
        String counting = """
                windows: { 30d: { length: 30 d, hop: 1 d } }
                aggregates:
                  views:  { op: count, windows: [30d] }
                  frauds: { op: count, events: [OUTCOME], windows: [30d] }
                features: [ { statistics: [views] } ]
                """;
        String not = counting.replaceFirst(" *frauds:.*\n", "");
        Path savepoint = null;
        for (int run = 0; run < 3; run++) {
            boolean counts = run != 1;
            Files.writeString(directory.resolve("features.yaml"), counts ? counting : not);
            StreamExecutionEnvironment env = cluster.environment();
            ProfileJob.define(env, options, ProfileJob.start(options));
            if (savepoint == null) {
                cluster.submit(env);
            } else {
                cluster.submit(env, savepoint);
            }
            sendOutcomes(run);
            int profiles = run + 1;
            cluster.await("the profile", () -> newest().values().stream()
                    .filter(profile -> profile.getLastEventId().startsWith("e")).map(UserProfile::getLastEventId)
                    .distinct().count() == profiles);
            long learned = (counts ? run + 1 : 1) * (OUTCOMES_A_RUN - 1);
            cluster.await("the outcomes", () -> cluster.metrics().count(Counts.LEARNED) == learned);
            savepoint = cluster.stopWithSavepoint(SavepointFormatType.NATIVE);
        }
        assertThat(cluster.metrics().count(Counts.LEARNED)).isEqualTo(3 * (OUTCOMES_A_RUN - 1));
        assertThat(cluster.metrics().count(Counts.OUTCOMES_READ)).as("repeats and what cannot be decoded is the rest").isEqualTo(
                cluster.metrics().count(Counts.LEARNED) + cluster.metrics().count(Counts.REPEATED_OUTCOMES)
                        + cluster.metrics().count(Counts.OUTCOME_DEAD_LETTERS));
    }

    /** An event, and outcomes of long ago of which one is broken. */
    private void sendOutcomes(int run) {
        SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
        kafka.send(Topic.BEHAVIOR_EVENTS, "ann", encoding.encode(order("e" + run, "ann", START + run * 60_000L)));
        for (int i = 1; i < OUTCOMES_A_RUN; i++) {
            kafka.send(Topic.LABELED_OUTCOMES, "user" + i, outcomes.encode(
                    new LabeledOutcome("o" + run + "-" + i, "user" + i, "fraud", 1.0, START - 86_400_000L, null)));
        }
        kafka.send(Topic.LABELED_OUTCOMES, "ann", new byte[] {1, 2, 3});
        kafka.flush();
    }

    private static BehaviorEvent order(String id, String user, long time) {
        return BehaviorEvent.newBuilder()
                .setEventId(id)
                .setUserId(user)
                .setEventTime(time)
                .setType(EventType.ORDER)
                .setDeviceId("shared")
                .build();
    }

    /** By user and version; of repeats the last one, which is what the restored job made of it. */
    private Map<String, UserProfile> newest() {
        Map<String, UserProfile> newest = new HashMap<>();
        try {
            kafka.read(Topic.USER_PROFILES, UserProfile.class)
                    .forEach(profile -> newest.put(profile.getUserId() + ":" + profile.getVersion(), profile));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return newest;
    }

    /** But for the step back of the restart, a user's versions come one after the other. */
    private void assertVersionsInOrder() throws Exception {
        Map<String, Long> last = new HashMap<>();
        Map<String, Integer> stepsBack = new HashMap<>();
        for (UserProfile profile : kafka.read(Topic.USER_PROFILES, UserProfile.class)) {
            Long before = last.put(profile.getUserId(), profile.getVersion());
            if (before != null && profile.getVersion() != before + 10) {
                assertThat(profile.getVersion()).isLessThanOrEqualTo(before);
                stepsBack.merge(profile.getUserId(), 1, Integer::sum);
            }
        }
        assertThat(stepsBack.values()).allMatch(steps -> steps <= 1);
    }

    private static BehaviorEvent event(int i) {
        EventType[] types = {EventType.VIEW, EventType.VIEW, EventType.CART_ADD, EventType.ORDER};
        return BehaviorEvent.newBuilder()
                .setEventId("e" + i)
                .setUserId("user-" + i % USERS)
                .setEventTime(START + i * 2_000L)
                .setType(types[i / USERS % types.length])
                .setItemId(i % ITEMS == 0 ? null : "item-" + i % ITEMS)
                .setDeviceId("device-" + i % USERS / 6)
                .build();
    }
}
