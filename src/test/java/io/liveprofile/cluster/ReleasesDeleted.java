package io.liveprofile.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * Releases are announced that are not there: one that never was, then some that are deleted while they are loaded, each a little
 * later than the one before. They are to score nobody of the day, so whatever becomes of them, it scores as if they had never been.
 */
final class ReleasesDeleted implements Fault.Disturbance {
    private static final int DELETED = 20;
    private static final int SUBTASKS = 2;
    private static final long STEP_MILLIS = 25;
    private static final long A_YEAR = 365L * 24 * 3600 * 1000;

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.4);
        run.note("refused: " + Announcement.ofNothing(run, "r000777").send().awaitRefusal());
        for (int i = 0; i < DELETED; i++) {
            String release = Announcement.ofCopy(run, run.nightMillis() + A_YEAR + i).send().release();
            Thread.sleep(i * STEP_MILLIS);
            ClusterDirectory.delete(run.directory().models().resolve("releases").resolve(release));
        }
    }

    @Override
    public List<String> wrong(CaseRun run) {
        List<String> wrong = new ArrayList<>();
        long loaded = run.count(Job.PROFILE, "release-swaps");
        long refused = run.count(Job.PROFILE, "releases-refused");
        run.note("deleted while they were loaded: " + DELETED + "; two subtasks loaded " + loaded + " and refused " + refused
                + ", also of those they had loaded");
        if (loaded + refused < SUBTASKS * (DELETED + 1)) {
            wrong.add("not each release was loaded or refused by each subtask");
        }
        if (run.restarts(Job.PROFILE) > 0) {
            wrong.add("the profile job restarted " + run.restarts(Job.PROFILE) + " times");
        }
        return wrong;
    }
}
