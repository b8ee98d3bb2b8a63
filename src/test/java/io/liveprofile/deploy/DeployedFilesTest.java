package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every file of deploy/, and for the image. */
class DeployedFilesTest {
    private static final Pattern SECRET_KEY = Pattern.compile("(?i).*(password|passwd|secret|token|credential|access-?key).*");
    /** Names of secrets and of their keys, and files that hold them, which are no secrets. */
    private static final List<String> REFERENCES = List.of("secretName", "secretKeyRef", "secrets", "secret");
    private static final Pattern ABSOLUTE_PATH = Pattern.compile("(?<=\\s)/\\S+");
    private static final Path DOCKERFILE = Path.of("deploy/docker/Dockerfile");

    static List<Path> trees() {
        return DeployFiles.all().stream().filter(file -> file.toString().matches(".*\\.(yaml|json)")).toList();
    }

    @ParameterizedTest
    @MethodSource("trees")
    void everyFileParses(Path file) {
        assertThat(DeployFiles.documents(file)).isNotEmpty().allMatch(document -> !document.isEmpty());
        if (file.toString().endsWith(".json")) {
            assertThatCode(() -> new ObjectMapper().readTree(file.toFile())).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("trees")
    void noFileHoldsASecret(Path file) {
        assertThat(DeployFiles.text(file)).doesNotContain("BEGIN PRIVATE KEY", "BEGIN RSA", "AKIA", "type.googleapis.com");
        DeployFiles.documents(file).forEach(document -> {
            assertThat(document.path("kind").asText()).isNotEqualTo("Secret");
            requireNoSecret(document);
        });
    }

    @Test
    void aSecretWouldBeFound() {
        JsonNode bad = DeployFiles.documents("bad.yaml", "env: {GRAFANA_PASSWORD: open}").get(0);
        assertThatCode(() -> requireNoSecret(bad)).isInstanceOf(AssertionError.class);
        JsonNode worse = DeployFiles.documents("worse.yaml", "env: [{name: AWS_SECRET_ACCESS_KEY, value: open}]").get(0);
        assertThatCode(() -> requireNoSecret(worse)).isInstanceOf(AssertionError.class);
    }

    @Test
    void theImageIsOfTheFlinkThatTheJobsAreBuiltWith() {
        Matcher from = Pattern.compile("(?m)^FROM (\\S+)$").matcher(DeployFiles.text(DOCKERFILE));
        assertThat(from.find()).isTrue();
        assertThat(from.group(1)).isEqualTo("flink:" + EnvironmentInformation.getVersion() + "-java17");
        assertThat(from.find()).as("stages beyond the first").isFalse();
    }

    @Test
    void theImageHasTensorFlowOncePerProcessAndTheJobsApart() {
        String dockerfile = DeployFiles.text(DOCKERFILE);
        assertThat(dockerfile)
                .contains("target/cluster/lib/ /opt/flink/lib/\n")
                .contains("target/liveprofile-job.jar /opt/flink/usrlib/liveprofile-job.jar\n");
        // What is copied is what the build context lets through.
        List<String> let = DeployFiles.text(Path.of(DOCKERFILE + ".dockerignore")).lines()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        Matcher copied = Pattern.compile("(?m)^COPY --chown=flink:flink (\\S+) ").matcher(dockerfile);
        assertThat(copied.results().map(each -> each.group(1)).toList()).containsExactlyInAnyOrderElementsOf(let);
        assertThat(Files.isDirectory(Path.of("flink-conf"))).isTrue();
    }

    /**
     * The image of Flink 2.2.1 ends as user flink (FLINK-37881), to whom /opt/flink belongs and nothing else: what an instruction has
     * to do elsewhere it does as root, and the processes run as flink, who may read whatever was copied.
     */
    @Test
    void theImageIsBuiltByRootWhereFlinkMayNotAndRunsAsFlink() {
        String user = "flink";
        for (String instruction : DeployFiles.text(DOCKERFILE).replace("\\\n", " ").split("\n")) {
            if (instruction.startsWith("USER ")) {
                user = instruction.substring("USER ".length());
            } else if (instruction.startsWith("COPY ")) {
                assertThat(instruction).startsWith("COPY --chown=flink:flink ");
            } else if (instruction.startsWith("RUN ") && ABSOLUTE_PATH.matcher(instruction).results()
                    .anyMatch(path -> !path.group().startsWith("/opt/flink/"))) {
                assertThat(user).as(instruction).isEqualTo("root");
            }
        }
        assertThat(user).isEqualTo("flink");
    }

    /** A key that sounds like a secret may only hold a reference: a map, a list, or the name of a file or variable. */
    private static void requireNoSecret(JsonNode node) {
        node.fields().forEachRemaining(field -> {
            if (SECRET_KEY.matcher(field.getKey()).matches() && !REFERENCES.contains(field.getKey())) {
                assertThat(field.getValue().isValueNode()).as(field.getKey()).isFalse();
            }
        });
        if (node.has("name") && SECRET_KEY.matcher(node.get("name").asText()).matches()) {
            assertThat(node.has("value")).as(node.get("name").asText()).isFalse();
        }
        node.forEach(DeployedFilesTest::requireNoSecret);
    }
}
