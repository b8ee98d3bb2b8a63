package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upgrade stops the job and submits it with what it was submitted with, here to a Flink that is not there. */
class UpgradeCommandTest {
    private static final String ID = "a".repeat(32);

    private final Path path;
    @AutoClose
    private final TestingJobManager cluster;

    UpgradeCommandTest(@TempDir Path path) throws Exception {
        this.path = path;
        cluster = new TestingJobManager(path);
        cluster.runs(TestingJobManager.job(Job.PROFILE, ID, "RUNNING", 17, 17));
        cluster.answers("/jobs/" + ID, "{'vertices': [{'parallelism': 1}, {'parallelism': 2}]}");
        cluster.answers("/jobs/" + ID + "/stop", "{'request-id': 'asked'}");
        cluster.answers("/jobs/" + ID + "/savepoints/asked", "{'status': {'id': 'COMPLETED'}, 'operation': {'location': 'file:/state'}}");
    }

    @Test
    void whatItIsNotToldIsAsTheJobWasSubmitted() {
        Path submissions = cluster.directory.submissions();
        String key = "privacy.key-file=" + path.resolve("key.json");
        Submission before = new Submission(List.of(key, "late.allowed=2d"), OptionalInt.of(4));
        before.write(submissions, Job.PROFILE);

        assertThat(cluster.run("upgrade", "--job", "profile", "--set", "late.allowed=1d")).isEqualTo(1);
        String goOn = "go on with 'make submit JOB=profile FROM=/state'";
        assertThat(cluster.out.toString()).isEqualTo("profile   keeps SET=\"" + key + "\" PARALLELISM=4\n"
                + "profile   stopped; if this is interrupted, " + goOn + "\n");
        assertThat(cluster.err.toString()).contains("the profile job was not submitted", goOn.replace("go on", "go on as it was"));
        assertThat(Submission.read(submissions, Job.PROFILE)).as("the new one never ran").isEqualTo(before);
    }

    @Test
    void aJobForWhichThereAreTooFewSlotsRunsOn() {
        cluster.answers("/overview", "{'taskmanagers': 2, 'slots-total': 8, 'slots-available': 4}");
        String key = "privacy.key-file=" + path.resolve("key.json");
        assertThat(cluster.run("upgrade", "--job", "profile", "--set", key, "--parallelism", "7")).isEqualTo(2);
        assertThat(cluster.out.toString()).isEmpty();
        assertThat(cluster.err.toString()).contains("error: PARALLELISM: 7 slots are needed, but the TaskManagers that run have 8,"
                + " of which 6 are free for it").hasLineCount(1);
        assertThat(cluster.run("upgrade", "--job", "profile", "--set", key, "--parallelism", "6")).isEqualTo(1);
        assertThat(cluster.out.toString()).contains("profile   stopped");
    }
}
