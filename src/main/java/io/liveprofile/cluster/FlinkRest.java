package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.liveprofile.local.RunFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The JobManager's REST API, as far as it is needed here. Thread-safe. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 200;
    /** After which somebody who waits is told so, again and again. */
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED");

    private final String address;
    private final Duration requestLimit;
    private final PollClock clock;
    private final HttpClient client;

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
        this(address, REQUEST_LIMIT, PollClock.SYSTEM);
    }

    /** @param requestLimit how long one answer may take */
    FlinkRest(String address, Duration requestLimit, PollClock clock) {
        this.address = address;
        this.requestLimit = requestLimit;
        this.clock = clock;
        this.client = HttpClient.newBuilder().connectTimeout(requestLimit).build();
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

    /** When each TaskManager that is registered was heard of last, ms UTC, by its id; 0 = not yet. Nothing while nobody answers. */
    Map<String, Long> lastHeartbeats() {
        Map<String, Long> last = new HashMap<>();
        try {
            for (JsonNode taskManager : get("/taskmanagers").path("taskmanagers")) {
                last.put(taskManager.path("id").asText(), taskManager.path("timeSinceLastHeartbeat").asLong()); // Flink's name for the time of it
            }
        } catch (UncheckedIOException | RunFailedException e) {
            return Map.of();
        }
        return last;
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

    /** How long a checkpoint or savepoint of the job may take, from when it begins. */
    Duration checkpointTimeout(String jobId) {
        return Duration.ofMillis(get("/jobs/" + jobId + "/checkpoints/config").path("timeout").asLong());
    }

    /**
     * Returns where the savepoint is, once it is complete; the job goes on. Empty when it is not within the limit, but may be later.
     *
     * @param waited told now and then how long it has taken, where it takes long
     */
    Optional<String> savepoint(String jobId, Path directory, Duration limit, Consumer<Duration> waited) throws InterruptedException {
        ObjectNode asked = JsonNodeFactory.instance.objectNode()
                .put("target-directory", directory.toUri().toString())
                .put("cancel-job", false);
        return completed(jobId, "savepoints", asked, limit, waited);
    }

    /** Ends the job with a savepoint; returns where that is. The rest as of a savepoint. */
    Optional<String> stop(String jobId, Path directory, Duration limit, Consumer<Duration> waited) throws InterruptedException {
        ObjectNode asked = JsonNodeFactory.instance.objectNode()
                .put("targetDirectory", directory.toUri().toString())
                .put("drain", false);
        return completed(jobId, "stop", asked, limit, waited);
    }

    /** Returns when the job has ended, without a savepoint. */
    void cancel(String jobId, Duration limit) throws InterruptedException {
        send("PATCH", "/jobs/" + jobId + "?mode=cancel", null);
        long began = clock.nanoTime();
        while (job(jobId).filter(job -> !job.isEnded()).isPresent()) {
            if (clock.nanoTime() - began > limit.toNanos()) {
                throw new RunFailedException("job " + jobId + " was not cancelled after " + limit.toSeconds() + " s");
            }
            clock.sleep(POLL_MILLIS);
        }
    }

    /** Whatever a path of the API says. */
    JsonNode get(String path) {
        return send("GET", path, null);
    }

    /** A JobManager that is too busy to answer in time is asked again: it knows by the id what it was asked for before. */
    private Optional<String> completed(String jobId, String operation, ObjectNode asked, Duration limit, Consumer<Duration> waited)
            throws InterruptedException {
        asked.put("triggerId", UUID.randomUUID().toString().replace("-", ""));
        String id = null;
        long began = clock.nanoTime();
        Duration next = LONG;
        while (true) {
            try {
                if (id == null) {
                    id = send("POST", "/jobs/" + jobId + "/" + operation, asked).path("request-id").asText();
                }
                JsonNode answer = get("/jobs/" + jobId + "/savepoints/" + id);
                if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                    return Optional.of(location(answer.path("operation")));
                }
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof HttpTimeoutException)) {
                    throw e; // it is gone
                }
            }
            Duration since = Duration.ofNanos(clock.nanoTime() - began);
            if (since.compareTo(limit) > 0) {
                return Optional.empty();
            }
            if (since.compareTo(next) >= 0) {
                waited.accept(since);
                next = since.plus(LONG);
            }
            clock.sleep(POLL_MILLIS);
        }
    }

    private static String location(JsonNode savepoint) {
        if (savepoint.has("failure-cause")) {
            throw new RunFailedException("the savepoint failed: " + CommandOutput.reason(
                    savepoint.path("failure-cause").path("stack-trace").asText().lines().toList()));
        }
        return savepoint.path("location").asText();
    }

    private JsonNode send(String method, String path, JsonNode body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(requestLimit)
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
}
