package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.deploy.DeployedExpressions;
import io.liveprofile.deploy.PrometheusScrape;
import io.liveprofile.event.ModelRelease;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.inference.ModelStores;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.job.Options;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.SessionThreads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole run of both jobs, with a model, keyed aggregates, outcomes, a change of release and everything broken that there is,
 * watched as an operator would: by its metrics, which Flink's reporter hands to Prometheus, and by its log, which is that of the
 * shipped configuration as JSON.
 */
class WatchedRunITCase {
    private static final long MESSAGES = 4_000;
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final long POLL_MILLIS = 100;
    /** What comes to more than 0 in such a run. */
    private static final List<String> FIGURES = List.of(
            "liveprofile_read", "liveprofile_profiled", "liveprofile_late", "liveprofile_quarantined", "liveprofile_duplicates",
            "liveprofile_dead_letters", "liveprofile_outcome_dead_letters", "liveprofile_outcomes_read", "liveprofile_keyed",
            "liveprofile_hot_hits", "liveprofile_hot_misses", "liveprofile_event_to_profile_millis", "liveprofile_scored",
            "liveprofile_score_batch_rows", "liveprofile_score_batch_micros", "liveprofile_release_swaps",
            "liveprofile_release_load_millis", "liveprofile_feature_psi_largest", "liveprofile_feature_psi_vectors",
            "liveprofile_features_shifted", "liveprofile_vectors", "liveprofile_vectors_waited", "liveprofile_label_facts",
            "deserializer_liveprofile_vectors_broken", "deserializer_liveprofile_releases_broken");
    /** Counts of other keys and of outcomes, which the shipped features do without. */
    private static final String KEYED = """
            aggregates:
              device_events: { key: deviceId, op: count, windows: [1d] }
              device_frauds: { key: deviceId, op: count, events: [OUTCOME], windows: [1d] }
            """;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    /** Names without what they have in common. */
    private final Set<String> positive = new TreeSet<>();
    private long deadline;
    private int port;
    private Configuration options;
    private ShippedLog log;

    @BeforeEach
    void logAsShipped() throws Exception {
        log = ShippedLog.open(directory.resolve("run.log"));
    }

    @AfterEach
    void logAsBefore() {
        log.close();
    }

    @Test
    void everyMetricThatIsAskedForIsThereAndNoLineTellsOfAShopper() throws Exception {
        JobSettings settings = settings();
        options = settings.read();
        publish();
        RunPlan plan = new RunPlan(directory.resolve("run"), settings, 0, 0, 2, 2, false, Double.POSITIVE_INFINITY, null, null, null,
                Double.POSITIVE_INFINITY, 10_000, 1, 1);
        Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false, 120);
        MarkedTraffic traffic = new MarkedTraffic(MESSAGES, this::watch);
        RunSummary summary = new LocalRun(plan, new BuiltInParts().job(plan), traffic, console, new StopSignal(), LIMIT).run();

        assertThat(summary.balance().broken()).isEmpty();
        assertThat(summary.last().profiled()).isGreaterThan(0);
        assertThat(summary.last().late()).isGreaterThan(0);
        assertThat(summary.last().quarantined()).isGreaterThan(0);
        assertThat(summary.last().duplicates()).isGreaterThan(0);
        assertThat(summary.last().deadLetters()).isEqualTo(2 * traffic.sent() / MarkedTraffic.KINDS);

        assertThat(log.loggers()).as("both jobs and Flink have logged").contains(
                "io.liveprofile.job.KafkaAvroReader", "org.apache.flink.streaming.api.operators.AbstractStreamOperator",
                "org.apache.flink.runtime.executiongraph.ExecutionGraph");
        List<String> secrets = new ArrayList<>(MarkedTraffic.traces());
        secrets.add(key());
        log.assertThatNoLineHas(secrets, "Release r000002 scores");
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain(secrets);
    }

    /** Of the pseudonyms. */
    private String key() throws IOException {
        String keyset = Files.readString(Path.of(options.get(Options.KEY_FILE)));
        String key = keyset.replaceAll("(?s).*\"value\"\\s*:\\s*\"([^\"]+)\".*", "$1");
        assertThat(key.length()).isBetween(20, 200);
        return key;
    }

    /** While the job runs: whether all is there that is waited for. */
    private boolean watch() throws Exception {
        if (deadline == 0) {
            deadline = System.nanoTime() + LIMIT.toNanos();
            sendBrokenRecordsAndARelease();
        }
        Set<String> missing = missing();
        if (!missing.isEmpty() && System.nanoTime() > deadline) {
            throw new IllegalStateException("After " + LIMIT + " there is no " + missing);
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS); // else it would send as many messages as the job can read meanwhile
        return missing.isEmpty();
    }

    /** Metrics that somebody asks for, and figures that what was sent must lead to. */
    private Set<String> missing() throws Exception {
        Set<String> missing = new TreeSet<>(DeployedExpressions.metrics());
        assertThat(missing).hasSizeGreaterThan(70);
        for (String line : PrometheusScrape.lines(port)) {
            String name = line.split("[{ ]")[0];
            double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            missing.remove(name);
            if (value > 0) {
                positive.add(name.replace("flink_taskmanager_job_task_operator_", ""));
            }
        }
        FIGURES.stream().filter(name -> !positive.contains(name)).forEach(missing::add);
        if (value("liveprofile_release_number") != 2) {
            missing.add("release number 2");
        }
        return missing;
    }

    /** Largest of the subtasks. */
    private double value(String metric) throws Exception {
        return PrometheusScrape.lines(port).stream()
                .filter(line -> line.startsWith("flink_taskmanager_job_task_operator_" + metric + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .filter(value -> !Double.isNaN(value))
                .max().orElse(0);
    }

    private void sendBrokenRecordsAndARelease() throws Exception {
        String servers = RunDirectory.read(RunDirectory.addresses(directory.resolve("run"))).get("kafka").asText();
        Manifest next = publish();
        byte[] garbage = (MarkedTraffic.MARK + " no record").getBytes(StandardCharsets.UTF_8);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Topic topic : List.of(Topic.SCORED_FEATURES, Topic.MODEL_RELEASES, Topic.LABELED_OUTCOMES)) {
                producer.send(new ProducerRecord<>(topic.topicName(), garbage, garbage)).get();
            }
            producer.send(new ProducerRecord<>(Topic.MODEL_RELEASES.topicName(), new SingleObject<>(ModelRelease.class).encode(
                    new ModelRelease(next.id(), null, next.schemaHash(), next.sha256(), next.activationEventTime(), 0L, false,
                            Map.of())))).get();
        }
    }

    private JobSettings settings() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path conf = Files.createDirectory(directory.resolve("conf"));
        Files.writeString(conf.resolve("config.yaml"), """
                metrics.reporters: prometheus
                metrics.reporter.prometheus.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
                metrics.reporter.prometheus.port: %d
                """.formatted(port));
        Files.writeString(conf.resolve("liveprofile.yaml"), "delivery: at-least-once\n");
        Files.writeString(conf.resolve("features.yaml"),
                Files.readString(Path.of("flink-conf/features.yaml")).replaceFirst("(?m)^aggregates:\n", KEYED));
        Path key = directory.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        return new JobSettings(conf, List.of("privacy.key-file=" + key, "model.store=" + directory.resolve("models"),
                "features.file=" + conf.resolve("features.yaml"), "score.stability-vectors=100", "watermark.idleness=1s",
                "labels.idleness=1s", "watermark.out-of-orderness=1s"));
    }

    /** Untrained, for what it says is of no matter here. */
    private Manifest publish() {
        FeatureSchema schema = schema();
        ModelConfig model = ModelConfig.read(Path.of(options.get(Options.MODEL_FILE)));
        float[][] x = new float[10][schema.size()];
        float[] represented = new float[x.length];
        Arrays.fill(represented, 1);
        try (MlpSession session = MlpSession.initialise(new MlpGraph(InputLayout.of(schema), model), SessionThreads.SINGLE)) {
            return ModelStores.open(options.get(Options.MODEL_STORE)).publish(
                    new Manifest.Draft(null, schema, model.headNames(), Map.of(), 0, 0),
                    saved -> {
                        session.export(saved);
                        FeatureDistribution.of(schema, x, represented).write(saved);
                    });
        }
    }

    private FeatureSchema schema() {
        Configuration withoutModel = new Configuration(options);
        withoutModel.set(Options.MODEL_STORE, "");
        FeaturePlan plan = ProfileJobConfig.of(withoutModel).featurePlan();
        return plan.schema();
    }
}
