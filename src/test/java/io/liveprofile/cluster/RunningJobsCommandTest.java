package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.local.BuiltInParts;
import io.liveprofile.local.Liveprofile;
import io.liveprofile.local.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks something of a job that does not run is told how to have it run. */
class RunningJobsCommandTest {
    private static final List<String> COMMANDS = List.of("savepoint", "upgrade", "cancel");

    @AutoClose
    private final TestingJobManager cluster;

    RunningJobsCommandTest(@TempDir Path path) throws Exception {
        cluster = new TestingJobManager(path);
    }

    @Test
    void withoutAJobManagerItSaysWhatToDo() {
        RunningProcess.forget(cluster.directory.processes(), Cluster.JOB_MANAGER);
        for (String command : List.of("submit", "savepoint", "upgrade", "cancel")) {
            assertThat(cluster.run(command)).as(command).isEqualTo(2);
            assertThat(cluster.err.toString()).isEqualToIgnoringNewLines("error: the JobManager does not run: 'make cluster-up' starts it,"
                    + " then 'make submit FROM=latest' goes on with the jobs");
        }
        cluster.write(Ports.free());
        assertThat(cluster.run("savepoint")).isEqualTo(2);
        assertThat(cluster.err.toString()).endsWith("'make cluster-up' starts it, and the jobs go on by themselves\n");
    }

    @Test
    void aJobManagerThatDoesNotAnswerIsNamed() {
        cluster.close();
        for (String command : List.of("submit", "savepoint", "status")) {
            assertThat(cluster.run(command)).as(command).isEqualTo(1);
            assertThat(cluster.err.toString()).startsWith("error: the JobManager at http://127.0.0.1:").contains(" does not answer; see ")
                    .hasLineCount(1);
        }
    }

    @Test
    void withoutABrokerNothingIsSentOrRead() {
        RunningProcess.forget(cluster.directory.processes(), Cluster.BROKER);
        assertThat(cluster.run("traffic")).isEqualTo(2);
        assertThat(cluster.err.toString()).isEqualToIgnoringNewLines("error: the broker does not run: 'make cluster-up' starts it");
        for (String command : List.of("profile", "topic")) {
            StringWriter err = new StringWriter();
            List<String> arguments = new ArrayList<>(List.of(command, "--cluster", cluster.directory.path().toString()));
            if (command.equals("topic")) {
                arguments.add("user-profiles");
            }
            assertThat(Liveprofile.commandLine(new BuiltInParts()).setErr(new PrintWriter(err, true))
                    .execute(arguments.toArray(new String[0]))).as(command).isEqualTo(2);
            assertThat(err.toString()).contains("does not run: 'make cluster-up KEEP=1' starts it").hasLineCount(1);
        }
    }

    @Test
    void oneOfTwoThatDoesNotRunIsNotPassedOver() throws Exception {
        String id = "a".repeat(32);
        cluster.runs(TestingJobManager.job(Job.PROFILE, id, "RUNNING", 17, 17));
        cluster.saves(id, TestingJobManager.COMPLETED);
        assertThat(cluster.run("savepoint")).isZero();
        assertThat(cluster.out.toString()).isEqualTo("profile   /state\ntraining  does not run\n");
        cluster.savepoint(Job.TRAINING, "savepoint-1");
        assertThat(cluster.run("savepoint")).isEqualTo(1);
        assertThat(cluster.out.toString()).isEqualTo("profile   /state\n");
        assertThat(cluster.err.toString()).startsWith("error: the training job does not run: go on from its newest state with '");
    }

    @Test
    void whoWaitsForASavepointIsToldHowLong() {
        assertThat(RunningJobsCommand.waits(Job.PROFILE, Duration.ofSeconds(40), Duration.ofMinutes(11)))
                .isEqualTo("profile   waits for its savepoint, 40 s so far, 660 s at most");
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
