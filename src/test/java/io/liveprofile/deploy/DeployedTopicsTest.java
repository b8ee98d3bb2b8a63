package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveprofile.event.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers make the topics that the code makes: the same names, partitions, compaction and retention. */
class DeployedTopicsTest {
    private static final int PARTITIONS = 12;

    private record Created(int partitions, Map<String, String> settings) {}

    @Test
    void strimziMakesThem() {
        Map<String, Created> created = new HashMap<>();
        for (JsonNode topic : DeployFiles.kubernetes("KafkaTopic")) {
            assertThat(topic.at("/metadata/labels").get("strimzi.io/cluster").asText()).isEqualTo("liveprofile");
            assertThat(topic.at("/spec/replicas").asInt()).isEqualTo(3);
            created.put(DeployFiles.name(topic),
                    new Created(topic.at("/spec/partitions").asInt(), DeployFiles.flat(topic.at("/spec/config"))));
        }
        assertThat(created).isEqualTo(declared());
    }

    /** Runs the script of the compose file with a stand-in for kafka-topics.sh that writes down what it is asked. */
    @Test
    void theScriptOfTheComposeFileMakesThem(@TempDir Path directory) throws Exception {
        Path asked = directory.resolve("asked");
        Path standIn = Files.writeString(
                directory.resolve("kafka-topics.sh"), "#!/usr/bin/env bash\necho \"$@\" >> '" + asked + "'\n");
        Files.setPosixFilePermissions(standIn, PosixFilePermissions.fromString("rwx------"));
        run(standIn);

        Map<String, Created> created = new HashMap<>();
        for (String line : Files.readAllLines(asked)) {
            List<String> arguments = Arrays.asList(line.split(" "));
            assertThat(arguments).contains("--create", "--if-not-exists").containsSequence("--bootstrap-server", "kafka:1");
            created.put(after(arguments, "--topic").get(0),
                    new Created(Integer.parseInt(after(arguments, "--partitions").get(0)), settings(after(arguments, "--config"))));
        }
        assertThat(created).isEqualTo(declared());
    }

    private static void run(Path standIn) throws IOException, InterruptedException {
        ProcessBuilder script = new ProcessBuilder("bash", "deploy/compose/create-topics.sh").redirectErrorStream(true);
        script.environment().putAll(Map.of(
                "KAFKA_TOPICS", standIn.toString(), "BOOTSTRAP_SERVERS", "kafka:1", "PARTITIONS", Integer.toString(PARTITIONS)));
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    private static Map<String, Created> declared() {
        Map<String, Created> topics = new HashMap<>();
        for (Topic topic : Topic.values()) {
            topics.put(topic.topicName(), new Created(topic.partitions(PARTITIONS), topic.settings()));
        }
        return topics;
    }

    private static List<String> after(List<String> arguments, String option) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i + 1 < arguments.size(); i++) {
            if (arguments.get(i).equals(option)) {
                values.add(arguments.get(i + 1));
            }
        }
        return values;
    }

    private static Map<String, String> settings(List<String> assignments) {
        Map<String, String> settings = new HashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            settings.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return settings;
    }
}
