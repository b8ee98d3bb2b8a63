package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.local.RunFailedException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever submitted a job that does not run is told what became of it, and a savepoint is waited for as long as Flink makes it. */
class ClusterJobsTest {
    private static final String ID = "a".repeat(32);
    private static final Duration REQUEST_LIMIT = Duration.ofMillis(500);
    private static final Path STATE = Path.of("/state");
    /** The timeout of a checkpoint of {@link TestingJobManager#saves} and a minute. */
    private static final Duration LIMIT = Duration.ofSeconds(300);

    @AutoClose
    private final TestingJobManager cluster;

    ClusterJobsTest(@TempDir Path path) throws Exception {
        cluster = new TestingJobManager(path);
        cluster.saves(ID, TestingJobManager.IN_PROGRESS);
    }

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

    @Test
    void aSavepointIsWaitedForAsLongAsACheckpointMayTake() throws Exception {
        List<Duration> told = new ArrayList<>();
        ClusterJobs.Waiting waiting = (since, limit) -> {
            assertThat(limit).isEqualTo(LIMIT);
            told.add(since);
        };
        Runnable completed = () -> cluster.saves(ID, TestingJobManager.COMPLETED);
        assertThat(jobs(Duration.ofSeconds(235), completed).stop(Job.PROFILE, ID, waiting)).isEqualTo(STATE);
        assertThat(told).isEqualTo(LongStream.rangeClosed(1, 11).mapToObj(each -> Duration.ofSeconds(20 * each)).toList());

        cluster.saves(ID, TestingJobManager.IN_PROGRESS);
        assertThat(jobs(Duration.ofSeconds(235), completed).savepoint(Job.PROFILE, ID, waiting)).isEqualTo(STATE);
    }

    @Test
    void whatTakesLongerMayStillComeAndIsSaidTo() {
        ClusterJobs jobs = jobs(LIMIT, () -> {});
        assertThatThrownBy(() -> jobs.stop(Job.PROFILE, ID, ClusterJobs.Waiting.UNTOLD)).isInstanceOf(RunFailedException.class)
                .hasMessage("the profile job has not ended after 300 s, but may still end with a savepoint:"
                        + " then 'make submit JOB=profile FROM=latest' goes on with it");
        assertThatThrownBy(() -> jobs.savepoint(Job.TRAINING, ID, ClusterJobs.Waiting.UNTOLD)).isInstanceOf(RunFailedException.class)
                .hasMessage("the savepoint of the training job is not complete after 300 s; it may still be, in "
                        + cluster.directory.savepoints().resolve("training"));
    }

    @Test
    void anAnswerThatTakesTooLongEndsNoWait() throws Exception {
        cluster.saves(ID, TestingJobManager.COMPLETED);
        cluster.leavesUnanswered("POST /jobs/" + ID + "/stop");
        cluster.leavesUnanswered("GET /jobs/" + ID + "/savepoints/asked");
        assertThat(jobs(LIMIT, () -> {}).stop(Job.PROFILE, ID, ClusterJobs.Waiting.UNTOLD)).isEqualTo(STATE);
        assertThat(cluster.told()).as("asked for twice").hasSize(2);
        assertThat(cluster.told().get(0)).as("but by one id").contains("\"triggerId\":\"").isEqualTo(cluster.told().get(1));
    }

    @Test
    void aJobManagerThatIsGoneIsNotWaitedFor() {
        ClusterJobs jobs = jobs(Duration.ofSeconds(1), cluster::close);
        assertThatThrownBy(() -> jobs.stop(Job.PROFILE, ID, ClusterJobs.Waiting.UNTOLD)).isInstanceOf(UncheckedIOException.class)
                .hasMessageEndingWith(" does not answer");
    }

    /** By a clock at which something happens. */
    private ClusterJobs jobs(Duration when, Runnable then) {
        Addresses addresses = Addresses.read(cluster.directory.addresses());
        return new ClusterJobs(
                cluster.directory,
                new FlinkProcesses(Artefacts.in(cluster.directory.path()), cluster.directory,
                        FlinkConf.write(Path.of("flink-conf"), cluster.directory, addresses)),
                new FlinkRest(addresses.webAddress(), REQUEST_LIMIT, new TestingPollClock(when, then)));
    }
}
