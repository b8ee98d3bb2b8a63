package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Submits the job jar. */
@Command(name = "submit", sortOptions = false,
        description = "Submits the jobs as 'flink run' does, unless they run already.")
final class SubmitCommand extends ClusterCommand {
    private static final String LATEST = "latest";

    @Option(names = "--job", paramLabel = "JOB", description = "profile or training (default: both).")
    private String job;

    @Option(names = "--from", paramLabel = "PATH|latest",
            description = "Savepoint or checkpoint to begin with; latest: the newest of the job on this cluster.")
    private String from;

    @Mixin
    private ParallelismOption parallelism;

    @Override
    void run() throws Exception {
        List<Job> asked = Job.of(job);
        if (from != null && !from.equals(LATEST) && asked.size() > 1) {
            throw new ConfigException("FROM needs JOB=profile or JOB=training: it is the state of one job");
        }
        parallelism.check();
        Cluster cluster = cluster();
        List<String> arguments = jobArguments().checked(cluster.addresses());
        ClusterJobs jobs = cluster.jobs();
        for (Job each : asked) {
            if (each == Job.TRAINING && !jobArguments().learns()) {
                say("%-9s not submitted: model.store is empty", each.option());
                continue;
            }
            Optional<FlinkRest.JobState> running = jobs.running(each);
            if (running.isPresent()) {
                Submission told = submission(parallelism);
                say("%-9s runs already, job %s, and goes on as it was submitted: 'make upgrade%s' puts this jar in its place",
                        each.option(), running.get().id(), told.isEmpty() ? "" : " " + told);
                continue;
            }
            Path state = state(jobs, each);
            submission(parallelism).write(directory().submissions(), each);
            String id = jobs.submit(each, state, parallelism.value(), arguments);
            say("%-9s runs, job %s%s", each.option(), id, state == null ? "" : ", from " + shown(state));
        }
    }

    private Path state(ClusterJobs jobs, Job job) {
        if (from == null) {
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
