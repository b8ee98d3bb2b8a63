package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.PredictionStatus;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.inference.ScoredUpdate;
import io.liveprofile.ingest.EventDecoder;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.profile.ProfileEncoder;
import io.liveprofile.profile.UserProfiler;
import io.liveprofile.profile.UserState;
import io.liveprofile.profile.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job between two ends of a real broker. */
class ProfileJobITCase {
    private static final int MESSAGES = 2_000;
    /** Shares no factor with the twenty kinds of message, so that each user gets every kind. */
    private static final int USERS = 37;
    private static final long START = 1_750_000_000_000L;
    private static final long TWO_DAYS = 172_800_000L;

    private final SingleObject<BehaviorEvent> encoding = new SingleObject<>(BehaviorEvent.class);

    @TempDir
    Path directory;

    private Configuration options;
    private TestingKafka kafka;
    private TestingCluster cluster;

    /** What was sent, by where it must end. */
    private final Map<String, Integer> planted = new TreeMap<>();
    private final Set<ByteBuffer> brokenValues = new HashSet<>();

    @BeforeEach
    void setUp() throws Exception {
        kafka = new TestingKafka(directory.resolve("kafka"));
        cluster = new TestingCluster(directory, 2);
        options = new Configuration();
        options.set(Options.KAFKA_SERVERS, kafka.servers());
        options.set(Options.KEY_FILE, directory.resolve("key.json").toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        options.set(Options.HOT_USERS, new MemorySize(16 << 10));
        Pseudonymizer.createKeyset(directory.resolve("key.json"));
    }

    @AfterEach
    void tearDown() throws Exception {
        cluster.close();
        kafka.close();
    }

    @Test
    void everyRecordEndsInExactlyOneTopicAndIsCounted() throws Exception {
        for (int i = 0; i < MESSAGES; i++) {
            plant(i);
        }
        kafka.flush();
        start();
        cluster.await("all records", () -> ends() == MESSAGES - planted.get("duplicate"));
        cluster.stop();

        assertThat(kafka.records(Topic.BEHAVIOR_EVENTS)).hasSize(MESSAGES);
        List<UserProfile> profiles = kafka.read(Topic.USER_PROFILES, UserProfile.class);
        assertThat(profiles).hasSize(planted.get("good"));
        assertThat(kafka.read(Topic.SCORED_FEATURES, ScoredFeatures.class)).hasSize(planted.get("good"));
        assertThat(kafka.read(Topic.LATE_EVENTS, LateEvent.class))
                .hasSize(planted.get("late"))
                .allSatisfy(late -> assertThat(late.getLatenessMillis()).isGreaterThan(86_400_000L));
        assertThat(kafka.read(Topic.QUARANTINE, QuarantinedEvent.class))
                .hasSize(planted.get("outlier"))
                .allSatisfy(held -> assertThat(held.getReasons().get(0).getCode()).isEqualTo("amount-hard-max"));
        assertThat(kafka.read(Topic.RISK_ALERTS, RiskAlert.class)).isEmpty();

        List<DeadLetter> letters = kafka.read(Topic.DEAD_LETTERS, DeadLetter.class);
        Map<String, Integer> reasons = new TreeMap<>();
        letters.forEach(letter -> reasons.merge(letter.getReason(), 1, Integer::sum));
        planted.forEach((kind, count) -> {
            if (!Set.of("good", "late", "duplicate", "outlier").contains(kind)) {
                assertThat(reasons).containsEntry(kind, count);
            }
        });
        Set<ByteBuffer> values = new HashSet<>();
        letters.forEach(letter -> values.add(letter.getValue()));
        assertThat(values).as("original bytes").containsAll(brokenValues);

        assertThat(profiles).allSatisfy(profile -> {
            assertThat(profile.getPredictionStatus()).isEqualTo(PredictionStatus.NO_MODEL);
            assertThat(profile.getUserId()).hasSize(22);
        });
        assertThat(latest(profiles)).isEqualTo(expectedProfiles()).hasSize(USERS);
    }

    @Test
    void afterAKillTheProfilesAreThoseOfAnUndisturbedRun() throws Exception {
        start();
        for (int i = 0; i < MESSAGES; i++) {
            plant(i);
            if (i == MESSAGES / 3 || i == 2 * MESSAGES / 3) {
                kafka.flush();
                int some = planted.get("good") / 2;
                cluster.await("some profiles", () -> kafka.records(Topic.USER_PROFILES).size() >= some);
                cluster.awaitCheckpoint();
            } else if (i == MESSAGES / 3 + 50 || i == 2 * MESSAGES / 3 + 50) {
                kafka.flush();
                cluster.killTaskManager();
            }
        }
        kafka.flush();
        Map<String, UserProfile> expected = expectedProfiles();
        cluster.await("the newest profile of every user", () -> {
            try {
                return latest(kafka.read(Topic.USER_PROFILES, UserProfile.class)).equals(expected);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        cluster.stop();

        assertThat(latest(kafka.read(Topic.USER_PROFILES, UserProfile.class))).isEqualTo(expected);
        assertNothingMissing();
    }

    /** Repeats are allowed, told by their ids; a gap is not. */
    private void assertNothingMissing() throws IOException {
        Set<String> versions = new HashSet<>();
        kafka.read(Topic.USER_PROFILES, UserProfile.class)
                .forEach(profile -> versions.add(profile.getUserId() + ":" + profile.getVersion()));
        assertThat(versions).hasSize(planted.get("good"));
        Set<String> predictions = new HashSet<>();
        kafka.read(Topic.SCORED_FEATURES, ScoredFeatures.class)
                .forEach(scored -> predictions.add(scored.getPredictionId()));
        assertThat(predictions).isEqualTo(versions);
        Set<String> late = new HashSet<>();
        kafka.read(Topic.LATE_EVENTS, LateEvent.class).forEach(each -> late.add(each.getEvent().getEventId()));
        assertThat(late).hasSize(planted.get("late"));
        Set<String> quarantined = new HashSet<>();
        kafka.read(Topic.QUARANTINE, QuarantinedEvent.class)
                .forEach(each -> quarantined.add(each.getEvent().getEventId()));
        assertThat(quarantined).hasSize(planted.get("outlier"));
        Set<String> letters = new HashSet<>();
        kafka.read(Topic.DEAD_LETTERS, DeadLetter.class)
                .forEach(letter -> letters.add(letter.getPartition() + ":" + letter.getOffset()));
        int broken = planted.values().stream().mapToInt(n -> n).sum()
                - planted.get("good") - planted.get("late") - planted.get("outlier") - planted.get("duplicate");
        assertThat(letters).hasSize(broken);
    }

    private void start() throws Exception {
        StreamExecutionEnvironment env = cluster.environment();
        ProfileJob.define(env, options, OffsetsInitializer.earliest());
        cluster.submit(env);
    }

    private long ends() {
        return kafka.records(Topic.USER_PROFILES).size()
                + kafka.records(Topic.LATE_EVENTS).size()
                + kafka.records(Topic.QUARANTINE).size()
                + kafka.records(Topic.DEAD_LETTERS).size();
    }

    /** Sends message number {@code i}: of twenty, fifteen good, one repeat, one late, one outlier and two broken ones. */
    private void plant(int i) {
        // A good event comes first for each user, so that there is something to be late against.
        int kind = i < 2 * USERS ? 0 : i % 20;
        String user = "user-" + (i % USERS);
        BehaviorEvent event = event(user, i);
        switch (kind) {
            case 15 -> {
                count("duplicate");
                kafka.send(Topic.BEHAVIOR_EVENTS, "user-" + ((i - 1) % USERS), encoding.encode(event("user-" + ((i - 1) % USERS), i - 1)));
            }
            case 16 -> {
                count("late");
                event.setEventTime(event.getEventTime() - TWO_DAYS - i * 1_000L);
                kafka.send(Topic.BEHAVIOR_EVENTS, user, encoding.encode(event));
            }
            case 17 -> {
                count("outlier");
                event.setAmountMinor(1_000_000_000L);
                kafka.send(Topic.BEHAVIOR_EVENTS, user, encoding.encode(event));
            }
            case 18 -> sendBrokenBytes(user, encoding.encode(event), i);
            case 19 -> sendInvalid(user, event, i);
            default -> {
                count("good");
                kafka.send(Topic.BEHAVIOR_EVENTS, user, encoding.encode(event));
            }
        }
    }

    private void sendBrokenBytes(String user, byte[] good, int i) {
        byte[] bytes;
        switch (i / 20 % 3) {
            case 0 -> {
                bytes = ("not avro " + i).getBytes(StandardCharsets.UTF_8);
                count("not-single-object");
            }
            case 1 -> {
                bytes = good;
                bytes[5] ^= 1;
                count("unknown-schema");
            }
            default -> {
                bytes = Arrays.copyOf(good, good.length - 3);
                count("broken-value");
            }
        }
        brokenValues.add(ByteBuffer.wrap(bytes));
        kafka.send(Topic.BEHAVIOR_EVENTS, user, bytes);
    }

    private void sendInvalid(String user, BehaviorEvent event, int i) {
        switch (i / 20 % 3) {
            case 0 -> {
                event.setAmountMinor(-5L);
                count("negative-amount");
            }
            case 1 -> {
                event.setEventTime(System.currentTimeMillis() + 3_600_000);
                count("time-in-future");
            }
            default -> {
                event.setUserId("");
                count("missing-user-id");
            }
        }
        kafka.send(Topic.BEHAVIOR_EVENTS, user, encoding.encode(event));
    }

    private void count(String kind) {
        planted.merge(kind, 1, Integer::sum);
    }

    private static BehaviorEvent event(String user, int i) {
        EventType[] types = {EventType.VIEW, EventType.SEARCH, EventType.CART_ADD, EventType.ORDER};
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId("e" + i)
                .setUserId(user)
                .setEventTime(START + i * 2_000L)
                .setType(types[i / USERS % types.length])
                .setItemId("item-" + i % 17)
                .setCategoryId("category-" + i % 5)
                .setSessionId("session-" + i / 500)
                .build();
        event.setAmountMinor(1_000L + i % 7);
        return event;
    }

    /** What the pure domain makes of the same records, in the order of the broker. */
    private Map<String, UserProfile> expectedProfiles() throws IOException {
        ProfileJobConfig config = ProfileJobConfig.of(options);
        UserProfiler profiler = new UserProfiler(config.profiler(), config.featurePlan());
        ProfileEncoder encoder = new ProfileEncoder(config.featurePlan().aggregates(), config.featurePlan().schema());
        SingleObject<UserProfile> codec = new SingleObject<>(UserProfile.class);
        EventDecoder decoder = EventDecoder.avro(
                config.limits(), Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(directory.resolve("key.json"))));
        Map<String, UserState> users = new HashMap<>();
        Map<String, UserProfile> profiles = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.records(Topic.BEHAVIOR_EVENTS)) {
            IngestedRecord decoded = decoder.decode(
                    record.topic(), record.partition(), record.offset(), record.timestamp(), record.key(), record.value())
                    .get(0);
            if (decoded.getEvent() == null) {
                continue;
            }
            UserState state = users.computeIfAbsent(decoded.getEvent().getUserId(), user -> profiler.newUser());
            if (profiler.process(state, decoded.getEvent(), record.timestamp()) instanceof Verdict.Profiled profiled) {
                UserUpdate update = profiled.update();
                profiles.put(update.userId(), codec.decode(encoder.profile(ScoredUpdate.unscored(update)).value()));
            }
        }
        return profiles;
    }

    private static Map<String, UserProfile> latest(List<UserProfile> profiles) {
        Map<String, UserProfile> latest = new HashMap<>();
        for (UserProfile profile : profiles) {
            latest.merge(profile.getUserId(), profile, (a, b) -> a.getVersion() >= b.getVersion() ? a : b);
        }
        return latest;
    }
}
