package io.liveprofile.local;

import io.liveprofile.metrics.Ledger;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * What the job's operators count in their metric group {@code liveprofile}, readable in this JVM by name and summed over
 * subtasks. A restarted task replaces the one before it; a finished task keeps its last value. Thread-safe.
 */
public final class LocalMetrics implements MetricReporter, JobMetrics {
    /** Metric group whose metrics are kept. */
    public static final String GROUP = Ledger.GROUP;

    private static final String OPERATOR = "<operator_id>";
    private static final String SUBTASK = "<subtask_index>";
    private static final Map<String, LocalMetrics> OPEN = new ConcurrentHashMap<>();

    private final Map<Place, Metric> live = new ConcurrentHashMap<>();

    private record Place(String name, String operator, String subtask) {}

    /** A value that no longer changes, in place of the metric of a finished task. */
    private record LastCount(long value) {}

    private record Finished(Object value) implements Gauge<Object> {
        @Override
        public Object getValue() {
            return value;
        }
    }

    /** Finds the instance that was opened under the name of the reporter's option {@code registry}. */
    public static final class Factory implements MetricReporterFactory {
        static final String REGISTRY = "registry";

        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return open(properties.getProperty(REGISTRY, ""));
        }
    }

    /** The instance of that name; a new, empty one at the first call. */
    public static LocalMetrics open(String registry) {
        return OPEN.computeIfAbsent(registry, name -> new LocalMetrics());
    }

    /** Forgets the instance of that name. */
    public static void close(String registry) {
        OPEN.remove(registry);
    }

    @Override
    public long count(String name) {
        long sum = 0;
        for (Map.Entry<Place, Metric> entry : live.entrySet()) {
            if (entry.getKey().name().equals(name)) {
                sum += number(entry.getValue());
            }
        }
        return sum;
    }

    /** Whether any subtask has registered that name. */
    public boolean knows(String name) {
        return live.keySet().stream().anyMatch(place -> place.name().equals(name));
    }

    @Override
    public double quantile(String name, double quantile) {
        double[] values = live.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .flatMapToDouble(entry -> values(entry.getValue()))
                .sorted()
                .toArray();
        if (values.length == 0) {
            return Double.NaN;
        }
        return values[Math.min(values.length - 1, (int) (quantile * values.length))];
    }

    @Override
    public String text(String name) {
        return live.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .map(entry -> entry.getValue() instanceof Gauge<?> gauge ? gauge.getValue() : null)
                .filter(value -> value != null && !(value instanceof double[]) && !(value instanceof LastCount))
                .map(String::valueOf)
                .max(String::compareTo)
                .orElse("");
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {}

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (isOurs(group)) {
            live.put(place(name, group), metric);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        if (isOurs(group)) {
            // Only when it is still the newest: a restarted task may have registered before the old one is gone.
            live.computeIfPresent(place(name, group), (place, current) -> current == metric ? last(metric) : current);
        }
    }

    private static boolean isOurs(MetricGroup group) {
        return group instanceof LogicalScopeProvider scope
                && scope.getLogicalScope(text -> text, '.').endsWith("." + GROUP);
    }

    private static Place place(String name, MetricGroup group) {
        Map<String, String> variables = group.getAllVariables();
        return new Place(name, variables.getOrDefault(OPERATOR, ""), variables.getOrDefault(SUBTASK, ""));
    }

    private static Metric last(Metric metric) {
        if (metric instanceof Counter counter) {
            return new Finished(new LastCount(counter.getCount()));
        }
        if (metric instanceof Histogram || metric instanceof Gauge) {
            return new Finished(metric instanceof Gauge<?> gauge ? gauge.getValue() : values(metric).toArray());
        }
        return metric;
    }

    private static long number(Metric metric) {
        if (metric instanceof Counter counter) {
            return counter.getCount();
        }
        Object value = metric instanceof Gauge<?> gauge ? gauge.getValue() : null;
        if (value instanceof LastCount last) {
            return last.value();
        }
        return value instanceof Number number ? number.longValue() : 0;
    }

    private static DoubleStream values(Metric metric) {
        if (metric instanceof Histogram histogram) {
            return Arrays.stream(histogram.getStatistics().getValues()).asDoubleStream();
        }
        return metric instanceof Finished finished && finished.value() instanceof double[] last
                ? Arrays.stream(last)
                : DoubleStream.empty();
    }
}
