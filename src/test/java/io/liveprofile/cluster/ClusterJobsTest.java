package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whoever submitted a job that does not run is told what became of it. */
class ClusterJobsTest {
    private static final String ID = "a".repeat(32);

    @Test
    void aJobWithoutSlotsIsSaidToWaitAndHowToEndIt() {
        FlinkRest.JobState waiting = new FlinkRest.JobState(ID, "liveprofile", "RUNNING", 0, 36, 0);
        assertThat(ClusterJobs.notWhole(Job.PROFILE, ID, Optional.of(waiting))).isEqualTo("job " + ID
                + " does not run after 120 s: RUNNING, 0 of 36 tasks run; it goes on waiting for the others, as for free slots:"
                + " 'make cancel JOB=profile' ends it");
    }

    @Test
    void aJobThatIsGoneWaitsForNothing() {
        assertThat(ClusterJobs.notWhole(Job.PROFILE, ID, Optional.empty())).endsWith(": unknown to the JobManager");
    }
}
