package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.RunFailedException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The jobs on a cluster: submitted as {@code flink run} does, saved, stopped and found again. */
final class ClusterJobs {
    /** Beyond the timeout of a checkpoint, for what comes before a savepoint and for a job to end behind it. */
    private static final Duration SAVEPOINT_MARGIN = Duration.ofMinutes(1);
    private static final Duration CANCEL_LIMIT = Duration.ofMinutes(1);
    private static final Duration RUNNING_LIMIT = Duration.ofMinutes(2);
    /** For the slots of a job that has just ended to be given back. */
    private static final Duration SLOTS_LIMIT = Duration.ofSeconds(3);
    private static final long POLL_MILLIS = 100;

    private final ClusterDirectory directory;
    private final FlinkProcesses flink;
    private final FlinkRest rest;
    private final JobStates states;

    /** Told now and then of a wait that takes long. */
    interface Waiting {
        Waiting UNTOLD = (since, limit) -> {};

        /** @param limit at which it is given up */
        void goesOn(Duration since, Duration limit);
    }

    ClusterJobs(ClusterDirectory directory, FlinkProcesses flink, FlinkRest rest) {
        this.directory = directory;
        this.flink = flink;
        this.rest = rest;
        this.states = new JobStates(directory);
    }

    /** The job of that kind that has not ended. */
    Optional<FlinkRest.JobState> running(Job job) {
        return rest.running(job);
    }

    /**
     * Submits the job jar; returns the job's id when all of its tasks run.
     *
     * @param from state to begin with, null = none
     * @param parallelism empty = as Flink's configuration says
     * @param arguments of the job's main
     * @throws RunFailedException when the job or Flink refuses
     */
    String submit(Job job, Path from, OptionalInt parallelism, List<String> arguments) throws InterruptedException {
        String id = accepted(job, from, parallelism, arguments);
        awaitWhole(job, id);
        return id;
    }

    /**
     * The same, with what the command line said noted for a job that takes its place; what never ran leaves what was noted before.
     *
     * @param arguments of the job's main, as the submission makes them
     */
    String submit(Job job, Path from, Submission submission, List<String> arguments) throws InterruptedException {
        Submission before = Submission.read(directory.submissions(), job);
        String id = accepted(job, from, submission.parallelism(), arguments);
        submission.write(directory.submissions(), job); // at once: it runs whatever becomes of this command
        try {
            awaitWhole(job, id);
        } catch (RunFailedException e) {
            if (rest.job(id).filter(known -> !known.isEnded()).isEmpty()) {
                before.write(directory.submissions(), job);
            }
            throw e;
        }
        return id;
    }

    private String accepted(Job job, Path from, OptionalInt parallelism, List<String> arguments) throws InterruptedException {
        String id = CommandOutput.jobId(
                flink.submission(job, from, parallelism, arguments).run("the " + job.option() + " job was not submitted"));
        states.remember(job, id);
        return id;
    }

    /** Returns when all tasks of the job run. */
    private void awaitWhole(Job job, String id) throws InterruptedException {
        long deadline = System.nanoTime() + RUNNING_LIMIT.toNanos();
        while (true) {
            Optional<FlinkRest.JobState> state = rest.job(id);
            if (state.filter(FlinkRest.JobState::isWhole).isPresent()) {
                return;
            }
            if (state.filter(FlinkRest.JobState::isEnded).isPresent()) {
                throw new RunFailedException("job " + id + " ended at its start: " + failure(id));
            }
            if (System.nanoTime() > deadline) {
                throw new RunFailedException(notWhole(job, id, state));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The job is not cancelled: TaskManagers that come later may have room for it. */
    static String notWhole(Job job, String id, Optional<FlinkRest.JobState> state) {
        String after = "job " + id + " does not run after " + RUNNING_LIMIT.toSeconds() + " s: ";
        return state.map(known -> after + known.state() + ", " + known.runningTasks() + " of " + known.tasks() + " tasks run; it goes on"
                        + " waiting for the others, as for free slots: 'make cancel JOB=" + job.option() + "' ends it")
                .orElse(after + "unknown to the JobManager");
    }

    /**
     * Returns when there are slots for all of these jobs: one that waits for slots would keep others from theirs.
     *
     * @param parallelisms of the jobs, empty = as Flink's configuration says
     * @param ending ids of jobs that give theirs back before
     * @throws ConfigException when there are too few
     */
    void requireSlots(Collection<OptionalInt> parallelisms, Collection<String> ending) throws InterruptedException {
        int needed = parallelisms.stream().mapToInt(flink::slots).sum();
        int given = ending.stream().mapToInt(rest::slotsOf).sum();
        long deadline = System.nanoTime() + SLOTS_LIMIT.toNanos();
        while (true) {
            FlinkRest.Slots slots = rest.slots();
            if (needed <= slots.free() + given) {
                return;
            }
            if (needed > slots.total() || System.nanoTime() > deadline) {
                throw new ConfigException("PARALLELISM: " + needed + " slots are needed, but the TaskManagers that run have " + slots.total()
                        + ", of which " + Math.min(slots.total(), slots.free() + given) + " are free for it");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /**
     * Returns when the job's main takes the arguments and Flink's settings of this cluster; builds the graph as it does, and executes
     * nothing.
     *
     * @param goesOn whether the job begins with a state
     * @throws ConfigException as the main would say it
     */
    void requireAccepted(Job job, boolean goesOn, List<String> arguments) {
        job.define(flink.environment(goesOn), arguments);
    }

    /**
     * A savepoint of a running job, which goes on.
     *
     * @throws RunFailedException also when it takes longer than Flink lets it
     */
    Path savepoint(Job job, String id, Waiting waiting) throws InterruptedException {
        Path target = directory.savepoints().resolve(job.option());
        Duration limit = savepointLimit(id);
        return rest.savepoint(id, target, limit, since -> waiting.goesOn(since, limit)).map(ClusterJobs::path).orElseThrow(() ->
                new RunFailedException("the savepoint of the " + job.option() + " job is not complete after " + limit.toSeconds()
                        + " s; it may still be, in " + target));
    }

    /**
     * Ends a running job with a savepoint.
     *
     * @throws RunFailedException also when it takes longer than Flink lets it
     */
    Path stop(Job job, String id, Waiting waiting) throws InterruptedException {
        Duration limit = savepointLimit(id);
        return rest.stop(id, directory.savepoints().resolve(job.option()), limit, since -> waiting.goesOn(since, limit))
                .map(ClusterJobs::path).orElseThrow(() ->
                        new RunFailedException("the " + job.option() + " job has not ended after " + limit.toSeconds() + " s, but may still"
                                + " end with a savepoint: then '" + SubmitCommand.line(job, SubmitCommand.LATEST) + "' goes on with it"));
    }

    /** Flink goes on with a savepoint until the timeout, whoever waits for it. */
    private Duration savepointLimit(String id) {
        return rest.checkpointTimeout(id).plus(SAVEPOINT_MARGIN);
    }

    /** Ends a running job; its newest checkpoint stays. */
    void cancel(String id) throws InterruptedException {
        rest.cancel(id, CANCEL_LIMIT);
    }

    /** The newest complete checkpoint or savepoint of the job, as it lies on disk. */
    Optional<Path> newestState(Job job) {
        return states.newest(job);
    }

    private String failure(String id) {
        return CommandOutput.reason(
                rest.get("/jobs/" + id + "/exceptions").path("exceptionHistory").path("entries").path(0)
                        .path("stacktrace").asText().lines().toList());
    }

    private static Path path(String location) {
        return Path.of(URI.create(location));
    }
}
