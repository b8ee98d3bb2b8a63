package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was started is up once the JobManager has heard of it, and not of the one whose place it took. */
class ClusterTest {
    private static final long BEGAN = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();

    @AutoClose
    private final TestingJobManager jobManager;
    private final Cluster cluster;

    ClusterTest(@TempDir Path path) throws Exception {
        jobManager = new TestingJobManager(path);
        cluster = new Cluster(jobManager.directory, Artefacts.in(path), Path.of("flink-conf"), 2);
    }

    @BeforeEach
    void bothTaskManagersRun() {
        jobManager.process(Cluster.taskManager(1));
        jobManager.process(Cluster.taskManager(2));
    }

    @Test
    void aTaskManagerThatWasKilledIsNotTakenForTheOneInItsPlace() {
        assertThat(isUp(BEGAN - 1, BEGAN + 5_000)).as("the first one is still registered").isFalse();
        assertThat(isUp(0, BEGAN + 5_000)).as("the second one is, and was not asked yet").isFalse();
        assertThat(isUp(BEGAN + 1_000, BEGAN + 5_000)).as("no earlier than the clock tells").isFalse();
        assertThat(isUp(BEGAN + 3_000, BEGAN + 5_000)).isTrue();
    }

    @Test
    void eachOfThemIsWaitedFor() {
        jobManager.answers("/taskmanagers", "{'taskmanagers': [" + taskManager(1, BEGAN + 5_000) + "]}");
        assertThat(cluster.hasHeardOfTaskManagers(cluster.rest())).isFalse();
        RunningProcess.forget(jobManager.directory.processes(), Cluster.taskManager(2));
        assertThat(isUp(BEGAN + 5_000, BEGAN + 5_000)).as("one has ended").isFalse();
    }

    @Test
    void aJobManagerThatDoesNotAnswerHasHeardOfNone() {
        assertThat(cluster.hasHeardOfTaskManagers(cluster.rest())).as("no leader yet").isFalse();
        jobManager.close();
        assertThat(cluster.hasHeardOfTaskManagers(cluster.rest())).isFalse();
    }

    private boolean isUp(long firstHeard, long secondHeard) {
        jobManager.answers("/taskmanagers", "{'taskmanagers': [" + taskManager(1, firstHeard) + ", " + taskManager(2, secondHeard) + "]}");
        return cluster.hasHeardOfTaskManagers(cluster.rest());
    }

    private static String taskManager(int number, long heard) {
        return "{'id': '%s', 'timeSinceLastHeartbeat': %d}".formatted(Cluster.taskManager(number), heard);
    }
}
