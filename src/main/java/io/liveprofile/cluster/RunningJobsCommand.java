package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.RunFailedException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Does something to each running job that it is asked for, and says so when none runs. */
abstract class RunningJobsCommand extends ClusterCommand {
    @Option(names = "--job", paramLabel = "JOB", description = "profile or training (default: both).")
    private String job;

    @Override
    final void run() throws Exception {
        List<Job> asked = Job.of(job);
        checkOptions();
        ClusterJobs jobs = jobs();
        Map<Job, String> running = new EnumMap<>(Job.class);
        for (Job each : asked) {
            jobs.running(each).ifPresent(state -> running.put(each, state.id()));
        }
        if (running.isEmpty()) {
            throw new ConfigException(asked.stream().map(each -> runsNot(jobs, each)).collect(Collectors.joining("; ")));
        }
        running.keySet().forEach(each -> check(jobs, each));
        checkAll(jobs, running.values());
        for (Map.Entry<Job, String> each : running.entrySet()) {
            handle(jobs, each.getKey(), each.getValue());
        }
        for (Job each : asked) {
            if (!running.containsKey(each)) {
                if (jobs.newestState(each).isPresent() && !mayHaveEnded()) {
                    throw new RunFailedException(runsNot(jobs, each));
                }
                say("%-9s does not run", each.option());
            }
        }
    }

    private static String runsNot(ClusterJobs jobs, Job job) {
        boolean hasState = jobs.newestState(job).isPresent();
        return "the " + job.option() + " job does not run: " + (hasState ? "go on from its newest state" : "start it") + " with '"
                + SubmitCommand.line(job, hasState ? SubmitCommand.LATEST : null) + "'";
    }

    /** Says that a savepoint of the job takes long. */
    final ClusterJobs.Waiting saying(Job job) {
        return (since, limit) -> say("%s", waits(job, since, limit));
    }

    static String waits(Job job, Duration since, Duration limit) {
        return "%-9s waits for its savepoint, %d s so far, %d s at most".formatted(job.option(), since.toSeconds(), limit.toSeconds());
    }

    /** Whether a job that ran once and does not now is as it shall be. */
    boolean mayHaveEnded() {
        return false;
    }

    /** Those that are the same for each job. */
    void checkOptions() {}

    /** Of each job that runs, before anything is done to any: a wrong option shall change nothing. */
    void check(ClusterJobs jobs, Job job) {}

    /** The same of all that run together, by their ids. */
    void checkAll(ClusterJobs jobs, Collection<String> ids) throws InterruptedException {}

    /** @param id of the running job */
    abstract void handle(ClusterJobs jobs, Job job, String id) throws Exception;
}
