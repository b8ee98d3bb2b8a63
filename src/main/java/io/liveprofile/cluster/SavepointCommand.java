package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Saves the state of running jobs. */
@Command(name = "savepoint", description = "Makes a savepoint of each running job and prints where it is; the jobs go on.")
final class SavepointCommand extends ClusterCommand {
    @Option(names = "--job", paramLabel = "JOB", description = "profile or training (default: both).")
    private String job;

    @Override
    void run() throws Exception {
        List<Job> asked = Job.of(job);
        ClusterJobs jobs = cluster().jobs();
        boolean any = false;
        for (Job each : asked) {
            Optional<FlinkRest.JobState> running = jobs.running(each);
            if (running.isPresent()) {
                say("%-9s %s", each.option(), shown(jobs.savepoint(each, running.get().id())));
                any = true;
            }
        }
        if (!any) {
            throw new ConfigException("no such job runs: start it with 'make submit'");
        }
    }
}
