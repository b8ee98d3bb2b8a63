package io.liveprofile.deploy;

import static io.liveprofile.deploy.DeployedExpressions.ALERTS;
import static io.liveprofile.deploy.DeployedExpressions.DASHBOARDS;
import static io.liveprofile.deploy.DeployedExpressions.GROUPING;
import static io.liveprofile.deploy.DeployedExpressions.metrics;
import static io.liveprofile.deploy.DeployedExpressions.rules;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.TrainingJob;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.flink.runtime.metrics.MetricNames;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Alerts and dashboards ask for metrics that there are. Ours are those that the jobs declare; Flink's come from the constants that
 * it registers them under and from a reporter that is asked.
 */
class DeployedMonitoringTest {
    private static final Path RULE = DeployFiles.KUBERNETES.resolve("prometheus-rule.yaml");
    private static final String TASK = "flink_taskmanager_job_task_";
    private static final String JOB = "flink_jobmanager_job_";

    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
    private static final Pattern CHANGE =
            Pattern.compile("\\b(delta|increase|rate|max_over_time)\\(([a-zA-Z_:]+)");
    private static final Set<String> LABEL_NAMES = Set.of("namespace", "job_name", "task_name", "operator_name", "quantile");
    private static final Set<String> QUANTILES = Set.of("0.5", "0.75", "0.95", "0.98", "0.99", "0.999");

    /** What Prometheus has of the jobs, the recorded sums included. */
    private static final Set<String> KNOWN = new HashSet<>();

    @BeforeAll
    static void know() throws Exception {
        PrometheusNames.declared().stream().filter(name -> !PrometheusNames.TEXTS.contains(name))
                .forEach(name -> KNOWN.add(PrometheusNames.of(name)));
        for (String name : List.of(MetricNames.TASK_BUSY_TIME, MetricNames.TASK_BACK_PRESSURED_TIME)) {
            KNOWN.add(TASK + name);
        }
        KNOWN.add(PrometheusNames.OPERATOR + MetricNames.PENDING_RECORDS);
        KNOWN.add(PrometheusNames.OPERATOR + MetricNames.FAILED_COMMITTABLES);
        KNOWN.add(JOB + MetricNames.NUM_RESTARTS);
        for (Field field : Class.forName("org.apache.flink.runtime.checkpoint.DefaultCheckpointStatsTracker").getDeclaredFields()) {
            if (field.getName().endsWith("_METRIC") && field.getType() == String.class) {
                field.setAccessible(true);
                KNOWN.add(JOB + field.get(null));
            }
        }
        try (PrometheusScrape scrape = PrometheusScrape.open()) {
            scrape.lines().forEach(line -> KNOWN.add(line.split("[{ ]")[0]));
        }
        rules().stream().filter(rule -> rule.has("record")).forEach(rule -> KNOWN.add(rule.get("record").asText()));
    }

    @Test
    void alertsAskForWhatThereIs() {
        rules().forEach(rule -> requireKnown(rule.get("expr").asText()));
        assertThat(rules().stream().filter(rule -> rule.has("alert")).map(rule -> rule.get("alert").asText()))
                .hasSizeGreaterThanOrEqualTo(10)
                .doesNotHaveDuplicates();
    }

    @Test
    void dashboardsAskForWhatThereIs() {
        for (Path dashboard : DASHBOARDS) {
            List<String> expressions = DeployedExpressions.of(dashboard);
            assertThat(expressions).hasSizeGreaterThan(15);
            expressions.forEach(DeployedMonitoringTest::requireKnown);
        }
    }

    /** Together the boards show every metric of the jobs, but for texts. */
    @Test
    void everyMetricIsOnADashboard() {
        Set<String> shown = new TreeSet<>();
        DASHBOARDS.forEach(board -> DeployedExpressions.of(board).forEach(each -> shown.addAll(metrics(each))));
        Set<String> declared = new TreeSet<>(PrometheusNames.declared());
        declared.removeAll(PrometheusNames.TEXTS);
        assertThat(declared.stream().map(PrometheusNames::of)).allMatch(shown::contains);
    }

    @Test
    void whatIsRecordedIsUsedAndNamedForWhatItSums() {
        Set<String> used = new HashSet<>();
        rules().stream().filter(rule -> rule.has("alert")).forEach(rule -> used.addAll(metrics(rule.get("expr").asText())));
        rules().stream().filter(rule -> rule.has("record")).forEach(rule -> {
            String record = rule.get("record").asText();
            assertThat(used).contains(record);
            assertThat(rule.get("expr").asText()).isEqualTo("sum by (namespace, job_name) ("
                    + PrometheusNames.OPERATOR + "liveprofile_" + record.replaceAll("liveprofile:(.*):sum", "$1") + ")");
        });
    }

    /**
     * A count is state and may go on in another series, above 0, than it stood in before: only the sum of all changes by what
     * happened. What the readers of Kafka count is no state and begins at 0.
     */
    @Test
    void aChangeIsThatOfASumUnlessTheCountBeginsAnew() {
        Set<String> anew = new HashSet<>();
        PrometheusNames.DESERIALIZERS.forEach(name -> anew.add(PrometheusNames.of(name)));
        rules().stream().filter(rule -> rule.has("alert")).forEach(rule -> {
            String expression = rule.get("expr").asText();
            CHANGE.matcher(expression).results().forEach(change -> {
                if (change.group(1).equals("increase")) {
                    assertThat(change.group(2)).as(expression).matches(name -> anew.contains(name) || name.startsWith(JOB));
                } else {
                    assertThat(change.group(2)).as(expression).matches("liveprofile:[a-z_]+:sum");
                }
            });
        });
    }

    /** An event that the job throws on comes with a restart, maybe the first one of a job that nobody has seen yet. */
    @Test
    void theFirstEventThatIsSetAsideIsTold() {
        String expression = rules().stream()
                .filter(rule -> rule.path("alert").asText().equals("LiveprofileEventsSetAside"))
                .findFirst().orElseThrow().get("expr").asText();
        String now = "max_over_time(liveprofile:set_aside:sum[10m])";
        String before = "max_over_time(liveprofile:set_aside:sum[10m] offset 10m)";
        assertThat(expression).isEqualTo(now + " - (" + before + " or " + now + " * 0) > 0");
    }

    @Test
    void anAlertSaysHowBadItIsAndWhatToDo() {
        rules().stream().filter(rule -> rule.has("alert")).forEach(rule -> {
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
            assertThat(rule.at("/annotations/description").asText()).isNotBlank();
        });
    }

    /** {@code -Ddeploy.write=true} writes the rules for Kubernetes instead of comparing them. */
    @Test
    void kubernetesHasTheSameRules() throws IOException {
        String rule = DeployFiles.text(RULE);
        String groups = DeployFiles.text(ALERTS);
        String wanted = rule.substring(0, rule.indexOf("spec:\n") + "spec:\n".length())
                + groups.substring(groups.indexOf("groups:\n")).lines()
                        .map(line -> line.isEmpty() ? "\n" : "  " + line + "\n")
                        .reduce("", String::concat);
        if (Boolean.getBoolean("deploy.write")) {
            Files.writeString(RULE, wanted);
        } else {
            assertThat(rule).isEqualTo(wanted);
        }
    }

    @Test
    void prometheusReadsTheRulesAndFindsTheProcesses() {
        JsonNode prometheus = DeployFiles.document(Path.of("deploy/prometheus/prometheus.yaml"));
        assertThat(ALERTS.resolveSibling(prometheus.at("/rule_files/0").asText())).isEqualTo(ALERTS).isRegularFile();
        JsonNode discovery = prometheus.at("/scrape_configs/0/dns_sd_configs/0");
        assertThat(discovery.get("port").asInt()).isEqualTo(9249);
        discovery.get("names").forEach(name ->
                assertThat(DeployFiles.document(DeployFiles.COMPOSE).get("services").has(name.asText())).isTrue());
        JsonNode source = DeployFiles.document(Path.of("deploy/grafana/provisioning/datasources/prometheus.yaml"));
        assertThat(source.at("/datasources/0/url").asText()).isEqualTo("http://prometheus:9090");
    }

    @Test
    void aMetricThatIsNoneWouldBeFound() {
        assertThat(metrics("sum by (job_name) (flink_x{job_name=\"y\"}) / delta(liveprofile:z:sum[5m:15s] offset 10m) > 0.01"))
                .containsExactlyInAnyOrder("flink_x", "liveprofile:z:sum");
        assertThat(KNOWN)
                .contains(PrometheusNames.of("dead-letters"))
                .doesNotContain(PrometheusNames.of("release"), PrometheusNames.of("deadletters"), JOB + "uptimes");
    }

    private static void requireKnown(String expression) {
        assertThat(metrics(expression)).as(expression).isNotEmpty().allMatch(KNOWN::contains);
        assertThat(expression.replaceAll("[^(]", "")).as(expression).hasSameSizeAs(expression.replaceAll("[^)]", ""));
        boolean isHistogram = PrometheusNames.HISTOGRAMS.stream().map(PrometheusNames::of).anyMatch(metrics(expression)::contains);
        assertThat(expression.contains("quantile=")).as(expression).isEqualTo(isHistogram);
        LABEL.matcher(expression).results().forEach(DeployedMonitoringTest::requireLabel);
        GROUPING.matcher(expression).results()
                .flatMap(match -> List.of(match.group(2).split(", ")).stream())
                .forEach(label -> assertThat(label).isIn(LABEL_NAMES));
    }

    private static void requireLabel(MatchResult label) {
        assertThat(label.group(1)).isIn(LABEL_NAMES);
        if (label.group(1).equals("quantile")) {
            assertThat(label.group(2)).isIn(QUANTILES);
        }
        if (label.group(1).equals("job_name")) {
            // The reporter takes the blank for an underscore.
            assertThat(label.group(2)).isIn(ProfileJob.NAME, TrainingJob.NAME.replace(' ', '_'));
        }
    }
}
