package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.Options;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.TrainingJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobgraph.JobEdge;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Flink's settings, wherever they stand: each is an option, and together they make processes and jobs that can start. */
class DeployedFlinkConfigTest {
    private static final FlinkOptionCatalog CATALOG = FlinkOptionCatalog.load();
    private static final MemorySize OFF_HEAP_OF_TENSORFLOW = MemorySize.ofMebiBytes(512);
    private static final MemorySize LEAST_HEAP = MemorySize.ofMebiBytes(512);

    private record Settings(String name, Map<String, String> values) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Settings> settings() {
        return Stream.concat(
                Stream.of(new Settings("flink-conf/config.yaml", shipped()),
                        new Settings("flink-conf/config.yaml, reporter", reporterOnRequest()),
                        new Settings("compose", compose())),
                deployments().map(each -> new Settings(DeployFiles.name(each), kubernetes(each))));
    }

    static Stream<JsonNode> deployments() {
        return DeployFiles.kubernetes("FlinkDeployment").stream();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everyKeyIsAnOptionAndEveryValueCanBeRead(Settings settings) {
        assertThat(settings.values()).isNotEmpty();
        List<String> problems = new ArrayList<>();
        settings.values().forEach((key, value) -> CATALOG.problem(key, value).ifPresent(problems::add));
        assertThat(problems).isEmpty();
    }

    @Test
    void aWrongKeyOrValueWouldBeFound() {
        assertThat(CATALOG.problem("state.backend.rocksdb.use-bloom-filters", "true")).isPresent();
        assertThat(CATALOG.problem("execution.checkpointing.interval", "soon")).isPresent();
        assertThat(CATALOG.problem("jobmanager.scheduler", "adaptiv")).isPresent();
        assertThat(CATALOG.problem("job.autoscaler.stabilisation.interval", "5 min")).isPresent();
        assertThat(CATALOG.problem("metrics.reporter.prometheus.factory", "x")).isPresent();
        assertThat(CATALOG.problem("state.checkpoints.dir", "file:///x")).as("deprecated").isPresent();
    }

    /** The image's config.yaml is not seen on Kubernetes. */
    @ParameterizedTest
    @MethodSource("deployments")
    void aDeploymentHasAllOfTheShippedSettings(JsonNode deployment) {
        assertThat(kubernetes(deployment)).containsAllEntriesOf(shipped());
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void stateOutlivesTheClusterItIsOn(JsonNode deployment) {
        Map<String, String> settings = kubernetes(deployment);
        assertThat(settings).containsEntry("high-availability.type", "kubernetes");
        List<String> places =
                List.of("high-availability.storageDir", "execution.checkpointing.dir", "execution.checkpointing.savepoint-dir");
        places.forEach(key -> assertThat(settings.get(key)).as(key).startsWith("s3://"));
        // Both jobs use one bucket, and each its own part of it.
        assertThat(deployments().map(each -> kubernetes(each).get("execution.checkpointing.dir"))).doesNotHaveDuplicates();
    }

    @Test
    void memoryAddsUpWithRoomForTensorFlow() {
        requireMemory("compose", compose(), compose().get("taskmanager.memory.process.size"));
        deployments().forEach(each -> requireMemory(DeployFiles.name(each), kubernetes(each),
                each.at("/spec/taskManager/resource/memory").asText()));
        deployments().forEach(each -> {
            Configuration configuration = Configuration.fromMap(kubernetes(each));
            configuration.set(JobManagerOptions.TOTAL_PROCESS_MEMORY,
                    MemorySize.parse(each.at("/spec/jobManager/resource/memory").asText()));
            assertThat(JobManagerProcessUtils.processSpecFromConfig(configuration).getJvmHeapMemorySize())
                    .isGreaterThan(LEAST_HEAP);
        });
    }

    @Test
    void theReporterIsThere() throws Exception {
        List<Map<String, String>> containers = new ArrayList<>(List.of(compose()));
        deployments().forEach(each -> containers.add(kubernetes(each)));
        assertThat(containers).allSatisfy(each -> assertThat(each).containsEntry("metrics.reporter.prometheus.port", "9249"));
        assertThat(reporterOnRequest()).as("several processes share a host")
                .containsEntry("metrics.reporter.prometheus.port", "9249-9259");
        List<Map<String, String>> everywhere = new ArrayList<>(containers);
        everywhere.add(reporterOnRequest());
        for (Map<String, String> settings : everywhere) {
            assertThat(settings).containsEntry("metrics.reporters", "prometheus");
            assertThat(Class.forName(settings.get("metrics.reporter.prometheus.factory.class")))
                    .isAssignableTo(MetricReporterFactory.class);
        }
    }

    /**
     * The autoscaler gives each task its own parallelism, and Flink then replaces a forward edge by a round robin
     * ({@code StreamTask}): updates of a user would overtake each other. So it may scale only a job without such edges.
     */
    @Test
    void onlyAJobWithoutForwardEdgesIsScaledTaskByTask(@TempDir Path directory) {
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        deployments().forEach(deployment -> {
            Configuration options = DeployedJobs.options(DeployedKubernetesTest.arguments(deployment));
            options.set(Options.KEY_FILE, key.toString());
            options.set(Options.MODEL_STORE, directory.resolve("models").toString());
            List<String> forward = forwardEdges(graph(deployment.at("/spec/job/entryClass").asText(), options));
            Map<String, String> settings = kubernetes(deployment);
            boolean isScaled = Boolean.parseBoolean(settings.get("job.autoscaler.enabled"))
                    && Boolean.parseBoolean(settings.get("job.autoscaler.scaling.enabled"));
            assertThat(isScaled).as("%s, forward edges %s", DeployFiles.name(deployment), forward).isEqualTo(forward.isEmpty());
        });
    }

    private static JobGraph graph(String jobClass, Configuration options) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(2);
        if (jobClass.equals(ProfileJob.class.getName())) {
            ProfileJob.define(env, options, OffsetsInitializer.earliest());
        } else {
            assertThat(jobClass).isEqualTo(TrainingJob.class.getName());
            TrainingJob.define(env, options, OffsetsInitializer.earliest());
        }
        return env.getStreamGraph().getJobGraph();
    }

    private static List<String> forwardEdges(JobGraph graph) {
        List<String> edges = new ArrayList<>();
        for (JobVertex vertex : graph.getVertices()) {
            for (JobEdge edge : vertex.getInputs()) {
                if (edge.getShipStrategyName().equals("FORWARD")) {
                    edges.add(edge.getSource().getProducer().getName() + " -> " + vertex.getName());
                }
            }
        }
        return edges;
    }

    private static void requireMemory(String name, Map<String, String> settings, String process) {
        Configuration configuration = Configuration.fromMap(shipped());
        configuration.addAll(Configuration.fromMap(settings));
        configuration.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, MemorySize.parse(process));
        TaskExecutorProcessSpec spec = TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        assertThat(spec.getTaskOffHeapSize()).as(name + ", off heap").isGreaterThanOrEqualTo(OFF_HEAP_OF_TENSORFLOW);
        assertThat(spec.getTaskHeapSize()).as(name + ", heap").isGreaterThanOrEqualTo(LEAST_HEAP);
    }

    private static Map<String, String> shipped() {
        return DeployFiles.flat(DeployFiles.document(DeployFiles.FLINK_CONFIG));
    }

    /** What config.yaml offers in a comment. */
    private static Map<String, String> reporterOnRequest() {
        String commented = String.join("\n", DeployFiles.text(DeployFiles.FLINK_CONFIG).lines()
                .filter(line -> line.startsWith("# metrics."))
                .map(line -> line.substring(2))
                .toList());
        return DeployFiles.flat(DeployFiles.documents("config.yaml", commented).get(0));
    }

    private static Map<String, String> compose() {
        String properties = DeployFiles.document(DeployFiles.COMPOSE).get("x-flink-properties").asText();
        return DeployFiles.flat(DeployFiles.documents("docker-compose.yaml", properties).get(0));
    }

    private static Map<String, String> kubernetes(JsonNode deployment) {
        return new LinkedHashMap<>(DeployFiles.flat(deployment.at("/spec/flinkConfiguration")));
    }
}
