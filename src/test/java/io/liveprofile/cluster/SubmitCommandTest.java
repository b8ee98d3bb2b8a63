package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.ingest.Pseudonymizer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is submitted, and with what state; here to a Flink that is not there, so nothing is. */
class SubmitCommandTest {
    private static final String ID = "a".repeat(32);

    private final Path path;
    @AutoClose
    private final TestingJobManager cluster;

    SubmitCommandTest(@TempDir Path path) throws Exception {
        this.path = path;
        cluster = new TestingJobManager(path);
        Pseudonymizer.createKeyset(path.resolve("key.json"));
    }

    @Test
    void aJobThatHasStateDoesNotBeginWithoutUnasked() throws Exception {
        Path state = cluster.savepoint(Job.TRAINING, "savepoint-1");
        for (String[] options : new String[][] {{}, {"--job", "training"}}) {
            assertThat(submit(options)).isEqualTo(2);
            assertThat(cluster.err.toString()).isEqualToIgnoringNewLines("error: the training job has state in " + state
                    + ": FROM=latest goes on from it, FROM=none begins anew");
            assertThat(cluster.out.toString()).as("the profile job is not submitted either").isEmpty();
        }
        for (String from : new String[] {"none", "latest"}) {
            assertThat(submit("--job", "training", "--from", from)).isEqualTo(1);
            assertThat(cluster.err.toString()).contains("the training job was not submitted");
        }
    }

    @Test
    void whereOneOfTheJobsHasNoStateNoneIsSubmittedFromTheLatest() throws Exception {
        cluster.savepoint(Job.PROFILE, "savepoint-1");
        assertThat(submit("--from", "latest")).isEqualTo(2);
        assertThat(cluster.err.toString()).isEqualToIgnoringNewLines(
                "error: FROM: there is neither a checkpoint nor a savepoint of the training job");
    }

    @Test
    void whatGoesOnFromAStateIsAsItWasSubmitted() throws Exception {
        Submission before = new Submission(List.of("delivery=exactly-once"), OptionalInt.of(4));
        before.write(cluster.directory.submissions(), Job.PROFILE);
        cluster.savepoint(Job.PROFILE, "savepoint-1");
        assertThat(submit("--job", "profile", "--from", "latest")).isEqualTo(1);
        assertThat(cluster.out.toString()).isEqualTo("profile   keeps SET=\"delivery=exactly-once\" PARALLELISM=4\n");
        assertThat(submit("--job", "profile", "--from", "latest", "--parallelism", "2")).isEqualTo(1);
        assertThat(cluster.out.toString()).isEqualTo("profile   keeps SET=\"delivery=exactly-once\"\n");
        assertThat(submit("--job", "profile", "--from", "none")).isEqualTo(1);
        assertThat(cluster.out.toString()).isEmpty();
        assertThat(Submission.read(cluster.directory.submissions(), Job.PROFILE)).as("nothing ran").isEqualTo(before);
    }

    @Test
    void moreSlotsThanThereAreAreRefused() {
        for (String parallelism : new String[] {"5", "9"}) {
            assertThat(submit("--parallelism", parallelism)).isEqualTo(2);
            assertThat(cluster.err.toString()).isEqualToIgnoringNewLines("error: PARALLELISM: " + 2 * Integer.parseInt(parallelism)
                    + " slots are needed, but the TaskManagers that run have 8, of which 8 are free for it");
        }
        assertThat(submit("--parallelism", "8", "--job", "profile")).isEqualTo(1);
        assertThat(cluster.err.toString()).contains("the profile job was not submitted");
    }

    @Test
    void whatAMainWouldRefuseIsRefusedBeforeAnythingIsSubmitted() throws Exception {
        cluster.savepoint(Job.PROFILE, "savepoint-1");
        cluster.savepoint(Job.TRAINING, "savepoint-1");
        new Submission(List.of("delivery=exactly-once", "delivery.transaction-timeout=5min"), OptionalInt.empty())
                .write(cluster.directory.submissions(), Job.TRAINING);
        assertThat(submit("--from", "latest")).isEqualTo(2);
        assertThat(cluster.err.toString()).isEqualToIgnoringNewLines("error: delivery.transaction-timeout = 5 min must be at least the"
                + " interval and the timeout of a checkpoint, 610 s");
        assertThat(cluster.out.toString()).as("the profile job is not submitted either").isEmpty();
    }

    @Test
    void aJobThatRunsDoesNotTakeAnotherState() {
        cluster.runs(TestingJobManager.job(Job.PROFILE, ID, "RUNNING", 17, 17));
        assertThat(submit("--job", "profile")).isZero();
        assertThat(cluster.out.toString()).startsWith("profile   runs already, job " + ID);
        assertThat(submit("--job", "profile", "--from", "latest")).isEqualTo(2);
        assertThat(cluster.err.toString()).startsWith("error: FROM: the profile job runs, so it does not begin with latest").hasLineCount(1);
    }

    @Test
    void aJobOfWhichNoTaskRunsIsNotSaidToRun() {
        cluster.runs(TestingJobManager.job(Job.PROFILE, ID, "RESTARTING", 17, 0));
        assertThat(submit("--job", "profile")).isEqualTo(1);
        assertThat(cluster.err.toString()).isEqualToIgnoringNewLines("error: the profile job was submitted before, job " + ID
                + ", but is RESTARTING, 0 of 17 tasks run; 'make cancel JOB=profile' ends it");
    }

    private int submit(String... options) {
        String[] all = new String[options.length + 2];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = "--set";
        all[options.length + 1] = "privacy.key-file=" + path.resolve("key.json");
        return cluster.run("submit", all);
    }
}
