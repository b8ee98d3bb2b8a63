package io.liveprofile.cluster;

import java.util.List;

/**
 * A TaskManager is killed and, once the job has recovered from that, the other: what was scored again is scored a third time. It is
 * wrong, too, when there was another checkpoint in between.
 */
final class KillsInACheckpoint implements Fault.BetweenCheckpoints {
    private long first;
    private long second;

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
