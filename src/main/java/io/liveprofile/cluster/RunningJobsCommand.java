package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Does something to each running job that it is asked for, and says so when none runs. */
abstract class RunningJobsCommand extends ClusterCommand {
    @Option(names = "--job", paramLabel = "JOB", description = "profile or training (default: both).")
    private String job;

    @Override
    final void run() throws Exception {
        List<Job> asked = Job.of(job);
        check();
        ClusterJobs jobs = cluster().jobs();
        boolean isAny = false;
        for (Job each : asked) {
            Optional<FlinkRest.JobState> running = jobs.running(each);
            if (running.isPresent()) {
                handle(jobs, each, running.get().id());
                isAny = true;
            }
        }
        if (!isAny) {
            throw new ConfigException("no such job runs: start it with 'make submit'");
        }
    }

    /** Before anything is done: a wrong option shall change nothing. */
    void check() {}

    /** @param id of the running job */
    abstract void handle(ClusterJobs jobs, Job job, String id) throws Exception;
}
