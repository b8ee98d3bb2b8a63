package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.liveprofile.event.Reason;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.event.UserProfile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles written by hand: ada has versions 1, 3 and a repeat of 2; bob was erased; eve came back after that. */
class ProfileCommandTest {
    private static final long TIME = 1_700_000_000_000L;

    @TempDir
    private Path directory;

    private final TestingConsole console = new TestingConsole();
    private final StringWriter out = console.out;
    private final StringWriter err = console.err;

    @Test
    void findsTheCurrentProfileAfterTheRunAndDuringIt() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
                Topics topics = new Topics(broker.bootstrapServers())) {
            topics.create(2);
            publish(broker);
        }
        assertThat(execute("user-ada")).isZero();
        assertThat(out.toString()).contains(
                "\"version\": 3", "\"updatedAt\": " + TIME + ",", "\"updatedAtIso\": \"2023-11-14T22:13:20Z\",",
                "\"views_1h\": 3");

        assertThat(execute("shop-ada")).as("the shop's own id").isZero();
        assertThat(execute("user-bob")).isEqualTo(1);
        assertThat(err.toString()).startsWith("error: the profile of user-bob was erased; some that exist: ");
        assertThat(execute("user-eve")).isZero();
        assertThat(out.toString()).contains("\"version\": 1");
        assertThat(execute("nobody")).isEqualTo(1);
        assertThat(err.toString()).matches("error: no profile of user nobody; some that exist: user-\\w+, user-\\w+\\R");
        assertThat(execute()).isZero();
        assertThat(out.toString()).contains("  user-ada", "  user-eve").doesNotContain("user-bob");

        // A run holds the directory: its broker is asked, not a second one started.
        try (RunDirectory held = RunDirectory.hold(directory)) {
            assertThat(execute("user-ada")).isEqualTo(2);
            assertThat(err.toString()).contains("is just starting or ending: try again in a few seconds");
            try (EmbeddedBroker broker = EmbeddedBroker.start(held.kafka(), 0)) {
                RunDirectory.write(
                        RunDirectory.addresses(directory),
                        JsonNodeFactory.instance.objectNode()
                                .put("kafka", broker.bootstrapServers()));
                assertThat(execute("user-ada")).isZero();
                assertThat(out.toString()).contains("\"version\": 3");
            }
        }
    }

    @Test
    void withoutARunSaysHowToStartOne() {
        assertThat(execute("user-ada")).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines(
                "error: there is no run in " + directory + ": start one with 'make run'");
        assertThat(execute("user-ada", "-v")).isEqualTo(2);
        assertThat(err.toString()).contains("\tat io.liveprofile.local.ProfileCommand");
    }

    @Test
    void numbersAreReadable() {
        UserProfile profile = TestingJob.profile("ada", 1, TIME);
        profile.setStatistics(Map.of("b", 0.1 + 0.2, "a", 1e7, "c", Double.NaN, "d", 0.0));
        profile.setEmbedding(List.of(0.1f));
        assertThat(RecordJson.text(profile))
                .contains("\"embedding\": [ 0.1 ]")
                .contains("""
                          "statistics": {
                            "a": 10000000,
                            "b": 0.3,
                            "c": "NaN",
                            "d": 0
                          },""".indent(2).stripTrailing().substring(2));
    }

    @Test
    void anExplanationIsReadable() {
        UserProfile profile = TestingJob.profile("ada", 1, TIME);
        profile.setExplanations(Map.of("fraud", List.of(new Reason(
                "lowers-log-odds", "views_1h", 3.0, 0.25, "views_1h 3.000, usually 0.2500, takes 0.40 from the log-odds"))));
        assertThat(RecordJson.text(profile)).contains("""
                          "explanations": {
                            "fraud": [ {
                              "code": "lowers-log-odds",
                              "field": "views_1h",
                              "limit": 0.25,
                              "text": "views_1h 3.000, usually 0.2500, takes 0.40 from the log-odds",
                              "value": 3
                            } ]
                          },""".indent(2).stripTrailing().substring(2));
    }

    private static void publish(EmbeddedBroker broker) {
        SingleObject<UserProfile> codec = new SingleObject<>(UserProfile.class);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (long version : new long[] {1, 3, 2}) {
                send(producer, "user-ada", codec.encode(TestingJob.profile("user-ada", version, TIME)));
            }
            for (String user : new String[] {"user-bob", "user-eve"}) {
                send(producer, user, codec.encode(TestingJob.profile(user, 5, TIME)));
                send(producer, user, null);
            }
            send(producer, "user-eve", codec.encode(TestingJob.profile("user-eve", 1, TIME)));
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String user, byte[] profile) {
        producer.send(new ProducerRecord<>(
                Topic.USER_PROFILES.topicName(), user.getBytes(StandardCharsets.UTF_8), profile));
    }

    private int execute(String... arguments) {
        return console.execute("profile", directory, arguments);
    }
}
