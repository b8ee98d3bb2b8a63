package io.liveprofile.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.job.ProfileJob;
import io.liveprofile.job.TrainingJob;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.cli.CliFrontendParser;
import org.apache.flink.client.cli.DefaultCLI;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.messages.webmonitor.JobDetails;
import org.apache.flink.runtime.messages.webmonitor.MultipleJobsDetails;
import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.apache.flink.runtime.state.CheckpointStorageLoader;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.storage.FileSystemCheckpointStorage;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * The script that keeps a job of the compose file on the cluster, run with stand-ins for what it calls: {@code wget} gives an answer
 * of the JobManager a round, {@code flink} writes down what it is asked, {@code sleep} ends the script when there are no answers left.
 */
class DeployedKeepJobTest {
    private static final String NONE = "";

    @TempDir
    private Path directory;
    private Path state;

    @BeforeEach
    void standIns() throws IOException {
        state = directory.resolve("state");
        Files.createDirectories(directory.resolve("answers"));
        Files.createDirectories(directory.resolve("bin"));
        standIn("wget", "next=$(ls '" + directory + "/answers' | head -n 1)\n"
                + "test -s '" + directory + "/answers/'$next || { rm '" + directory + "/answers/'$next; exit 4; }\n"
                + "cat '" + directory + "/answers/'$next; rm '" + directory + "/answers/'$next");
        standIn("flink", "printf '%s\\t' \"$@\" >> '" + directory + "/asked'; echo >> '" + directory + "/asked'");
        standIn("sleep", "test -n \"$(ls '" + directory + "/answers')\" || kill $PPID");
    }

    @Test
    void aJobThatNeverRanBeginsWithNothing() throws Exception {
        List<List<String>> submissions = keep(answer());

        assertThat(submissions).hasSize(1);
        CommandLine line = parsed(submissions.get(0));
        assertThat(line.getOptionValue("class")).isEqualTo(ProfileJob.class.getName());
        assertThat(line.hasOption("detached")).isTrue();
        assertThat(CliFrontendParser.createSavepointRestoreSettings(line).restoreSavepoint()).isFalse();
        assertThat(line.getArgs()).containsExactly("job.jar", "some.yaml", "an.option=a value");
        assertThat(new DefaultCLI().toConfiguration(line).toMap()).containsEntry("rest.address", "jobmanager");
    }

    /** Main's client says where checkpoints lie, and that is where the JobManager has them written, whatever its own settings are. */
    @Test
    void checkpointsOfTheJobLieWhereTheyAreLookedFor() throws Exception {
        Configuration client = new DefaultCLI().toConfiguration(parsed(keep(answer()).get(0)));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(client);
        env.fromSequence(1, 2).sinkTo(new DiscardingSink<>());
        Configuration cluster = new Configuration();
        cluster.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file:///elsewhere");

        FileSystemCheckpointStorage storage = (FileSystemCheckpointStorage) CheckpointStorageLoader.load(
                null, new HashMapStateBackend(), env.getStreamGraph().getJobGraph().getJobConfiguration(), cluster,
                getClass().getClassLoader(), LoggerFactory.getLogger(getClass()));
        assertThat(Path.of(storage.getCheckpointPath().toUri())).isEqualTo(state.resolve("checkpoints"));
        assertThat(Path.of(storage.getSavepointPath().toUri())).isEqualTo(state.resolve("savepoints"));
    }

    @ParameterizedTest
    @EnumSource(JobStatus.class)
    void onlyAJobThatHasEndedIsSubmittedAgain(JobStatus status) throws Exception {
        assertThat(keep(answer(job(ProfileJob.NAME, JobStatus.CANCELED), job(ProfileJob.NAME, status))))
                .hasSize(status.isGloballyTerminalState() ? 1 : 0);
    }

    @Test
    void theOtherJobIsAnother() throws Exception {
        assertThat(keep(answer(job(TrainingJob.NAME, JobStatus.RUNNING)))).hasSize(1);
    }

    @Test
    void itBeginsWithTheNewestStateThatIsComplete() throws Exception {
        Path older = metadata(state.resolve("checkpoints/0a/chk-70"), 1);
        Path newer = metadata(state.resolve("checkpoints/0b/chk-9"), 2);
        Files.createDirectories(state.resolve("checkpoints/0b/chk-10"));
        metadata(directory.resolve("state of another job/checkpoints/0c/chk-11"), 4);
        assertThat(restored(keep(answer()))).isEqualTo(newer);

        Path savepoint = metadata(state.resolve("savepoints/savepoint-0a-1"), 3);
        assertThat(restored(keep(answer()))).isEqualTo(savepoint);
        Files.setLastModifiedTime(older.resolve("_metadata"), FileTime.from(Instant.ofEpochSecond(5, 1)));
        assertThat(restored(keep(answer()))).isEqualTo(older);
    }

    /** The JobManager is killed and started anew: it is away, answers without knowing the job, and then has it. */
    @Test
    void aJobManagerThatWasStartedAnewGetsTheJobOnce() throws Exception {
        Path newest = metadata(state.resolve("checkpoints/0a/chk-7"), 1);
        List<List<String>> submissions = keep(
                answer(job(ProfileJob.NAME, JobStatus.RUNNING)), NONE, NONE, answer(),
                answer(job(ProfileJob.NAME, JobStatus.INITIALIZING)), answer(job(ProfileJob.NAME, JobStatus.RUNNING)));
        assertThat(restored(submissions)).isEqualTo(newest);
    }

    @Test
    void whatIsRefusedIsTriedAgain() throws Exception {
        standIn("flink", "echo x >> '" + directory + "/asked'; exit 1");
        assertThat(keep(answer(), answer(), answer())).hasSize(3);
    }

    /** Beginning with nothing because nothing could be read would lose all state. */
    @Test
    void whereItCannotBeKnownNothingIsSubmitted() throws Exception {
        assertThat(keep(NONE, "<html>502</html>", "{\"errors\":[\"Service temporarily unavailable\"]}")).isEmpty();
        metadata(state.resolve("checkpoints/0a/chk-7"), 1);
        standIn("find", "exit 1");
        assertThat(keep(answer())).isEmpty();
    }

    /** What flink was asked, a list of arguments a call, until the answers were used up. */
    private List<List<String>> keep(String... answers) throws IOException, InterruptedException {
        Path asked = directory.resolve("asked");
        Files.deleteIfExists(asked);
        for (int i = 0; i < answers.length; i++) {
            Files.writeString(directory.resolve("answers/" + i), answers[i]);
        }
        ProcessBuilder script = new ProcessBuilder(
                "bash", "deploy/compose/keep-job.sh", "job.jar", "some.yaml", "an.option=a value").redirectErrorStream(true);
        script.environment().putAll(Map.of("JOBMANAGER", "jobmanager:8081", "JOB_NAME", ProfileJob.NAME,
                "JOB_CLASS", ProfileJob.class.getName(), "JOB_STATE", state.toString(),
                "PATH", directory.resolve("bin") + ":" + System.getenv("PATH")));
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(128 + 15);
        List<List<String>> calls = new ArrayList<>();
        if (Files.exists(asked)) {
            Files.readAllLines(asked).forEach(line -> calls.add(Arrays.asList(line.split("\t"))));
        }
        return calls;
    }

    private static Path restored(List<List<String>> submissions) throws Exception {
        assertThat(submissions).hasSize(1);
        String path = CliFrontendParser.createSavepointRestoreSettings(parsed(submissions.get(0))).getRestorePath();
        return Path.of(URI.create(path));
    }

    /** As Flink's own client reads it. */
    private static CommandLine parsed(List<String> submission) throws Exception {
        assertThat(submission.get(0)).isEqualTo("run");
        Options options = CliFrontendParser.getRunCommandOptions();
        DefaultCLI cli = new DefaultCLI();
        cli.addGeneralOptions(options);
        cli.addRunOptions(options);
        return CliFrontendParser.parse(options, submission.subList(1, submission.size()).toArray(String[]::new), true);
    }

    /** As Flink's REST API answers. */
    private static String answer(JobDetails... jobs) throws IOException {
        return RestMapperUtils.getStrictObjectMapper().writeValueAsString(new MultipleJobsDetails(List.of(jobs)));
    }

    private static JobDetails job(String name, JobStatus status) {
        return new JobDetails(
                JobID.generate(), name, 1, -1, 2, status, 3, new int[ExecutionState.values().length], 0, Map.of());
    }

    private Path metadata(Path where, long second) throws IOException {
        Files.createDirectories(where);
        Files.setLastModifiedTime(Files.writeString(where.resolve("_metadata"), "x"),
                FileTime.from(Instant.ofEpochSecond(second)));
        return where;
    }

    private void standIn(String command, String script) throws IOException {
        Path file = Files.writeString(directory.resolve("bin").resolve(command), "#!/usr/bin/env bash\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
