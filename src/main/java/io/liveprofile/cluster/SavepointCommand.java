package io.liveprofile.cluster;

import picocli.CommandLine.Command;

/** Saves the state of running jobs. */
@Command(name = "savepoint", description = "Makes a savepoint of each running job and prints where it is; the jobs go on.")
final class SavepointCommand extends RunningJobsCommand {
    @Override
    void handle(ClusterJobs jobs, Job job, String id) throws InterruptedException {
        say("%-9s %s", job.option(), shown(jobs.savepoint(job, id, saying(job))));
    }
}
