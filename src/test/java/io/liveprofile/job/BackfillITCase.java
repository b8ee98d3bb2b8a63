package io.liveprofile.job;

import static io.liveprofile.job.TestingShopHistory.ALL;
import static io.liveprofile.job.TestingShopHistory.HISTORY;
import static io.liveprofile.job.TestingShopHistory.LIVE;
import static io.liveprofile.job.TestingShopHistory.MAPPING;
import static io.liveprofile.job.TestingShopHistory.STEP;
import static io.liveprofile.job.TestingShopHistory.UNTIL;
import static io.liveprofile.job.TestingShopHistory.USERS;
import static io.liveprofile.job.TestingShopHistory.event;
import static io.liveprofile.job.TestingShopHistory.frauds;
import static io.liveprofile.job.TestingShopHistory.live;
import static io.liveprofile.job.TestingShopHistory.rows;
import static io.liveprofile.job.TestingShopHistory.time;
import static io.liveprofile.job.TestingShopHistory.user;
import static io.liveprofile.job.TestingShopHistory.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import io.liveprofile.inference.ScoredUpdate;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.profile.ProfileEncoder;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The whole job on history files and a topic behind them. Event number n is in the history, in the topic or in both, under
 * an id of its own in each.
 */
class BackfillITCase {

    private final SingleObject<BehaviorEvent> encoding = new SingleObject<>(BehaviorEvent.class);

    @TempDir
    Path directory;

    private Path history;
    private Configuration options;
    private TestingKafka kafka;
    private TestingCluster cluster;
    private Pseudonymizer pseudonymizer;

    @BeforeEach
    void setUp() throws Exception {
        kafka = new TestingKafka(directory.resolve("kafka"));
        cluster = new TestingCluster(directory, 2);
        history = Files.createDirectory(directory.resolve("history"));
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        pseudonymizer = Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(key));
        options = new Configuration();
        options.set(Options.KAFKA_SERVERS, kafka.servers());
        options.set(Options.KEY_FILE, key.toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        options.set(Options.BACKFILL_PATH, history.toString());
        options.set(Options.BACKFILL_MAPPING, Files.writeString(directory.resolve("old-shop.yaml"), MAPPING).toString());
        options.set(Options.BACKFILL_UNTIL, Instant.ofEpochMilli(time(UNTIL)).toString());
    }

    @AfterEach
    void tearDown() throws Exception {
        cluster.close();
        kafka.close();
    }

    @Test
    void historyAndLiveStreamGiveTheProfilesOfOneRunOverAllOfIt() throws Exception {
        // Two paths, each with half of the users. What is no event ends in the counts, too.
        Path even = Files.createDirectories(history.resolve("even"));
        write(even.resolve("2025-06-a.csv"), rows(0, 700, 0), List.of("no row", "x,user-1,soon,look,s,,"));
        write(Files.createDirectory(even.resolve("2025-06-b")).resolve("part-0.csv.gz"), rows(700, 1_500, 0), List.of(""));
        write(even.resolve("2025-07.csv"), rows(1_500, HISTORY, 0), List.of("x,probe," + time(3) + ",look,s,,"));
        Files.writeString(even.resolve("_SUCCESS"), "");
        Path odd = history.resolve("odd.csv.gz");
        write(odd, rows(0, HISTORY, 1), List.of());
        options.set(Options.BACKFILL_PATH, even + ", " + odd);
        sendLive(LIVE, ALL);

        start(OffsetsInitializer.earliest());
        awaitProfiles(expectedProfiles(ALL));
        awaitLive(ALL - LIVE);
        cluster.stop();

        int rows = HISTORY + 4;
        int frauds = frauds(0, UNTIL);
        int laterFrauds = frauds(UNTIL, HISTORY);
        assertThat(frauds).isGreaterThan(10);
        assertCounts(Map.of(
                Counts.HISTORY, rows,
                Counts.READ, rows + ALL - LIVE,
                Counts.FURTHER, frauds + laterFrauds,
                Counts.PROFILED, ALL,
                Counts.USERS, USERS,
                Counts.OUTSIDE_BACKFILL, HISTORY - UNTIL + laterFrauds + UNTIL - LIVE,
                Counts.SKIPPED, 2,
                Counts.DEAD_LETTERS, 2,
                Counts.OUTCOMES, frauds));
        assertThat(count(Counts.LATE) + count(Counts.DUPLICATES) + count(Counts.QUARANTINED)).isZero();
        assertThat(kafka.read(Topic.DEAD_LETTERS, DeadLetter.class))
                .extracting(letter -> letter.getTopic() + " " + letter.getPartition() + " " + letter.getReason())
                .containsExactlyInAnyOrder("2025-06-a.csv -1 wrong-column-count", "2025-06-a.csv -1 bad-time");
        assertThat(kafka.read(Topic.LABELED_OUTCOMES, LabeledOutcome.class)).hasSize(frauds)
                .allSatisfy(outcome -> assertThat(outcome.getUserId()).startsWith("user-"));
        assertVersions(ALL);
        Map<String, UserProfile> profiles = latest(kafka);

        // The same events, each once, from a topic alone.
        try (TestingKafka other = new TestingKafka(directory.resolve("other"))) {
            for (int n = 0; n < ALL; n++) {
                other.send(Topic.BEHAVIOR_EVENTS, user(n), encoding.encode(event(n)));
            }
            other.flush();
            plain(options).set(Options.KAFKA_SERVERS, other.servers());
            start(OffsetsInitializer.earliest());
            cluster.await("every profile", () -> other.records(Topic.USER_PROFILES).size() >= ALL);
            assertThat(profiles).isEqualTo(latest(other));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NEVER")
    void aFailureChangesNothing(TestingFailure.Point point) throws Exception {
        write(history.resolve("1.csv.gz"), rows(0, 900), List.of());
        write(history.resolve("2.csv"), rows(900, HISTORY), List.of());
        sendLive(LIVE, ALL);

        start(point, HISTORY - 900 + 1);
        awaitProfiles(expectedProfiles(ALL));
        awaitLive(ALL - LIVE);
        cluster.stop();

        assertThat(TestingFailure.failures()).isEqualTo(1);
        assertCounts(Map.of(
                Counts.HISTORY, HISTORY,
                Counts.READ, HISTORY + ALL - LIVE,
                Counts.PROFILED, ALL,
                Counts.OUTSIDE_BACKFILL, HISTORY - UNTIL + UNTIL - LIVE + frauds(UNTIL, HISTORY),
                Counts.DEAD_LETTERS, 0));
        assertVersions(ALL);
    }

    /** With another number of readers, and in the end with a source that knows of no history. */
    @Test
    void afterAStopItGoesOnWithTheHistoryAndOnceThatIsReadWithoutIt() throws Exception {
        write(history.resolve("1.csv"), rows(0, HISTORY), List.of());
        sendLive(LIVE, ALL - 500);

        start(TestingFailure.Point.NEVER, 0);
        cluster.awaitCheckpoint();
        cluster.await("some history", () -> count(Counts.HISTORY) > 100);
        String inTheHistory = cluster.stop();
        assertThat(count(Counts.HISTORY)).isLessThan(HISTORY);
        assertThat(kafka.records(Topic.USER_PROFILES)).hasSizeLessThan(HISTORY);

        define(cluster.environment(inTheHistory).setParallelism(1), TestingFailure.Point.BEHIND_THE_SWITCH, 0);
        awaitProfiles(expectedProfiles(ALL - 500));
        awaitLive(ALL - 500 - LIVE);
        String behindTheSwitch = cluster.stop();

        // The history may go: neither the same options need it any more, nor does a job without them.
        Files.delete(history.resolve("1.csv"));
        Files.delete(history);
        sendLive(ALL - 500, ALL - 200);
        define(cluster.environment(behindTheSwitch), TestingFailure.Point.NEVER, 0);
        awaitProfiles(expectedProfiles(ALL - 200));
        String later = cluster.stop();

        plain(options);
        sendLive(ALL - 200, ALL);
        define(cluster.environment(later), TestingFailure.Point.NEVER, 0);
        awaitProfiles(expectedProfiles(ALL));
        awaitLive(ALL - LIVE);
        cluster.stop();
        assertCounts(Map.of(
                Counts.HISTORY, HISTORY,
                Counts.READ, HISTORY + ALL - LIVE,
                Counts.PROFILED, ALL,
                Counts.OUTSIDE_BACKFILL, HISTORY - UNTIL + UNTIL - LIVE + frauds(UNTIL, HISTORY)));
        assertVersions(ALL);
    }

    /** On a cluster the topic is read from where events of the boundary can lie, and not from its beginning. */
    @Test
    void theTopicIsReadFromTheBoundaryOnWhateverWasReadOfItBefore() throws Exception {
        write(history.resolve("1.csv"), rows(0, UNTIL), List.of());
        kafka.trustSendersClocks(Topic.BEHAVIOR_EVENTS);
        for (int n = 0; n < ALL; n++) {
            kafka.send(Topic.BEHAVIOR_EVENTS, user(n), encoding.encode(live(n)), time(n));
        }
        kafka.flush();

        start(ProfileJob.start(options));
        awaitProfiles(expectedProfiles(ALL));
        // Ten minutes, of which an event may be ahead of its broker's time: 30 events.
        int overlap = (int) (Options.MAX_AHEAD.defaultValue().toMillis() / STEP);
        awaitLive(ALL - UNTIL + overlap);
        cluster.stop();
        assertCounts(Map.of(
                Counts.HISTORY, UNTIL,
                Counts.READ, ALL + overlap,
                Counts.PROFILED, ALL,
                Counts.OUTSIDE_BACKFILL, overlap));
        assertVersions(ALL);
    }

    private void start(OffsetsInitializer from) throws Exception {
        StreamExecutionEnvironment env = cluster.environment();
        ProfileJob.define(env, options, from);
        cluster.submit(env);
    }

    private void start(TestingFailure.Point point, int lastRow) throws Exception {
        define(cluster.environment(), point, lastRow);
    }

    private void define(StreamExecutionEnvironment env, TestingFailure.Point point, int lastRow) throws Exception {
        ProfileJobConfig config = ProfileJobConfig.of(options);
        DataStream<IngestedRecord> records = ProfileJob.records(env, options, config, OffsetsInitializer.earliest());
        ProfilePipeline.define(
                TestingFailure.in(records, point, lastRow),
                new KafkaEnds(options, "").sinks().profileSinks(),
                config);
        cluster.submit(env);
    }

    private static Configuration plain(Configuration options) {
        options.removeConfig(Options.BACKFILL_PATH);
        options.removeConfig(Options.BACKFILL_MAPPING);
        options.removeConfig(Options.BACKFILL_UNTIL);
        return options;
    }

    private void awaitProfiles(Map<String, UserProfile> expected) throws Exception {
        try {
            cluster.await("the newest profile of every user", () -> latest(kafka).equals(expected));
        } catch (AssertionError e) {
            assertThat(latest(kafka)).isEqualTo(expected);
            throw e;
        }
    }

    /** Of records that change no profile, too. */
    private void awaitLive(int records) throws Exception {
        try {
            cluster.await("the whole topic", () -> count(Counts.READ) - count(Counts.HISTORY) == records);
        } catch (AssertionError e) {
            assertThat(count(Counts.READ) - count(Counts.HISTORY)).isEqualTo(records);
            throw e;
        }
    }

    private void assertCounts(Map<String, Integer> expected) {
        Map<String, Long> counts = expected.keySet().stream().collect(Collectors.toMap(name -> name, this::count));
        assertThat(new TreeMap<>(counts)).isEqualTo(new TreeMap<>(expected.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> (long) entry.getValue()))));
        assertThat(count(Counts.READ) + count(Counts.FURTHER)).isEqualTo(
                count(Counts.PROFILED) + count(Counts.LATE) + count(Counts.QUARANTINED) + count(Counts.DUPLICATES)
                        + count(Counts.DEAD_LETTERS) + count(Counts.SKIPPED) + count(Counts.OUTCOMES)
                        + count(Counts.OUTSIDE_BACKFILL));
    }

    /** Every version of every profile was published, with nothing late or held: no event too few, none too many. */
    private void assertVersions(int events) throws IOException {
        Set<String> versions = kafka.read(Topic.USER_PROFILES, UserProfile.class).stream()
                .map(profile -> profile.getUserId() + ":" + profile.getVersion())
                .collect(Collectors.toSet());
        assertThat(versions).hasSize(events);
        assertThat(kafka.read(Topic.LATE_EVENTS, LateEvent.class)).isEmpty();
        assertThat(kafka.read(Topic.QUARANTINE, QuarantinedEvent.class)).isEmpty();
    }

    private long count(String name) {
        return cluster.metrics().count(name);
    }

    private void sendLive(int from, int to) {
        for (int n = from; n < to; n++) {
            kafka.send(Topic.BEHAVIOR_EVENTS, user(n), encoding.encode(live(n)));
        }
        kafka.flush();
    }

    /** What the pure domain makes of each event, taken once. */
    private Map<String, UserProfile> expectedProfiles(int events) throws IOException {
        ProfileJobConfig config = ProfileJobConfig.of(plain(new Configuration(options)));
        UserProfiler profiler = new UserProfiler(config.profiler(), config.featurePlan());
        ProfileEncoder encoder = new ProfileEncoder(config.featurePlan().aggregates(), config.featurePlan().schema());
        SingleObject<UserProfile> codec = new SingleObject<>(UserProfile.class);
        Map<String, UserState> users = new HashMap<>();
        Map<String, UserProfile> profiles = new HashMap<>();
        for (int n = 0; n < events; n++) {
            BehaviorEvent event = event(n);
            event.setUserId(pseudonymizer.pseudonym(event.getUserId()));
            UserState state = users.computeIfAbsent(event.getUserId(), user -> profiler.newUser());
            Verdict verdict = profiler.process(state, event, 0);
            assertThat(verdict).isInstanceOf(Verdict.Profiled.class);
            profiles.put(event.getUserId(), codec.decode(
                    encoder.profile(ScoredUpdate.unscored(((Verdict.Profiled) verdict).update())).value()));
        }
        return profiles;
    }

    /** The newest profile of each user, but for when the broker got its last event. */
    private static Map<String, UserProfile> latest(TestingKafka kafka) {
        try {
            Map<String, UserProfile> latest = new HashMap<>();
            for (UserProfile profile : kafka.read(Topic.USER_PROFILES, UserProfile.class)) {
                profile.setIngestedAt(0);
                latest.merge(profile.getUserId(), profile, (a, b) -> a.getVersion() >= b.getVersion() ? a : b);
            }
            return latest;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
