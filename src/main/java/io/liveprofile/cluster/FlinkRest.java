package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.liveprofile.local.RunFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The JobManager's REST API, as far as it is needed here. Thread-safe. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 200;
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED");

    private final String address;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /**
     * One job that the JobManager knows.
     *
     * @param state Flink's word, such as {@code RUNNING}
     */
    record JobState(String id, String name, String state, long startMillis, int tasks, int runningTasks) {
        boolean isEnded() {
            return ENDED.contains(state);
        }

        /** Whether the job runs with all of its tasks. */
        boolean isWhole() {
            return state.equals("RUNNING") && tasks > 0 && runningTasks == tasks;
        }
    }

    /** @param address such as {@code http://127.0.0.1:8081} */
    FlinkRest(String address) {
        this.address = address;
    }

    /** TaskManagers that are registered now; -1 while nobody answers. */
    int taskManagers() {
        try {
            return get("/overview").path("taskmanagers").asInt(-1);
        } catch (UncheckedIOException | RunFailedException e) {
            return -1;
        }
    }

    /**
     * Slots of all TaskManagers that are registered now.
     *
     * @param free that no job has
     */
    record Slots(int total, int free) {}

    Slots slots() {
        JsonNode overview = get("/overview");
        return new Slots(overview.path("slots-total").asInt(), overview.path("slots-available").asInt());
    }

    /** Slots that the job takes while all of its tasks run: its tasks share them, so as many as the widest has subtasks. */
    int slotsOf(String jobId) {
        int widest = 0;
        for (JsonNode vertex : get("/jobs/" + jobId).path("vertices")) {
            widest = Math.max(widest, vertex.path("parallelism").asInt());
        }
        return widest;
    }

    /** Ids of the TaskManagers that are registered now. */
    List<String> taskManagerIds() {
        List<String> ids = new ArrayList<>();
        get("/taskmanagers").path("taskmanagers").forEach(each -> ids.add(each.path("id").asText()));
        return ids;
    }

    /** All jobs, those that have ended as well. */
    List<JobState> jobs() {
        List<JobState> jobs = new ArrayList<>();
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            jobs.add(new JobState(
                    job.path("jid").asText(),
                    job.path("name").asText(),
                    job.path("state").asText(),
                    job.path("start-time").asLong(),
                    job.path("tasks").path("total").asInt(),
                    job.path("tasks").path("running").asInt()));
        }
        return jobs;
    }

    /** The job of that name that has not ended. */
    Optional<JobState> running(Job job) {
        return ofName(job).filter(each -> !each.isEnded()).findFirst();
    }

    /** The one that was submitted last, ended or not. */
    Optional<JobState> newest(Job job) {
        return ofName(job).max(Comparator.comparingLong(JobState::startMillis));
    }

    private Stream<JobState> ofName(Job job) {
        return jobs().stream().filter(each -> each.name().equals(job.flinkName()));
    }

    Optional<JobState> job(String id) {
        return jobs().stream().filter(each -> each.id().equals(id)).findFirst();
    }

    /** Returns where the savepoint is, once it is complete; the job goes on. */
    String savepoint(String jobId, Path directory, Duration limit) throws InterruptedException {
        JsonNode asked = JsonNodeFactory.instance.objectNode()
                .put("target-directory", directory.toUri().toString())
                .put("cancel-job", false);
        return awaitSavepoint(jobId, send("POST", "/jobs/" + jobId + "/savepoints", asked), limit);
    }

    /** Ends the job with a savepoint; returns where that is. */
    String stop(String jobId, Path directory, Duration limit) throws InterruptedException {
        JsonNode asked = JsonNodeFactory.instance.objectNode()
                .put("targetDirectory", directory.toUri().toString())
                .put("drain", false);
        return awaitSavepoint(jobId, send("POST", "/jobs/" + jobId + "/stop", asked), limit);
    }

    /** Returns when the job has ended, without a savepoint. */
    void cancel(String jobId, Duration limit) throws InterruptedException {
        send("PATCH", "/jobs/" + jobId + "?mode=cancel", null);
        long deadline = System.nanoTime() + limit.toNanos();
        while (job(jobId).filter(job -> !job.isEnded()).isPresent()) {
            requireTime(deadline, "job " + jobId + " was not cancelled", limit);
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Whatever a path of the API says. */
    JsonNode get(String path) {
        return send("GET", path, null);
    }

    private String awaitSavepoint(String jobId, JsonNode trigger, Duration limit) throws InterruptedException {
        String path = "/jobs/" + jobId + "/savepoints/" + trigger.path("request-id").asText();
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            JsonNode answer = get(path);
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                JsonNode operation = answer.path("operation");
                if (operation.has("failure-cause")) {
                    throw new RunFailedException("the savepoint failed: " + CommandOutput.reason(
                            operation.path("failure-cause").path("stack-trace").asText().lines().toList()));
                }
                return operation.path("location").asText();
            }
            requireTime(deadline, "the savepoint is not complete", limit);
            Thread.sleep(POLL_MILLIS);
        }
    }

    private JsonNode send(String method, String path, JsonNode body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode json = response.body().isBlank() ? JSON.nullNode() : JSON.readTree(response.body());
            if (response.statusCode() >= 300) {
                throw new RunFailedException("Flink refused " + method + " " + path + ": "
                        + CommandOutput.reason(json.path("errors").path(0).asText().lines().toList()));
            }
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException("the JobManager at " + address + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking the JobManager", e);
        }
    }

    private static void requireTime(long deadline, String what, Duration limit) {
        if (System.nanoTime() > deadline) {
            throw new RunFailedException(what + " after " + limit.toSeconds() + " s");
        }
    }
}
