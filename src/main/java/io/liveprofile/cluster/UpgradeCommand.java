package io.liveprofile.cluster;

import io.liveprofile.local.RunFailedException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Puts the job jar at hand in the place of what runs. */
@Command(name = "upgrade", sortOptions = false,
        description = "Stops each running job with a savepoint and starts the job jar at hand from it; also for other options or"
                + " another parallelism.")
final class UpgradeCommand extends RunningJobsCommand {
    @Mixin
    private ParallelismOption parallelism;

    private List<String> arguments;

    @Override
    void check() {
        parallelism.check();
        arguments = jobArguments().checked(cluster().addresses());
    }

    @Override
    void handle(ClusterJobs jobs, Job job, String id) throws InterruptedException {
        long began = System.nanoTime();
        Path savepoint = jobs.stop(job, id);
        say("%-9s stopped, %s", job.option(), shown(savepoint));
        try {
            String next = jobs.submit(job, savepoint, parallelism.value(), arguments);
            say("%-9s runs, job %s, after %.1f s", job.option(), next, (System.nanoTime() - began) / 1e9);
        } catch (RunFailedException e) {
            throw new RunFailedException(e.getMessage() + "; the state is in " + shown(savepoint) + ", go on from it with"
                    + " 'make submit JOB=" + job.option() + " FROM=" + shown(savepoint) + "'", e);
        }
    }
}
