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
    /** Of the traffic: between the checkpoint and the kill, at least. */
    private static final double SHARE = 0.05;

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.1);
        run.hold(true);
        run.awaitCheckpoint(Job.PROFILE);
        run.hold(false);
        Path checkpoints = run.directory().checkpoints();
        Path away = checkpoints.resolveSibling("checkpoints-away");
        Map<Job, Long> failed = new EnumMap<>(Job.class); // those to which not all tasks were ready count as well
        for (Job job : Job.values()) {
            failed.put(job, run.jobs().failedCheckpoints(job));
        }
        long began = System.currentTimeMillis();
        Files.move(checkpoints, away);
        Files.createFile(checkpoints);
        for (Job job : Job.values()) {
            CaseRun.await("checkpoints of the " + job.option() + " job to fail",
                    () -> run.jobs().failedCheckpoints(job) - failed.get(job) >= FAILURES);
        }
        Files.delete(checkpoints);
        Files.move(away, checkpoints);
        long back = System.currentTimeMillis();
        run.hold(true);
        for (Job job : Job.values()) {
            run.awaitCheckpoint(job);
        }
        run.note("no checkpoints for %.1f s, the next ones of both jobs %.1f s after".formatted(
                (back - began) / 1e3, (System.currentTimeMillis() - back) / 1e3));
        for (Job job : Job.values()) {
            run.note("%s: %d checkpoints failed, %d restarts".formatted(
                    job.option(), run.jobs().failedCheckpoints(job) - failed.get(job), run.jobs().restarts(job)));
        }
        run.hold(false);
        run.sendAll();
        run.awaitSent(run.sent() + SHARE);
        Fault.killAndRecover(run);
    }
}
