package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.job.Counts;
import io.liveprofile.job.TrainingJob;
import io.liveprofile.metrics.DropReasons;
import io.liveprofile.metrics.Ledger;
import io.liveprofile.sink.KafkaSinks;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.junit.jupiter.api.Test;

/** Flink's own reporter is asked what it calls our metrics: that is what {@link PrometheusNames} says. */
class PrometheusNamesTest {
    /** A name in a cell of the README's table. */
    private static final Pattern CELL = Pattern.compile("`([a-z-]+)`");

    /** By which a subtask's series are known for one, wherever it ran. */
    private static final List<String> SUBTASK_LABELS = List.of("operator_id", "subtask_index");

    @Test
    void theReporterCallsThemSo() throws Exception {
        try (PrometheusScrape scrape = PrometheusScrape.open()) {
            InternalOperatorMetricGroup operator = scrape.taskManager()
                    .addJob(new JobID(), TrainingJob.NAME)
                    .addTask(PrometheusScrape.attempt(), "a task")
                    .getOrAddOperator("an operator");
            MetricGroup deserializer = operator.addGroup("deserializer");
            for (String name : PrometheusNames.declared()) {
                MetricGroup of = PrometheusNames.DESERIALIZERS.contains(name) ? deserializer
                        : name.equals(KafkaSinks.TOO_LARGE) ? operator.addGroup("user") : operator;
                MetricGroup group = of.addGroup(Ledger.GROUP);
                if (PrometheusNames.HISTOGRAMS.contains(name)) {
                    group.histogram(name, new DescriptiveStatisticsHistogram(10));
                } else if (name.equals(Counts.DROPPED)) {
                    DropReasons reasons = new DropReasons(operator, Counts.LATE, name);
                    for (int i = 0; i < 7; i++) {
                        reasons.count("too-old");
                    }
                } else {
                    group.counter(name).inc(7);
                }
            }
            List<String> lines = scrape.lines();
            for (String name : PrometheusNames.declared()) {
                boolean isHistogram = PrometheusNames.HISTOGRAMS.contains(name);
                assertThat(lines).anyMatch(line -> line.startsWith(PrometheusNames.of(name) + "{")
                        && line.contains("job_name=\"liveprofile_training\"")
                        && SUBTASK_LABELS.stream().allMatch(label -> line.contains(label + "=\""))
                        && line.contains("quantile=\"0.99\"") == isHistogram
                        && (isHistogram || line.endsWith(" 7.0")));
            }
            assertThat(lines).anyMatch(line -> line.startsWith(PrometheusNames.of(Counts.DROPPED) + "{")
                    && line.contains("end=\"late\"") && line.contains("reason=\"too_old\"")); // in values, too
            assertThat(lines).anyMatch(line -> line.startsWith(PrometheusNames.of(Counts.LATENCY) + "_count{"));
        }
    }

    @Test
    void theReadmeTellsOfEveryMetric() {
        String readme = DeployFiles.text(Path.of("README.md"));
        String table = readme.substring(readme.indexOf("\n## Metrics\n"), readme.indexOf("\n## Deploy\n"));
        List<String> told = table.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf(" | ", 2)))
                .flatMap(cell -> CELL.matcher(cell).results().map(match -> match.group(1)))
                .toList();
        assertThat(told).doesNotHaveDuplicates();
        assertThat(Set.copyOf(told)).isEqualTo(PrometheusNames.declared());
    }
}
