package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.RunFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

    @Override
    void run() throws Exception {
        List<Job> asked = Job.of(job);
        if (from != null && !from.equals(LATEST) && !from.equals(NONE) && asked.size() > 1) {
            throw new ConfigException("FROM needs JOB=profile or JOB=training: it is the state of one job");
        }
        parallelism.check();
        ClusterJobs jobs = jobs();
        Map<Job, Submission> submissions = new EnumMap<>(Job.class);
        Map<Job, List<String>> arguments = new EnumMap<>(Job.class);
        for (Job each : asked) {
            Submission next = kept(each).and(submission(parallelism));
            submissions.put(each, next);
            arguments.put(each, jobArguments(next.assignments()).checked(cluster().addresses()));
        }
        Map<Job, FlinkRest.JobState> running = new EnumMap<>(Job.class);
        Map<Job, Path> states = new EnumMap<>(Job.class);
        for (Job each : asked) { // before anything is submitted: what is refused shall change nothing
            Optional<FlinkRest.JobState> runs = jobs.running(each);
            if (runs.isPresent()) {
                if (from != null) {
                    throw new ConfigException("FROM: the " + each.option() + " job runs, so it does not begin with " + from
                            + ": 'make cancel JOB=" + each.option() + "' first, or submit the other one alone");
                }
                running.put(each, runs.get());
            } else if (isOffered(each, submissions.get(each))) {
                states.put(each, state(jobs, each));
            }
        }
        jobs.requireSlots(states.keySet().stream().map(each -> submissions.get(each).parallelism()).toList(), List.of());
        List<String> notWhole = new ArrayList<>();
        for (Job each : asked) {
            if (running.containsKey(each)) {
                FlinkRest.JobState job = running.get(each);
                if (job.isWhole()) {
                    Submission told = submission(parallelism);
                    say("%-9s runs already, job %s, and goes on as it was submitted: 'make upgrade%s' puts this jar in its place",
                            each.option(), job.id(), told.isEmpty() ? "" : " " + told);
                } else {
                    notWhole.add("the %s job was submitted before, job %s, but is %s, %d of %d tasks run; 'make cancel JOB=%s' ends it"
                            .formatted(each.option(), job.id(), job.state(), job.runningTasks(), job.tasks(), each.option()));
                }
            } else if (!states.containsKey(each)) {
                say("%-9s not submitted: model.store is empty", each.option());
            } else {
                Path state = states.get(each);
                if (!kept(each).isEmpty()) {
                    say("%-9s keeps %s", each.option(), kept(each));
                }
                String id = jobs.submit(each, state, submissions.get(each), arguments.get(each));
                say("%-9s runs, job %s%s", each.option(), id, state == null ? "" : ", from " + shown(state));
            }
        }
        if (!notWhole.isEmpty()) {
            throw new RunFailedException(String.join("; ", notWhole));
        }
    }

    private boolean isOffered(Job job, Submission submission) {
        return job != Job.TRAINING || jobArguments(submission.assignments()).learns();
    }

    /** What a job that goes on from a state was submitted with, but for what is said now; of one that begins anew nothing. */
    private Submission kept(Job job) {
        return from == null || from.equals(NONE) ? Submission.NOTHING
                : Submission.read(directory().submissions(), job).without(submission(parallelism));
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
