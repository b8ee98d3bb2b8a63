package io.liveprofile.cluster;

import java.util.List;
import java.util.Map;

/**
 * A TaskManager is killed and, once the job has recovered from that, the other: what was scored again is scored a third time. It is
 * wrong, too, when there was another checkpoint in between.
 */
final class KillsInACheckpoint implements Fault.Disturbance {
    private long first;
    private long second;

    /** After a recovery a checkpoint comes after a time by chance, but no sooner than the pause between two. */
    @Override
    public Map<String, String> flinkSettings() {
        return CHECKPOINTS_APART;
    }

    @Override
    public void strike(CaseRun run) throws Exception {
        run.awaitSent(0.3);
        run.awaitCheckpoint(Job.PROFILE);
        first = Fault.killAndRecover(run);
        second = Fault.killAndRecover(run);
        run.note("went back to checkpoint " + first + ", then to " + second);
    }

    @Override
    public List<String> wrong(CaseRun run) {
        return first == second ? List.of() : List.of("did not strike: the second kill came behind another checkpoint");
    }
}
