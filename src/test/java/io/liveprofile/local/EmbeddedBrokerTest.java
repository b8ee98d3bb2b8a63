package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    @Test
    void whatWasAcknowledgedIsThereAfterARestartOnAnotherPort(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                Topics topics = new Topics(broker.bootstrapServers())) {
            topics.create(3);
            send(broker, "ada", "1");
            send(broker, "bob", "2");
            assertThat(topics.records(Topic.BEHAVIOR_EVENTS)).isEqualTo(2);
        }
        try (EmbeddedBroker again = EmbeddedBroker.start(directory, 0);
                Topics topics = new Topics(again.bootstrapServers())) {
            assertThat(topics.records(Topic.BEHAVIOR_EVENTS)).isEqualTo(2);
            topics.create(3);
            send(again, "ada", "3");
            assertThat(topics.records(Topic.BEHAVIOR_EVENTS)).isEqualTo(3);
            assertThat(topics.records(Topic.LATE_EVENTS)).isZero();
            assertThatThrownBy(() -> topics.create(5))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("topic behavior-events has 3 partitions, asked for are 5");
        }
    }

    /** A copy of a running broker's files is what a hard kill leaves. */
    @Test
    void whatWasAcknowledgedIsThereAfterAHardKill(@TempDir Path directory) throws Exception {
        Path left;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
                Topics topics = new Topics(broker.bootstrapServers())) {
            topics.create(1);
            send(broker, "ada", "1");
            left = copy(broker.directory(), Files.createDirectory(directory.resolve("left")));
        }
        try (EmbeddedBroker again = EmbeddedBroker.start(left, 0);
                Topics topics = new Topics(again.bootstrapServers())) {
            assertThat(topics.records(Topic.BEHAVIOR_EVENTS)).isEqualTo(1);
        }
    }

    @Test
    void topicsGetTheirSettingsAndKeyedOnesTheirPartitions(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                Topics topics = new Topics(broker.bootstrapServers());
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            topics.create(3);
            topics.create(3);
            assertThat(admin.listTopics().names().get())
                    .containsExactlyInAnyOrder(java.util.Arrays.stream(Topic.values())
                            .map(Topic::topicName)
                            .toArray(String[]::new));
            var described = admin.describeTopics(List.of("behavior-events", "user-profiles", "dead-letters"))
                    .allTopicNames()
                    .get();
            assertThat(described.get("behavior-events").partitions()).hasSize(3);
            assertThat(described.get("user-profiles").partitions()).hasSize(3);
            assertThat(described.get("dead-letters").partitions()).hasSize(1);
            assertThat(setting(admin, "user-profiles", "cleanup.policy")).isEqualTo("compact");
            assertThat(setting(admin, "behavior-events", "cleanup.policy")).isEqualTo("delete");
            assertThat(setting(admin, "behavior-events", "message.timestamp.type")).isEqualTo("LogAppendTime");
        }
    }

    @Test
    void busyPortIsNamedBeforeAnythingStarts(@TempDir Path directory) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory.resolve("kafka"), taken.getLocalPort()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("port " + taken.getLocalPort()
                            + " is busy: end what listens there, or choose another with KAFKA_PORT");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void portOutOfRangeIsNamed() {
        assertThatThrownBy(() -> Ports.requireFree(65_536, "FLINK_PORT"))
                .hasMessage("FLINK_PORT: port 65536 does not exist, allowed are 0 (any free one) to 65535");
    }

    private static String setting(Admin admin, String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(key).value();
    }

    /** Again with a new target when the broker has renamed or removed a file meanwhile; returns the one that is whole. */
    private static Path copy(Path from, Path targets) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path to = targets.resolve(Integer.toString(attempt));
            try (Stream<Path> tree = Files.walk(from)) {
                for (Path file : tree.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
                return to;
            } catch (NoSuchFileException e) {
                // Named by the copy.
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof NoSuchFileException)) { // named by the walk
                    throw e;
                }
            }
        }
    }

    private static void send(EmbeddedBroker broker, String key, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("behavior-events", key, value)).get();
        }
    }
}
