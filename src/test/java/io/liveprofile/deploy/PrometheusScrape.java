package io.liveprofile.deploy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.prometheus.PrometheusReporter;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.MetricRegistryTestUtils;
import org.apache.flink.runtime.metrics.ReporterSetupBuilder;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.util.MetricUtils;

/** The metrics of a JobManager and a TaskManager without jobs, as Flink's reporter hands them to Prometheus. */
public final class PrometheusScrape implements AutoCloseable {
    private static final String PORTS = "36200-36999";

    private final PrometheusReporter reporter;
    private final MetricRegistryImpl registry;
    private final TaskManagerMetricGroup taskManager;

    private PrometheusScrape(PrometheusReporter reporter) {
        this.reporter = reporter;
        this.registry = new MetricRegistryImpl(MetricRegistryTestUtils.defaultMetricRegistryConfiguration(),
                List.of(ReporterSetupBuilder.METRIC_SETUP_BUILDER.forReporter("prometheus", reporter)));
        MetricUtils.instantiateProcessMetricGroup(registry, "host", Optional.empty());
        this.taskManager = MetricUtils.instantiateTaskManagerMetricGroup(
                registry, "host", ResourceID.generate(), Optional.empty()).f0;
    }

    static PrometheusScrape open() {
        MetricConfig config = new MetricConfig();
        config.setProperty("port", PORTS);
        return new PrometheusScrape(new PrometheusReporterFactory().createMetricReporter(config));
    }

    static ExecutionAttemptID attempt() {
        return ExecutionAttemptID.randomId();
    }

    TaskManagerMetricGroup taskManager() {
        return taskManager;
    }

    /** The samples, {@code name{labels} value}, without help and types. */
    List<String> lines() throws IOException, InterruptedException, ReflectiveOperationException {
        Method port = PrometheusReporter.class.getDeclaredMethod("getPort");
        port.setAccessible(true);
        return lines((Integer) port.invoke(reporter));
    }

    /** Those of whoever answers on a port. */
    public static List<String> lines(int port) throws IOException, InterruptedException {
        HttpResponse<String> response = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString());
        return response.body().lines().filter(line -> !line.startsWith("#")).toList();
    }

    @Override
    public void close() throws Exception {
        registry.closeAsync().get();
    }
}
