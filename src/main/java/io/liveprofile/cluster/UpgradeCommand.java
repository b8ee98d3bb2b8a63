package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.RunFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts the job jar at hand in the place of what runs. */
@Command(name = "upgrade", sortOptions = false,
        description = "Stops each running job with a savepoint and starts the job jar at hand from it; also for other options or"
                + " another parallelism.")
final class UpgradeCommand extends ClusterCommand {
    @Option(names = "--job", paramLabel = "JOB", description = "profile or training (default: both).")
    private String job;

    @Option(names = "--parallelism", paramLabel = "N", description = "Of the job (default: parallelism.default of Flink).")
    private Integer parallelism;

    @Override
    void run() throws Exception {
        List<Job> asked = Job.of(job);
        Cluster cluster = cluster();
        // Before anything is stopped: a wrong option shall change nothing.
        List<String> arguments = jobArguments().checked(cluster.addresses());
        ClusterJobs jobs = cluster.jobs();
        boolean any = false;
        for (Job each : asked) {
            Optional<FlinkRest.JobState> running = jobs.running(each);
            if (running.isPresent()) {
                upgrade(jobs, each, running.get().id(), arguments);
                any = true;
            }
        }
        if (!any) {
            throw new ConfigException("no such job runs: start it with 'make submit'");
        }
    }

    private void upgrade(ClusterJobs jobs, Job job, String id, List<String> arguments) throws InterruptedException {
        long began = System.nanoTime();
        Path savepoint = jobs.stop(job, id);
        say("%-9s stopped, %s", job.option(), shown(savepoint));
        List<String> options = new ArrayList<>();
        if (parallelism != null) {
            options.addAll(List.of("--parallelism", parallelism.toString()));
        }
        try {
            String next = jobs.submit(job, savepoint, options, arguments);
            say("%-9s runs, job %s, after %.1f s", job.option(), next, (System.nanoTime() - began) / 1e9);
        } catch (RunFailedException e) {
            throw new RunFailedException(e.getMessage() + "; the state is in " + shown(savepoint) + ", go on from it with"
                    + " 'make submit JOB=" + job.option() + " FROM=" + shown(savepoint) + "'", e);
        }
    }
}
