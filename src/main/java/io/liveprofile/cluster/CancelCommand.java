package io.liveprofile.cluster;

import picocli.CommandLine.Command;

/** Ends jobs without a savepoint. */
@Command(name = "cancel", description = "Ends each running job as it is; its newest checkpoint stays for 'submit --from latest'.")
final class CancelCommand extends RunningJobsCommand {
    @Override
    boolean mayHaveEnded() {
        return true;
    }

    @Override
    void handle(ClusterJobs jobs, Job job, String id) throws InterruptedException {
        jobs.cancel(id);
        say("%-9s cancelled, job %s", job.option(), id);
    }
}
