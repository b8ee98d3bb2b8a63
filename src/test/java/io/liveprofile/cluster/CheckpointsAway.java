package io.liveprofile.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * No checkpoint can be written for a while, as a file lies where their directory was; even root cannot write into that. The jobs
 * must go on meanwhile, checkpoints come again once the directory is back, and a TaskManager killed then loses nothing.
 */
final class CheckpointsAway implements Fault.Disturbance {
    private static final int FAILURES = 2;

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.2);
        run.awaitCheckpoint(Job.PROFILE);
        Path checkpoints = run.directory().checkpoints();
        Path away = checkpoints.resolveSibling("checkpoints-away");
        Map<Job, Long> failed = new EnumMap<>(Job.class); // those to which not all tasks were ready count as well
        for (Job job : Job.values()) {
            failed.put(job, run.failedCheckpoints(job));
        }
        long began = System.currentTimeMillis();
        Files.move(checkpoints, away);
        Files.createFile(checkpoints);
        for (Job job : Job.values()) {
            CaseRun.await("checkpoints of the " + job.option() + " job to fail",
                    () -> run.failedCheckpoints(job) - failed.get(job) >= FAILURES);
        }
        Files.delete(checkpoints);
        Files.move(away, checkpoints);
        long back = System.currentTimeMillis();
        for (Job job : Job.values()) {
            run.awaitCheckpoint(job);
        }
        run.note("no checkpoints for %.1f s, the next ones of both jobs %.1f s after".formatted(
                (back - began) / 1e3, (System.currentTimeMillis() - back) / 1e3));
        for (Job job : Job.values()) {
            run.note("%s: %d checkpoints failed, %d restarts".formatted(
                    job.option(), run.failedCheckpoints(job) - failed.get(job), run.restarts(job)));
        }
        String taskManager = run.taskManagerOf(Job.PROFILE);
        run.kill(taskManager);
        run.restart(taskManager);
    }
}
