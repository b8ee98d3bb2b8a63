package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends jobs without a savepoint. */
@Command(name = "cancel", description = "Ends each running job as it is; its newest checkpoint stays for 'submit --from latest'.")
final class CancelCommand extends ClusterCommand {
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
                jobs.cancel(running.get().id());
                say("%-9s cancelled, job %s", each.option(), running.get().id());
                any = true;
            }
        }
        if (!any) {
            throw new ConfigException("no such job runs");
        }
    }
}
