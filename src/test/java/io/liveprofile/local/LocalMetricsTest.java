package io.liveprofile.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.flink.metrics.CharacterFilter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.junit.jupiter.api.Test;

class LocalMetricsTest {
    private final LocalMetrics metrics = new LocalMetrics();

    @Test
    void countersAreSummedOverSubtasksAndOperators() {
        metrics.notifyOfAddedMetric(counter(3), "read", group("a", 0));
        metrics.notifyOfAddedMetric(counter(4), "read", group("a", 1));
        metrics.notifyOfAddedMetric(counter(5), "read", group("b", 0));
        metrics.notifyOfAddedMetric((Gauge<Long>) () -> 6L, "read", group("c", 0));
        metrics.notifyOfAddedMetric(counter(100), "late", group("a", 0));
        assertThat(metrics.count("read")).isEqualTo(3 + 4 + 5 + 6);
        assertThat(metrics.count("alerts")).isZero();
    }

    @Test
    void otherGroupsAreLeftOut() {
        metrics.notifyOfAddedMetric(counter(3), "read", new TestingGroup("taskmanager.job.task.operator", "a", 0));
        metrics.notifyOfAddedMetric(counter(3), "read", new TestingGroup("liveprofile.job.task", "a", 0));
        assertThat(metrics.count("read")).isZero();
    }

    @Test
    void aRestartedTaskReplacesTheOneBeforeItInEitherOrderOfEvents() {
        SimpleCounter old = counter(10);
        SimpleCounter restored = counter(7);
        metrics.notifyOfAddedMetric(old, "read", group("a", 0));
        metrics.notifyOfRemovedMetric(old, "read", group("a", 0));
        assertThat(metrics.count("read")).as("kept after its end").isEqualTo(10);
        metrics.notifyOfAddedMetric(restored, "read", group("a", 0));
        assertThat(metrics.count("read")).isEqualTo(7);

        SimpleCounter newest = counter(1);
        metrics.notifyOfAddedMetric(newest, "read", group("a", 0));
        metrics.notifyOfRemovedMetric(restored, "read", group("a", 0));
        newest.inc();
        assertThat(metrics.count("read")).isEqualTo(2);
    }

    @Test
    void quantilesAreTakenOverTheValuesOfAllSubtasksAndStayAfterTheEnd() {
        DescriptiveStatisticsHistogram low = new DescriptiveStatisticsHistogram(100);
        DescriptiveStatisticsHistogram high = new DescriptiveStatisticsHistogram(100);
        for (int i = 0; i < 50; i++) {
            low.update(i);
            high.update(50 + i);
        }
        metrics.notifyOfAddedMetric(low, "latency", group("a", 0));
        metrics.notifyOfAddedMetric(high, "latency", group("a", 1));
        assertThat(metrics.quantile("latency", 0.99)).isEqualTo(99);
        assertThat(metrics.quantile("latency", 0.5)).isEqualTo(50);
        metrics.notifyOfRemovedMetric(high, "latency", group("a", 1));
        assertThat(metrics.quantile("latency", 0.99)).isEqualTo(99);
        assertThat(metrics.quantile("alerts", 0.99)).isNaN();
    }

    @Test
    void textIsTheLargestOfTheSubtasks() {
        assertThat(metrics.text("release")).isEmpty();
        Gauge<String> newer = () -> "r-0002";
        metrics.notifyOfAddedMetric((Gauge<String>) () -> null, "release", group("a", 0));
        metrics.notifyOfAddedMetric((Gauge<String>) () -> "r-0001", "release", group("a", 1));
        metrics.notifyOfAddedMetric(newer, "release", group("a", 2));
        metrics.notifyOfRemovedMetric(newer, "release", group("a", 2));
        assertThat(metrics.text("release")).isEqualTo("r-0002");
    }

    private static SimpleCounter counter(long count) {
        SimpleCounter counter = new SimpleCounter();
        counter.inc(count);
        return counter;
    }

    private static MetricGroup group(String operator, int subtask) {
        return new TestingGroup("taskmanager.job.task.operator.liveprofile", operator, subtask);
    }

    private static final class TestingGroup extends UnregisteredMetricsGroup implements LogicalScopeProvider {
        private final String scope;
        private final Map<String, String> variables;

        TestingGroup(String scope, String operator, int subtask) {
            this.scope = scope;
            this.variables = Map.of("<operator_id>", operator, "<subtask_index>", Integer.toString(subtask));
        }

        @Override
        public Map<String, String> getAllVariables() {
            return variables;
        }

        @Override
        public String getLogicalScope(CharacterFilter filter) {
            return scope;
        }

        @Override
        public String getLogicalScope(CharacterFilter filter, char delimiter) {
            return scope;
        }

        @Override
        public MetricGroup getWrappedMetricGroup() {
            return this;
        }
    }
}
