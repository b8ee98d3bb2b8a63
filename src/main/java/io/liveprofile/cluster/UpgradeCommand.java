package io.liveprofile.cluster;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.RunFailedException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts the job jar at hand in the place of what runs. */
@Command(name = "upgrade", sortOptions = false,
        description = "Stops each running job with a savepoint and starts the job jar at hand from it, with the options and the"
                + " parallelism that the job was submitted with; also for other ones.")
final class UpgradeCommand extends RunningJobsCommand {
    /** There to be refused: who asks for another state must not get that of the job without a word. */
    @Option(names = "--from", hidden = true)
    private String from;

    @Mixin
    private ParallelismOption parallelism;

    private final Map<Job, Submission> submissions = new EnumMap<>(Job.class);
    private final Map<Job, List<String>> arguments = new EnumMap<>(Job.class);

    @Override
    void checkOptions() {
        if (from != null) {
            throw new ConfigException("FROM: an upgrade goes on from the savepoint that it stops the job with;"
                    + " for another state 'make cancel', then 'make submit FROM=" + from + "'");
        }
        parallelism.check();
    }

    @Override
    void check(ClusterJobs jobs, Job job) {
        Submission told = submission(parallelism);
        Submission next = before(job).without(told).and(told);
        JobArguments asked = jobArguments(next.assignments());
        if (!asked.isFor(job)) {
            throw new ConfigException("model.store is empty, so the " + job.option() + " job, which runs, would have nowhere to release to:"
                    + " end it with 'make cancel JOB=" + job.option() + "', then '"
                    + ("make upgrade JOB=" + Job.PROFILE.option() + " " + told).strip() + "' upgrades the other one");
        }
        submissions.put(job, next);
        arguments.put(job, asked.checked(job, cluster().addresses()));
        jobs.requireAccepted(job, true, arguments.get(job));
    }

    @Override
    void checkAll(ClusterJobs jobs, Collection<String> ids) throws InterruptedException {
        jobs.requireSlots(submissions.values().stream().map(Submission::parallelism).toList(), ids);
    }

    @Override
    void handle(ClusterJobs jobs, Job job, String id) throws InterruptedException {
        long began = System.nanoTime();
        Submission told = submission(parallelism);
        Submission kept = before(job).without(told);
        if (!kept.isEmpty()) {
            say("%-9s keeps %s", job.option(), kept);
        }
        Path savepoint = jobs.stop(job, id, saying(job));
        // Told at once: whoever interrupts what follows has no job, and shall know how to have it again.
        String goOn = SubmitCommand.line(job, shown(savepoint));
        say("%-9s stopped; if this is interrupted, go on with '%s'", job.option(), goOn);
        try {
            String started = jobs.submit(job, savepoint, submissions.get(job), arguments.get(job));
            say("%-9s runs, job %s, after %.1f s", job.option(), started, (System.nanoTime() - began) / 1e9);
        } catch (RunFailedException e) {
            throw new RunFailedException(e.getMessage() + "; go on as it was with '" + goOn + "'", e);
        }
    }

    private Submission before(Job job) {
        return Submission.read(directory().submissions(), job);
    }
}
