package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveprofile.job.Options;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.TrainingJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

/** The services of the compose file, as far as they can be judged without a daemon. */
class DeployedComposeTest {
    private static final List<String> SERVERS = List.of("kafka", "jobmanager", "taskmanager", "prometheus", "grafana");
    private static final Map<String, List<String>> JOBS = Map.of(
            "submit-profile-job", List.of(ProfileJob.class.getName(), ProfileJob.NAME),
            "submit-training-job", List.of(TrainingJob.class.getName(), TrainingJob.NAME));

    private final JsonNode compose = DeployFiles.document(DeployFiles.COMPOSE);
    private final JsonNode services = compose.get("services");

    @Test
    void everyServerSaysWhetherItIsWell() {
        SERVERS.forEach(server -> assertThat(services.get(server).at("/healthcheck/test").size()).as(server).isGreaterThan(1));
        assertThat(services.at("/taskmanager/deploy/replicas").asInt()).isEqualTo(2);
    }

    @Test
    void allPortsAreOnLoopback() {
        services.fields().forEachRemaining(service -> service.getValue().path("ports")
                .forEach(port -> assertThat(port.asText()).as(service.getKey()).startsWith("127.0.0.1:")));
    }

    @Test
    void whatAServiceWaitsForAndMountsIsThere() {
        services.fields().forEachRemaining(service -> {
            service.getValue().path("depends_on").fields().forEachRemaining(other -> {
                JsonNode awaited = services.get(other.getKey());
                assertThat(awaited).as(service.getKey() + " waits for " + other.getKey()).isNotNull();
                boolean ends = other.getValue().get("condition").asText().equals("service_completed_successfully");
                assertThat(awaited.has("healthcheck")).as(other.getKey()).isNotEqualTo(ends);
            });
            service.getValue().path("volumes").forEach(volume -> {
                String source = volume.asText().split(":")[0];
                if (source.startsWith(".")) {
                    assertThat(Files.exists(DeployFiles.COMPOSE.resolveSibling(source).normalize())).as(source).isTrue();
                } else {
                    assertThat(compose.get("volumes").has(source)).as(source).isTrue();
                }
            });
        });
    }

    /** The processes and the submitting clients are of one image, and it is the one that is built. */
    @Test
    void flinkIsOfOneImage() {
        String built = services.at("/jobmanager/image").asText();
        for (String service : List.of("taskmanager", "install-key", "install-models", "submit-profile-job", "submit-training-job")) {
            assertThat(services.get(service).get("image").asText()).as(service).isEqualTo(built);
        }
        Path context = DeployFiles.COMPOSE.resolveSibling(services.at("/jobmanager/build/context").asText()).normalize();
        assertThat(context.resolve(services.at("/jobmanager/build/dockerfile").asText())).isRegularFile();
    }

    @Test
    void theJobsAreSubmittedAsTheirMainsTakeIt() {
        JOBS.forEach((name, job) -> {
            JsonNode service = services.get(name);
            assertThat(service.at("/environment/JOB_CLASS").asText()).isEqualTo(job.get(0));
            assertThat(service.at("/environment/JOB_NAME").asText()).isEqualTo(job.get(1));
            List<String> words = new ArrayList<>();
            service.get("command").forEach(word -> words.add(word.asText()));
            assertThat(words).startsWith("bash", "/opt/liveprofile/keep-job.sh", DeployedJobs.JAR);
            Configuration options = DeployedJobs.options(words.subList(3, words.size()));
            assertThat(options.get(Options.KAFKA_SERVERS)).isEqualTo("kafka:29092");
            List<String> mounts = new ArrayList<>();
            service.get("volumes").forEach(volume -> mounts.add(volume.asText().split(":")[1] + "/"));
            assertThat(DeployedJobs.mounted(options))
                    .allSatisfy(file -> assertThat(mounts).anyMatch(mount -> (file + "/").startsWith(mount)));
        });
        assertThat(services.at("/install-key/entrypoint").get(5).asText())
                .isEqualTo("/var/lib/liveprofile/keys/pseudonym-key.json");
        assertThat(services.at("/install-models/entrypoint").get(3).asText()).isEqualTo("/var/lib/liveprofile/models");
    }

    /** A job is submitted again when the JobManager has lost it, from its own state, which no other job's may be taken for. */
    @Test
    void theJobsAreKeptAndGoOnWithTheirOwnState() {
        List<String> states = new ArrayList<>();
        JOBS.keySet().forEach(name -> {
            JsonNode service = services.get(name);
            assertThat(service.get("restart").asText()).isEqualTo("unless-stopped");
            assertThat(service.at("/environment/JOBMANAGER").asText()).isEqualTo("jobmanager:8081");
            List<String> mounts = new ArrayList<>();
            service.get("volumes").forEach(volume -> mounts.add(volume.asText()));
            assertThat(mounts).contains("./keep-job.sh:/opt/liveprofile/keep-job.sh:ro", "flink-state:/var/lib/liveprofile/state:ro");
            states.add(service.at("/environment/JOB_STATE").asText());
        });
        assertThat(states).doesNotHaveDuplicates().allMatch(state -> state.startsWith("/var/lib/liveprofile/state/"));
        assertThat(compose.get("x-flink-properties").asText())
                .contains("execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION");
    }

    /** Releases and checkpoints have to be where every process sees them. */
    @Test
    void processesShareStateAndModels() {
        for (String service : List.of("jobmanager", "taskmanager")) {
            List<String> mounts = new ArrayList<>();
            services.get(service).get("volumes").forEach(volume -> mounts.add(volume.asText()));
            assertThat(mounts).containsExactlyInAnyOrder(
                    "flink-state:/var/lib/liveprofile/state", "models:/var/lib/liveprofile/models");
        }
    }
}
