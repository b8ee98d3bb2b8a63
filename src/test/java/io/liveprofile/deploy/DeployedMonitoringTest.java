package io.liveprofile.deploy;

import static io.liveprofile.deploy.DeployedExpressions.ALERTS;
import static io.liveprofile.deploy.DeployedExpressions.DASHBOARDS;
import static io.liveprofile.deploy.DeployedExpressions.GROUPING;
import static io.liveprofile.deploy.DeployedExpressions.metrics;
import static io.liveprofile.deploy.DeployedExpressions.rules;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveprofile.inference.ScoreOperator;
import io.liveprofile.job.Counts;
import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.TrainingJob;
import io.liveprofile.sink.KafkaSinks;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
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
    private static final Pattern CHANGE = Pattern.compile("\\b(?:delta|increase|rate|deriv)\\(([a-zA-Z_:]+)");
    private static final Pattern SUM = Pattern.compile("([a-z_]+\\(|)liveprofile:[a-z_]+:sum");
    private static final Set<String> LABEL_NAMES =
            Set.of("namespace", "job_name", "end", "reason", "task_name", "operator_name", "operator_id", "subtask_index", "quantile");
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
        KNOWN.add(JOB + JobStatus.RUNNING.name().toLowerCase(Locale.ROOT) + "Time");
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
        assertThat(alerts().map(rule -> rule.get("alert").asText()))
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

    /**
     * What is kept in no state begins at 0 with each task, so rate() goes on through a restart. It would take the step back of a
     * count that is state for such a beginning.
     */
    @Test
    void dashboardsTakeTheRateOfWhatBeginsAnew() {
        Set<String> anew = new HashSet<>();
        List.of(KafkaSinks.TOO_LARGE, Counts.DROPPED, Counts.FACTS_BROKEN, Counts.HOT_HITS, Counts.HOT_MISSES, ScoreOperator.BATCHES,
                        ScoreOperator.EXPLAINED_ROWS, ScoreOperator.STABILITY_VECTORS)
                .forEach(name -> anew.add(PrometheusNames.of(name)));
        Set<String> rated = new HashSet<>();
        DASHBOARDS.forEach(board -> DeployedExpressions.of(board).stream()
                .filter(expression -> expression.contains("rate("))
                .forEach(expression -> rated.addAll(metrics(expression))));
        assertThat(rated).isEqualTo(anew);
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
        alerts().forEach(rule -> used.addAll(metrics(rule.get("expr").asText())));
        rules().stream().filter(rule -> rule.has("record")).forEach(rule -> {
            String record = rule.get("record").asText();
            assertThat(used).contains(record);
            assertThat(rule.get("expr").asText()).isEqualTo(
                    "sum by (namespace, job_name) (max by (namespace, job_name, operator_id, subtask_index) ("
                            + PrometheusNames.OPERATOR + "liveprofile_" + record.replaceAll("liveprofile:(.*):sum", "$1") + "))");
        });
    }

    /**
     * A count is state and may go on in another series, above 0, than it stood in before, and its sum lacks some of the subtasks
     * while these start: only the highest sum of a while by that of before says what happened. What Kafka's ends count is no state and
     * begins at 0, which is what increase() is for.
     */
    @Test
    void aChangeIsThatOfTheHighestSumUnlessTheCountBeginsAnew() {
        Set<String> anew = new HashSet<>();
        PrometheusNames.DESERIALIZERS.forEach(name -> anew.add(PrometheusNames.of(name)));
        anew.add(PrometheusNames.of(KafkaSinks.TOO_LARGE));
        alerts().map(rule -> rule.get("expr").asText()).forEach(expression -> {
            SUM.matcher(expression).results().forEach(sum ->
                    assertThat(sum.group(1)).as(expression).isEqualTo("max_over_time("));
            CHANGE.matcher(expression).results().forEach(change -> assertThat(change.group(1))
                    .as(expression)
                    .matches(name -> anew.contains(name) || name.startsWith(JOB)));
        });
    }

    /** What is rare may have happened before Prometheus has seen the job, or come with a restart. */
    @Test
    void theFirstOfWhatIsRareIsTold() {
        assertThat(expression("LiveprofileEventsSetAside")).isEqualTo(first("liveprofile:set_aside:sum", "10m") + " > 0");
        assertThat(expression("LiveprofileUnpublished")).isEqualTo(first("liveprofile:unpublished:sum", "10m") + " > 0");
        assertThat(expression("LiveprofileReleaseRefused")).isEqualTo(first("liveprofile:releases_refused:sum", "30m") + " > 0");
        assertThat(expression("LiveprofileRollback")).isEqualTo(first("liveprofile:rollbacks:sum", "1h") + " > 0");
        assertThat(expression("LiveprofileDrift")).isEqualTo(first("liveprofile:drifts:sum", "1h") + " > 10");
        assertThat(expression("LiveprofileBrokenRecords")).isEqualTo(PrometheusNames.DESERIALIZERS.stream()
                .sorted(Comparator.reverseOrder())
                .map(PrometheusNames::of)
                .map(name -> firstAnew(name, "namespace, job_name"))
                .collect(Collectors.joining(" or ")));
        assertThat(expression("LiveprofileRecordsTooLarge"))
                .isEqualTo(firstAnew(PrometheusNames.of(KafkaSinks.TOO_LARGE), "namespace, job_name, operator_name"));
    }

    /** With a release every hour there may be a number for some minutes of each, and yet the alert waits for an hour. */
    @Test
    void featuresThatShiftAreRememberedWhileThereIsNoNumber() {
        String shifted = "(max by (namespace, job_name) (" + PrometheusNames.of(ScoreOperator.FEATURES_SHIFTED) + ") >= 0)";
        assertThat(expression("LiveprofileFeaturesShifted")).isEqualTo("last_over_time(" + shifted + "[2h:1m]) > 5");
        assertThat(alert("LiveprofileFeaturesShifted").get("for").asText()).isEqualTo("1h");
    }

    @Test
    void anAlertSaysHowBadItIsAndWhatToDo() {
        alerts().forEach(rule -> {
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

    private static Stream<JsonNode> alerts() {
        return rules().stream().filter(rule -> rule.has("alert"));
    }

    private static JsonNode alert(String name) {
        return alerts().filter(rule -> rule.get("alert").asText().equals(name)).findFirst().orElseThrow();
    }

    private static String expression(String alert) {
        return alert(alert).get("expr").asText();
    }

    private static String first(String count, String range) {
        String now = "max_over_time(" + count + "[" + range + "])";
        String before = "max_over_time(" + count + "[" + range + "] offset " + range + ")";
        return now + " - (" + before + " or " + now + " * 0)";
    }

    /** Of a count that begins at 0 with each task. */
    private static String firstAnew(String name, String labels) {
        return "sum by (" + labels + ") (increase(" + name + "[10m]) > 0 or (max_over_time(" + name
                + "[10m]) unless max_over_time(" + name + "[10m] offset 10m))) > 0";
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
