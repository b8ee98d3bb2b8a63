package io.liveprofile.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.liveprofile.local.Reading;
import io.liveprofile.local.RunFailedException;

/** What the JobManager of a cluster says of the two jobs: how far they are, what they counted, and their checkpoints. */
record WatchedJobs(Cluster cluster) {

    /** A TaskManager that runs tasks of the job. */
    String taskManagerOf(Job job) {
        String path = "/jobs/" + id(job);
        JsonNode vertex = cluster.rest().get(path).path("vertices").path(0);
        return cluster.rest().get(path + "/vertices/" + vertex.path("id").asText())
                .path("subtasks").path(0).path("taskmanager-id").asText();
    }

    /** The job's number of complete checkpoints, savepoints among them. */
    long checkpoints(Job job) {
        return checkpoint(job, "/counts/completed").asLong();
    }

    /** Number of the job's newest complete checkpoint; 0 = it has none. */
    long newestCheckpoint(Job job) {
        return checkpoint(job, "/latest/completed/id").asLong();
    }

    /** Checkpoints that failed since the job was submitted; what the alert on them counts. */
    long failedCheckpoints(Job job) {
        return metric(job, "numberOfFailedCheckpoints");
    }

    /** How often the job was started again since it was submitted; what the alert on that counts. */
    long restarts(Job job) {
        return metric(job, "numRestarts");
    }

    /** One of the job's own counts. */
    long count(Job job, String name) {
        return ClusterMetrics.of(cluster.rest(), id(job)).count(name);
    }

    /** When the job's newest complete checkpoint began, ms UTC; 0 = it has none. Savepoints are none. */
    long newestCheckpointBegan(Job job) {
        return checkpoint(job, "/latest/completed/trigger_timestamp").asLong();
    }

    /** When the job went back to a checkpoint last, ms UTC; -1 = it never did. */
    long restoredAt(Job job) {
        return checkpoint(job, "/latest/restored/restore_timestamp").asLong(-1);
    }

    /** Number of the checkpoint that the job went back to last. */
    long restoredFrom(Job job) {
        return checkpoint(job, "/latest/restored/id").asLong();
    }

    /** Bytes of the job's newest checkpoint, all that it refers to included. */
    long stateBytes(Job job) {
        return checkpoint(job, "/latest/completed/state_size").asLong();
    }

    /** What came too late for the labels. */
    LateForLabels lateForLabels() {
        ClusterMetrics counts = ClusterMetrics.of(cluster.rest(), id(Job.TRAINING));
        return new LateForLabels(
                counts.count("vectors-late"), counts.count("label-facts-late"), counts.count("vectors-repeated"));
    }

    /** Event time, in ms UTC, that each subtask of the label join has seen the end of. */
    long labelsKnownUntil() {
        String path = "/jobs/" + id(Job.TRAINING);
        long until = Long.MAX_VALUE;
        for (JsonNode vertex : cluster.rest().get(path).path("vertices")) {
            if (vertex.path("name").asText().contains("join labels")) {
                JsonNode subtasks = cluster.rest().get(path + "/vertices/" + vertex.path("id").asText() + "/watermarks");
                until = subtasks.size() < vertex.path("parallelism").asInt() ? Long.MIN_VALUE : until;
                for (JsonNode subtask : subtasks) {
                    until = Math.min(until, subtask.path("value").asLong(Long.MIN_VALUE));
                }
            }
        }
        return until;
    }

    /** What the profile job has counted. */
    Reading reading() {
        return Reading.of(ClusterMetrics.of(cluster.rest(), id(Job.PROFILE)));
    }

    /** Whether the job runs with all of its tasks. */
    boolean isWhole(Job job) {
        return cluster.rest().running(job).filter(FlinkRest.JobState::isWhole).isPresent();
    }

    /** Id of the job, which runs. */
    String id(Job job) {
        return cluster.rest().running(job)
                .orElseThrow(() -> new RunFailedException("the " + job.option() + " job does not run"))
                .id();
    }

    private long metric(Job job, String name) {
        return cluster.rest().get("/jobs/" + id(job) + "/metrics?get=" + name).path(0).path("value").asLong();
    }

    private JsonNode checkpoint(Job job, String pointer) {
        return cluster.rest().get("/jobs/" + id(job) + "/checkpoints").at(pointer);
    }
}
