package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.LateEvent;
import io.liveprofile.event.QuarantinedEvent;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.event.ScoredFeatures;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import io.liveprofile.ingest.Mapping;
import io.liveprofile.ingest.Pseudonymizer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a topic whose values are JSON rows of a foreign system. */
class ForeignTopicITCase {
    /** Ten kinds of row in turn, fifty of each. */
    private static final int ROWS = 500;
    private static final int EACH = ROWS / 10;
    /** Shares no factor with the ten kinds of row, so that each user sends every kind. */
    private static final int USERS = 7;
    private static final long START = 1_750_000_000_000L;
    private static final long WEEK = Duration.ofDays(7).toMillis();

    private static final String MAPPING = """
            name: foreign-shop
            format: json
            columns: {at: at, user: who.id, did: did, sku: item.sku, price: item.price, order: order, proof: proof, source: source}
            match: all
            skip:
              - {name: monitoring, when: row.source == 'probe'}
            fields:
              userId: user
              eventTime: {column: at, unit: ms}
              itemId: sku
              amountMinor: price
              currency: {constant: EUR}
            events:
              - {name: seen, when: "row.did in ['look', 'keep', 'wave']", type: {column: did, map: {look: VIEW, keep: CART_ADD}}}
              - {name: order, when: row.did == 'buy', type: ORDER, eventId: {template: "order-{order}"}}
              - {name: payment, when: row.did == 'buy' && row.proof == '', type: PAYMENT, eventId: {template: "pay-{order}"}}
            outcomes:
              - {label: fraud, when: row.proof == 'fraud', about: order, delay: 7 d, outcomeId: {template: "fraud-{order}"}}
              - {label: returned, when: row.did == 'return', userId: user, time: {column: at, unit: ms}, value: {column: price}}
            """;

    @TempDir
    Path directory;

    private Configuration options;
    private TestingKafka kafka;
    private TestingCluster cluster;
    private Pseudonymizer pseudonymizer;

    @BeforeEach
    void setUp() throws Exception {
        kafka = new TestingKafka(directory.resolve("kafka"));
        cluster = new TestingCluster(directory, 2);
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        pseudonymizer = Pseudonymizer.ofKeyset(Pseudonymizer.readKeyset(key));
        options = new Configuration();
        options.set(Options.KAFKA_SERVERS, kafka.servers());
        options.set(Options.KEY_FILE, key.toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        options.set(Options.MAPPING, Files.writeString(directory.resolve("foreign-shop.yaml"), MAPPING).toString());
    }

    @AfterEach
    void tearDown() throws Exception {
        cluster.close();
        kafka.close();
    }

    @Test
    void everyRowEndsInItsTopicsOrIsCountedAsSkipped() throws Exception {
        for (int i = 0; i < ROWS; i++) {
            kafka.send(Topic.BEHAVIOR_EVENTS, user(i), row(i));
        }
        kafka.flush();
        StreamExecutionEnvironment env = cluster.environment();
        ProfileJob.define(env, options, OffsetsInitializer.earliest());
        cluster.submit(env);
        // look, keep, an order with its payment, a fraudulent order: 5 events. Fraud, return: 2 outcomes. No JSON, no user,
        // unknown type, nothing that a rule foresaw: 4 dead letters. Probe: 1 skipped.
        cluster.await("every event", () -> kafka.records(Topic.USER_PROFILES).size() >= 5 * EACH);
        cluster.await("every outcome", () -> kafka.records(Topic.LABELED_OUTCOMES).size() >= 2 * EACH);
        cluster.await("every dead letter", () -> kafka.records(Topic.DEAD_LETTERS).size() >= 4 * EACH);
        cluster.await("every row", () -> cluster.metrics().count(Counts.READ) == ROWS);
        cluster.stop();

        assertThat(kafka.records(Topic.BEHAVIOR_EVENTS)).hasSize(ROWS);
        assertThat(kafka.read(Topic.SCORED_FEATURES, ScoredFeatures.class)).hasSize(5 * EACH);
        assertThat(kafka.read(Topic.LATE_EVENTS, LateEvent.class)).isEmpty();
        assertThat(kafka.read(Topic.QUARANTINE, QuarantinedEvent.class)).isEmpty();
        assertThat(kafka.read(Topic.RISK_ALERTS, RiskAlert.class)).isEmpty();
        assertProfiles();
        assertDeadLetters();
        assertOutcomes();

        assertThat(count(Counts.READ)).isEqualTo(ROWS);
        // The payment beside its order, the outcome beside the fraudulent one.
        assertThat(count(Counts.FURTHER)).isEqualTo(2 * EACH);
        assertThat(count(Counts.SKIPPED)).isEqualTo(EACH);
        assertThat(count(Counts.OUTCOMES)).isEqualTo(2 * EACH);
        assertThat(count(Counts.DEAD_LETTERS)).isEqualTo(4 * EACH);
        assertThat(count(Counts.PROFILED)).isEqualTo(5 * EACH);
        assertThat(count(Counts.LATE)).isZero();
        assertThat(count(Counts.QUARANTINED)).isZero();
        assertThat(count(Counts.DUPLICATES)).isZero();
    }

    /** The newest version of each user counts the events planted for that user. */
    private void assertProfiles() throws Exception {
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < ROWS; i++) {
            long events = switch (i % 10) {
                case 0, 1, 3 -> 1;
                case 2 -> 2;
                default -> 0;
            };
            expected.merge(pseudonymizer.pseudonym(user(i)), events, Long::sum);
        }
        List<UserProfile> profiles = kafka.read(Topic.USER_PROFILES, UserProfile.class);
        assertThat(profiles).hasSize(5 * EACH);
        Map<String, Long> newest = new HashMap<>();
        profiles.forEach(profile -> newest.merge(profile.getUserId(), profile.getEvents(), Math::max));
        assertThat(newest).isEqualTo(expected).hasSize(USERS);
    }

    private void assertDeadLetters() throws Exception {
        List<DeadLetter> letters = kafka.read(Topic.DEAD_LETTERS, DeadLetter.class);
        Map<String, Integer> reasons = new TreeMap<>();
        letters.forEach(letter -> reasons.merge(letter.getReason(), 1, Integer::sum));
        assertThat(reasons).isEqualTo(Map.of("bad-json", EACH, "missing-field", EACH, "unknown-value", EACH, "no-rule", EACH));
        List<ByteBuffer> broken = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            if (i % 10 >= 5 && i % 10 != 8) {
                broken.add(ByteBuffer.wrap(row(i)));
            }
        }
        assertThat(letters).extracting(DeadLetter::getValue).containsExactlyInAnyOrderElementsOf(broken);
    }

    /** As a replay sends them: the shop's own user id in key and value, the id the mapping's or a hash of row and offset. */
    private void assertOutcomes() throws Exception {
        List<LabeledOutcome> expected = new ArrayList<>();
        Mapping mapping = Mapping.parse("foreign-shop.yaml", MAPPING);
        for (ConsumerRecord<byte[], byte[]> record : kafka.records(Topic.BEHAVIOR_EVENTS)) {
            String row = new String(record.value(), StandardCharsets.UTF_8);
            if (row.contains("\"return\"")) {
                expected.addAll(mapping.mapLine(record.value(), record.offset()).outcomes());
            }
        }
        assertThat(expected).hasSize(EACH).allSatisfy(outcome -> {
            assertThat(outcome.getOutcomeId()).matches("[0-9a-f]{32}");
            assertThat(outcome.getValue()).isEqualTo(12.5);
        });
        for (int i = 3; i < ROWS; i += 10) {
            expected.add(new LabeledOutcome(
                    "fraud-" + i, user(i), "fraud", 1.0, START + i * 20_000L + WEEK, "order-" + i));
        }
        SingleObject<LabeledOutcome> encoding = new SingleObject<>(LabeledOutcome.class);
        List<LabeledOutcome> outcomes = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.records(Topic.LABELED_OUTCOMES)) {
            LabeledOutcome outcome = encoding.decode(record.value());
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(outcome.getUserId());
            outcomes.add(outcome);
        }
        assertThat(outcomes).containsExactlyInAnyOrderElementsOf(expected);
    }

    private long count(String name) {
        return cluster.metrics().count(name);
    }

    private static String user(int i) {
        return "user-" + i % USERS;
    }

    private static byte[] row(int i) {
        return switch (i % 10) {
            case 0 -> row(i, "look", "", "web");
            case 1 -> row(i, "keep", "", "web");
            case 2 -> row(i, "buy", "", "web");
            case 3 -> row(i, "buy", "fraud", "web");
            case 4 -> row(i, "return", "", "web");
            case 5 -> bytes(new String(row(i, "look", "", "web"), StandardCharsets.UTF_8).replace("}", ""));
            case 6 -> bytes("{\"at\": " + (START + i) + ", \"did\": \"look\"}");
            case 7 -> row(i, "wave", "", "web");
            case 8 -> row(i, "buy", "fraud", "probe");
            default -> row(i, "sleep", "", "web");
        };
    }

    private static byte[] row(int i, String did, String proof, String source) {
        return bytes("""
                {"at": %d, "who": {"id": "%s", "name": "N. N."}, "did": "%s", "item": {"sku": "sku-%d", "price": 12.50},
                 "order": %d, "proof": "%s", "source": "%s"}"""
                .formatted(START + i * 20_000L, user(i), did, i % 13, i, proof, source));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
