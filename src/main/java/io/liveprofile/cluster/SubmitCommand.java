package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.RunFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Submits the job jar. */
@Command(name = "submit", sortOptions = false,
        description = "Submits the jobs as 'flink run' does, unless they run already.")
final class SubmitCommand extends ClusterCommand {
    static final String LATEST = "latest";
    private static final String NONE = "none";

    @Option(names = "--job", paramLabel = "JOB", description = "profile or training (default: both).")
    private String job;

    @Option(names = "--from", paramLabel = "PATH|latest|none",
            description = "Savepoint or checkpoint to begin with; latest: the newest of the job on this cluster; none: begin without,"
                    + " also where there is one.")
    private String from;

    @Mixin
    private ParallelismOption parallelism;

    /**
     * What is typed to submit the job.
     *
     * @param from null = nothing is said of it
     */
    static String line(Job job, String from) {
        return "make submit JOB=" + job.option() + (from == null ? "" : " FROM=" + from);
    }

    /**
     * What becomes of one of the jobs.
     *
     * @param kept of what it was submitted with before
     * @param submission of it, what is kept and what is said now
     * @param arguments of its main
     * @param running the one that has not ended; empty = none has
     * @param isToBegin whether it is submitted: neither runs nor lacks a store to release to
     * @param state that it begins with, null = none
     */
    private record Asked(
            Job job,
            Submission kept,
            Submission submission,
            List<String> arguments,
            Optional<FlinkRest.JobState> running,
            boolean isToBegin,
            Path state) {}

    @Override
    void run() throws Exception {
        List<Job> jobs = Job.of(job);
        if (from != null && !from.equals(LATEST) && !from.equals(NONE) && jobs.size() > 1) {
            throw new ConfigException("FROM needs JOB=profile or JOB=training: it is the state of one job");
        }
        parallelism.check();
        ClusterJobs cluster = jobs();
        List<Asked> asked = new ArrayList<>();
        for (Job each : jobs) { // all, before anything is submitted: what is refused shall change nothing
            asked.add(asked(each, cluster));
        }
        cluster.requireSlots(asked.stream().filter(Asked::isToBegin).map(each -> each.submission.parallelism()).toList(), List.of());
        List<String> notWhole = new ArrayList<>();
        for (Asked each : asked) {
            if (each.running.isPresent()) {
                runsAlready(each.job, each.running.get()).ifPresent(notWhole::add);
            } else if (each.isToBegin) {
                begin(each, cluster);
            } else {
                say("%-9s not submitted: model.store is empty", each.job.option());
            }
        }
        if (!notWhole.isEmpty()) {
            throw new RunFailedException(String.join("; ", notWhole));
        }
    }

    private Asked asked(Job job, ClusterJobs cluster) {
        Submission told = submission(parallelism);
        Submission kept = from == null || from.equals(NONE) ? Submission.NOTHING
                : Submission.read(directory().submissions(), job).without(told);
        Submission submission = kept.and(told);
        JobArguments given = jobArguments(submission.assignments());
        List<String> arguments = given.isFor(job) ? given.checked(job, cluster().addresses()) : List.of();
        Optional<FlinkRest.JobState> running = cluster.running(job);
        if (running.isPresent() && from != null) {
            throw new ConfigException("FROM: the " + job.option() + " job runs, so it does not begin with " + from
                    + ": 'make cancel JOB=" + job.option() + "' first, or submit the other one alone");
        }
        boolean isToBegin = running.isEmpty() && given.isFor(job);
        Path state = isToBegin ? state(cluster, job) : null;
        if (isToBegin) {
            cluster.requireAccepted(job, state != null, arguments);
        }
        return new Asked(job, kept, submission, arguments, running, isToBegin, state);
    }

    /** What is wrong with it; empty when all of it runs. */
    private Optional<String> runsAlready(Job job, FlinkRest.JobState running) {
        if (!running.isWhole()) {
            return Optional.of("the %s job was submitted before, job %s, but is %s, %d of %d tasks run; 'make cancel JOB=%s' ends it"
                    .formatted(job.option(), running.id(), running.state(), running.runningTasks(), running.tasks(), job.option()));
        }
        Submission told = submission(parallelism);
        say("%-9s runs already, job %s, and goes on as it was submitted: 'make upgrade%s' puts this jar in its place",
                job.option(), running.id(), told.isEmpty() ? "" : " " + told);
        return Optional.empty();
    }

    private void begin(Asked asked, ClusterJobs cluster) throws InterruptedException {
        if (!asked.kept.isEmpty()) {
            say("%-9s keeps %s", asked.job.option(), asked.kept);
        }
        String id = cluster.submit(asked.job, asked.state, asked.submission, asked.arguments);
        say("%-9s runs, job %s%s", asked.job.option(), id, asked.state == null ? "" : ", from " + shown(asked.state));
    }

    /** Null = none. A job that has state never begins without it unasked: what it publishes would take the place of what knew more. */
    private Path state(ClusterJobs jobs, Job job) {
        if (from == null) {
            Optional<Path> left = jobs.newestState(job);
            if (left.isPresent()) {
                throw new ConfigException("the " + job.option() + " job has state in " + shown(left.get())
                        + ": FROM=latest goes on from it, FROM=none begins anew");
            }
            return null;
        }
        if (from.equals(NONE)) {
            return null;
        }
        if (from.equals(LATEST)) {
            return jobs.newestState(job).orElseThrow(() ->
                    new ConfigException("FROM: there is neither a checkpoint nor a savepoint of the " + job.option() + " job"));
        }
        Path path = Path.of(from).toAbsolutePath();
        if (!JobStates.isComplete(path)) {
            throw new ConfigException("FROM: there is no savepoint or checkpoint in " + from);
        }
        return path;
    }
}
