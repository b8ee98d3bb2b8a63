package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FROM=latest is the newest complete state of that job, whichever of its submissions made it. */
class JobStatesTest {
    private static final String RAN = "a".repeat(32);
    private static final String NEVER_RAN = "b".repeat(32);

    @TempDir
    private Path path;

    private ClusterDirectory directory;
    private JobStates states;

    @BeforeEach
    void checkpointsBegin() throws IOException {
        directory = new ClusterDirectory(path);
        states = new JobStates(directory);
        Files.createDirectories(directory.checkpoints());
    }

    @Test
    void aSubmissionThatNeverRanDoesNotHideTheCheckpointsBeforeIt() throws IOException {
        written(savepoint(Job.PROFILE, "before"), 1);
        Path newest = written(checkpoint(RAN, 7), 2);
        states.remember(Job.PROFILE, RAN);
        states.remember(Job.PROFILE, NEVER_RAN);
        assertThat(states.newest(Job.PROFILE)).contains(newest);
    }

    @Test
    void theNewestOfCheckpointsAndSavepointsIsIt() throws IOException {
        written(checkpoint(RAN, 7), 1);
        Path newest = written(savepoint(Job.PROFILE, "after"), 2);
        states.remember(Job.PROFILE, RAN);
        assertThat(states.newest(Job.PROFILE)).contains(newest);
    }

    @Test
    void whatIsNotCompleteOrOfAnotherJobIsNone() throws IOException {
        Files.createDirectories(checkpoint(RAN, 8));
        written(checkpoint(NEVER_RAN, 1), 1);
        written(savepoint(Job.TRAINING, "other"), 2);
        states.remember(Job.PROFILE, RAN);
        states.remember(Job.TRAINING, NEVER_RAN);
        assertThat(states.newest(Job.PROFILE)).isEmpty();
    }

    private Path checkpoint(String id, int number) {
        return directory.checkpoints().resolve(id).resolve("chk-" + number);
    }

    private Path savepoint(Job job, String name) {
        return directory.savepoints().resolve(job.option()).resolve(name);
    }

    private static Path written(Path state, long second) throws IOException {
        Path metadata = Files.createDirectories(state).resolve("_metadata");
        Files.setLastModifiedTime(Files.createFile(metadata), FileTime.fromMillis(second * 1000));
        return state;
    }
}
