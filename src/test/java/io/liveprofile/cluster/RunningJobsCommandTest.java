package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks something of a job that does not run is told how to have it run. */
class RunningJobsCommandTest {
    private static final List<String> COMMANDS = List.of("savepoint", "upgrade", "cancel");

    @TempDir
    private Path path;

    private TestingJobManager cluster;

    @BeforeEach
    void aClusterRuns() throws Exception {
        cluster = new TestingJobManager(path);
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void aJobThatHasStateGoesOnFromIt() throws Exception {
        cluster.savepoint(Job.PROFILE, "savepoint-1");
        for (String command : COMMANDS) {
            assertThat(cluster.run(command)).as(command).isEqualTo(2);
            assertThat(cluster.err.toString()).isEqualToIgnoringNewLines("error: the profile job does not run: go on from its newest"
                    + " state with 'make submit JOB=profile FROM=latest'; the training job does not run: start it with"
                    + " 'make submit JOB=training'");
        }
    }
}
