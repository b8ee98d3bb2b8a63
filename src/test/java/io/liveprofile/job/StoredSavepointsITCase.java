package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EncodedRecord;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.SchemaHistory;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.UserProfile;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import io.liveprofile.sink.ProfileSinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.SavepointFormatType;
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
 * Every savepoint ever stored is restored under changed features. {@code -Dsavepoint.write=NAME} stores one more, of this
 * version; none is ever taken away.
 */
class StoredSavepointsITCase {
    private static final Path STORED = Path.of("src/test/resources/savepoints");
    private static final int USERS = 20;
    private static final int EVENTS_BEFORE = 200;
    private static final long START = 1_750_000_000_000L;
    private static final long STEP = 10_000;
    /** In the order in which they feed jobs. None goes on where another was: a filter has the uid of each that is gone. */
    private static final List<String> SOURCES = List.of("before", "without-keys", "after");

    private static final String FEATURES_BEFORE = """
            windows:
              1h: { length: 1 h, hop: 5 min }
              1d: { length: 1 d, hop: 1 h }
            aggregates:
              kept:        { op: count, events: [VIEW, ORDER], windows: [1h, 1d, lifetime] }
              changed:     { op: sum, field: amountMinor, windows: [1d] }
              removed:     { op: max, field: amountMinor, windows: [1d] }
              last_items:  { op: last_k, field: itemId, k: 3, windows: [1d] }
              items:       { op: distinct, field: itemId, windows: [1d] }
              visits:      { op: sessions, gap: 10 min, windows: [1d] }
              by_type:     { op: histogram, field: channel, windows: [1d] }
              web_events:  { key: channel, op: count }
              other:       { key: deviceId, op: count }
            features: [ { statistics: [kept] } ]
            """;
    /** One changed, one removed, one added, one longer window, keys in another order and one of them gone. */
    private static final String FEATURES_AFTER = """
            windows:
              1h: { length: 1 h, hop: 5 min }
              1d: { length: 1 d, hop: 1 h }
              2d: { length: 2 d, hop: 1 h }
            aggregates:
              added:       { op: count, windows: [1h, 1d] }
              added_key:   { key: brand, op: count }
              web_events:  { key: channel, op: count }
              kept:        { op: count, events: [VIEW, ORDER], windows: [1h, 1d, 2d, lifetime] }
              changed:     { op: sum, field: quantity, windows: [1d] }
              last_items:  { op: last_k, field: itemId, k: 3, windows: [1d] }
              items:       { op: distinct, field: itemId, windows: [1d] }
              visits:      { op: sessions, gap: 10 min, windows: [1d] }
              by_type:     { op: histogram, field: channel, windows: [1d] }
            features: [ { statistics: [kept] } ]
            """;
    private static final String FEATURES_WITHOUT_KEYS = FEATURES_AFTER.lines()
            .filter(line -> !line.contains("key:"))
            .collect(Collectors.joining("\n"));

    @TempDir
    Path directory;

    private TestingCluster cluster;

    static Stream<Path> stored() throws IOException {
        return Files.list(STORED).sorted().toList().stream();
    }

    @BeforeEach
    void setUp() throws Exception {
        cluster = new TestingCluster(directory, 2);
        Newest.PROFILES.clear();
    }

    @AfterEach
    void tearDown() throws Exception {
        cluster.close();
    }

    @Test
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void storesOneWhenAsked() throws Exception {
        String name = System.getProperty("savepoint.write");
        cluster.submit(define(FEATURES_BEFORE, 0, EVENTS_BEFORE, "before"));
        cluster.await("all profiles", () -> events() == EVENTS_BEFORE);
        Files.createDirectories(STORED);
        Path made = cluster.stopWithSavepoint(SavepointFormatType.CANONICAL);
        Files.move(made, STORED.resolve(name));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void whatIsKeptGoesOnAndWhatIsNewSaysSinceWhen(Path savepoint) throws Exception {
        cluster.submit(define(FEATURES_AFTER, EVENTS_BEFORE, 2 * EVENTS_BEFORE, "after"), savepoint);
        cluster.await("all profiles", () -> events() == 2 * EVENTS_BEFORE);
        cluster.stop();

        assertThat(Newest.PROFILES).hasSize(USERS);
        assertThat(maximum("web_events")).as("the state of a key goes on, too").isEqualTo(2 * EVENTS_BEFORE);
        int each = EVENTS_BEFORE / USERS;
        long lastBefore = START + (EVENTS_BEFORE - USERS) * STEP;
        Newest.PROFILES.forEach((user, profile) -> {
            int number = Integer.parseInt(user.substring(1));
            long newestBefore = lastBefore + number * STEP;
            assertThat(profile.getEvents()).isEqualTo(2L * each);
            assertThat(profile.getStatistics())
                    .containsEntry("kept_1d", 2.0 * each)
                    .containsEntry("kept_2d", 2.0 * each)
                    .containsEntry("kept_lifetime", 2.0 * each)
                    .containsEntry("added_1d", (double) each)
                    .containsEntry("changed_1d", 1.0 * each)
                    .containsEntry("items_1d", 2.0 * each)
                    .containsEntry("visits_1d", 1.0)
                    .containsEntry("visits_events_1d", 2.0 * each)
                    .doesNotContainKeys("removed_1d", "other");
            assertThat(profile.getStatistics().get("added_key")).isBetween(1.0, (double) EVENTS_BEFORE);
            assertThat(profile.getBreakdowns()).isEqualTo(Map.of("by_type", Map.of("web", 2.0 * each)));
            assertThat(profile.getLists().get("last_items")).hasSize(3).first().isEqualTo("item-" + (2 * each - 1));
            assertThat(profile.getCountsSince()).isEqualTo(Map.of(
                    "added_1h", newestBefore, "added_1d", newestBefore, "changed_1d", newestBefore,
                    "kept_2d", Math.floorDiv(newestBefore - 86_400_000, 3_600_000) * 3_600_000));
        });
    }

    /** What keys have counted is forgotten with the last of them. */
    @ParameterizedTest
    @MethodSource("stored")
    void theLastKeyGoesAndComesAgain(Path savepoint) throws Exception {
        cluster.submit(define(FEATURES_WITHOUT_KEYS, EVENTS_BEFORE, 2 * EVENTS_BEFORE, "without-keys"), savepoint);
        cluster.await("all profiles", () -> events() == 2 * EVENTS_BEFORE);
        assertThat(Newest.PROFILES.values()).hasSize(USERS).allSatisfy(profile -> assertThat(profile.getStatistics())
                .containsEntry("kept_1d", 2.0 * EVENTS_BEFORE / USERS)
                .doesNotContainKeys("web_events", "added_key"));
        Path without = cluster.stopWithSavepoint(SavepointFormatType.CANONICAL);

        cluster.submit(define(FEATURES_AFTER, 2 * EVENTS_BEFORE, 3 * EVENTS_BEFORE, "after"), without);
        cluster.await("all profiles", () -> events() == 3 * EVENTS_BEFORE);
        cluster.stop();
        assertThat(Newest.PROFILES.values()).hasSize(USERS).allSatisfy(profile -> assertThat(profile.getStatistics())
                .containsEntry("kept_1d", 3.0 * EVENTS_BEFORE / USERS));
        assertThat(maximum("web_events")).as("anew").isEqualTo(EVENTS_BEFORE);
        assertThat(maximum("added_key")).isEqualTo(EVENTS_BEFORE);
    }

    /** The setting came later than the state: Flink refuses it by itself. */
    @ParameterizedTest
    @MethodSource("stored")
    void stateKeepsItsKeyGroupsWhateverIsSet(Path savepoint) throws Exception {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.MAX_PARALLELISM, 720);
        settings.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
        StreamExecutionEnvironment env = define(FEATURES_AFTER, EVENTS_BEFORE, 2 * EVENTS_BEFORE, "after");
        env.configure(settings);
        KeyGroups.keep(env);
        cluster.submit(env, savepoint);
        cluster.await("all profiles", () -> events() == 2 * EVENTS_BEFORE);
        cluster.stop();
    }

    @Test
    void theFirstKeyComes() throws Exception {
        cluster.submit(define(FEATURES_WITHOUT_KEYS, 0, EVENTS_BEFORE, "without-keys"));
        cluster.await("all profiles", () -> events() == EVENTS_BEFORE);
        Path without = cluster.stopWithSavepoint(SavepointFormatType.CANONICAL);

        cluster.submit(define(FEATURES_AFTER, EVENTS_BEFORE, 2 * EVENTS_BEFORE, "after"), without);
        cluster.await("all profiles", () -> events() == 2 * EVENTS_BEFORE);
        cluster.stop();
        assertThat(maximum("web_events")).isEqualTo(EVENTS_BEFORE);
    }

    private static double maximum(String statistic) {
        return Newest.PROFILES.values().stream()
                .mapToDouble(profile -> profile.getStatistics().get(statistic))
                .max()
                .orElseThrow();
    }

    private StreamExecutionEnvironment define(String features, int from, int to, String source) throws Exception {
        Path file = Files.writeString(directory.resolve(source + ".yaml"), features);
        Configuration options = new Configuration();
        options.set(Options.FEATURES, file.toString());
        options.set(Options.MODEL_STORE, "");
        options.set(Options.REFRESH, Duration.ZERO);
        StreamExecutionEnvironment env = cluster.environment();
        ProfileJob.configure(env);
        env.setParallelism(2);
        DataStream<IngestedRecord> records = env.fromSource(
                        new DataGeneratorSource<>(new Numbered(from, to), Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(1_000), IngestedRecordTypeInfo.INSTANCE),
                        WatermarkStrategy.noWatermarks(), source)
                .setParallelism(1)
                .uid("test-" + source);
        for (String earlier : SOURCES.subList(0, SOURCES.indexOf(source))) {
            records = records.filter(record -> true).uid("test-" + earlier);
        }
        ProfilePipeline.define(records,
                new ProfileSinks(new Newest(), new DiscardingSink<>(), new DiscardingSink<>(), new DiscardingSink<>(),
                        new DiscardingSink<>(), new DiscardingSink<>(), new DiscardingSink<>(), new DiscardingSink<>(),
                        new DiscardingSink<>()),
                ProfileJobConfig.of(options));
        return env;
    }

    private static long events() {
        return Newest.PROFILES.values().stream().mapToLong(UserProfile::getEvents).sum();
    }

    /** The events from one number to another, then nothing but skipped rows. */
    private record Numbered(int from, int to) implements GeneratorFunction<Long, IngestedRecord> {
        @Override
        public IngestedRecord map(Long index) {
            long number = from + index;
            if (number >= to) {
                return new IngestedRecord("test", 0, number, 0L, null, null, null, "nothing more", 0);
            }
            String user = "u" + number % USERS;
            BehaviorEvent event = BehaviorEvent.newBuilder()
                    .setEventId("e" + number)
                    .setUserId(user)
                    .setEventTime(START + number * STEP)
                    .setType(number % 2 == 0 ? EventType.VIEW : EventType.ORDER)
                    .setItemId("item-" + number / USERS)
                    .setDeviceId("device")
                    .setBrand("brand")
                    .setChannel("web")
                    .setAmountMinor(100L)
                    .setQuantity(1)
                    .build();
            return new IngestedRecord("test", 0, number, event.getEventTime(), event, null, null, null, 0);
        }
    }

    /** Keeps the newest profile of each user. */
    private static final class Newest implements Sink<EncodedRecord> {
        private static final long serialVersionUID = 1L;
        private static final Map<String, UserProfile> PROFILES = new ConcurrentHashMap<>();

        @Override
        public SinkWriter<EncodedRecord> createWriter(WriterInitContext context) {
            SingleObject<UserProfile> encoding = new SingleObject<>(UserProfile.class, SchemaHistory.of(UserProfile.class));
            return new SinkWriter<>() {
                @Override
                public void write(EncodedRecord record, Context context) throws IOException {
                    UserProfile profile = encoding.decode(record.value());
                    PROFILES.merge(profile.getUserId(), profile, (a, b) -> a.getVersion() > b.getVersion() ? a : b);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
