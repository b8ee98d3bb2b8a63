package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveprofile.local.JobMetrics;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a job counted at one moment, asked of the JobManager, which itself asks the TaskManagers once a second. A quantile is
 * that of the subtask whose quantile is largest.
 */
final class ClusterMetrics implements JobMetrics {
    private static final String GROUP = ".liveprofile.";
    private static final int ASKED_AT_ONCE = 40;

    private final Map<String, Long> sums = new HashMap<>();
    private final Map<String, Double> largest = new HashMap<>();

    private ClusterMetrics() {}

    /** @param jobId a job whose tasks run; what those that do not run count is missing */
    static ClusterMetrics of(FlinkRest rest, String jobId) {
        ClusterMetrics metrics = new ClusterMetrics();
        for (JsonNode vertex : rest.get("/jobs/" + jobId).path("vertices")) {
            metrics.read(rest, "/jobs/" + jobId + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics");
        }
        return metrics;
    }

    @Override
    public long count(String name) {
        return sums.getOrDefault(name, 0L);
    }

    @Override
    public double quantile(String name, double quantile) {
        String suffix = quantile == 0.5 ? "_median" : "_p" + Math.round(quantile * 100);
        return largest.getOrDefault(name + suffix, Double.NaN);
    }

    /** The API sums and compares numbers only. */
    @Override
    public String text(String name) {
        return "";
    }

    private void read(FlinkRest rest, String path) {
        List<String> ids = new ArrayList<>();
        for (JsonNode metric : rest.get(path)) {
            String id = metric.path("id").asText();
            if (id.contains(GROUP) && !id.endsWith(GROUP + "release") && !id.endsWith(GROUP + "champion")) {
                ids.add(id);
            }
        }
        for (int i = 0; i < ids.size(); i += ASKED_AT_ONCE) {
            String asked = String.join(",", ids.subList(i, Math.min(ids.size(), i + ASKED_AT_ONCE)));
            for (JsonNode metric : rest.get(path + "?agg=sum,max&get=" + URLEncoder.encode(asked, StandardCharsets.UTF_8))) {
                String id = metric.path("id").asText();
                String name = id.substring(id.indexOf(GROUP) + GROUP.length());
                sums.merge(name, Math.round(metric.path("sum").asDouble()), Long::sum);
                largest.merge(name, metric.path("max").asDouble(Double.NaN), Math::max);
            }
        }
    }
}
