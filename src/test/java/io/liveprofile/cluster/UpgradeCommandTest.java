package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        cluster.saves(ID, TestingJobManager.COMPLETED);
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
    void aJobWhoseFeaturesHaveNoReleaseRunsOn() {
        String key = "privacy.key-file=" + path.resolve("key.json");
        TestingOtherRelease.writeTo(cluster.directory.models());
        cluster.runs(TestingJobManager.job(Job.PROFILE, ID, "RUNNING", 17, 17),
                TestingJobManager.job(Job.TRAINING, "b".repeat(32), "RUNNING", 9, 9));
        assertThat(cluster.run("upgrade", "--set", key)).isEqualTo(2);
        assertThat(cluster.out.toString()).as("neither is stopped").isEmpty();
        assertThat(cluster.err.toString()).hasLineCount(1)
                .contains("`make model SET=\"model.store=" + cluster.directory.models() + "\"` trains one");
        assertThat(cluster.run("upgrade", "--job", "profile", "--set", key, "--set", "model.store=")).isEqualTo(1);
        assertThat(cluster.out.toString()).startsWith("profile   stopped");
        assertThat(cluster.run("upgrade", "--set", key, "--set", "model.store=")).as("the training job needs a store").isEqualTo(2);
        assertThat(cluster.out.toString()).as("neither is stopped").isEmpty();
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

    @Test
    void aTrainingJobThatWouldHaveNoStoreRunsOnAndSoDoesTheOther() {
        cluster.runs(TestingJobManager.job(Job.PROFILE, ID, "RUNNING", 17, 17),
                TestingJobManager.job(Job.TRAINING, "b".repeat(32), "RUNNING", 9, 9));
        String key = "privacy.key-file=" + path.resolve("key.json");
        assertThat(cluster.run("upgrade", "--set", "model.store=", "--set", key)).isEqualTo(2);
        assertThat(cluster.err.toString()).isEqualToIgnoringNewLines("error: model.store is empty, so the training job, which runs, would"
                + " have nowhere to release to: end it with 'make cancel JOB=training', then"
                + " 'make upgrade JOB=profile SET=\"model.store= " + key + "\"' upgrades the other one");
        assertThat(cluster.told()).isEmpty();
    }

    @Test
    void aJobWhoseMainWouldRefuseRunsOn() throws Exception {
        refused(Path.of("flink-conf"), List.of("delivery=exactly-once", "delivery.transaction-timeout=5min"),
                "delivery.transaction-timeout = 5 min must be at least the interval and the timeout of a checkpoint, 610 s");
        refused(withFlinkSetting("execution.checkpointing.timeout", "20 min"), List.of("delivery=exactly-once"),
                "delivery.transaction-timeout = 15 min must be at least the interval and the timeout of a checkpoint, 1210 s");
        Path keyed = Files.writeString(path.resolve("features.yaml"), """
                windows: { 1d: { length: 1 d, hop: 1 h } }
                aggregates:
                  views: { op: count, windows: [1d] }
                  device_views: { key: deviceId, op: count }
                features: [ { statistics: [views] } ]
                """);
        refused(withFlinkSetting("execution.checkpointing.unaligned.enabled", "true"), List.of("features.file=" + keyed),
                "execution.checkpointing.unaligned.enabled = 'true': must be false when an aggregate has a key");
        refused(withFlinkSetting("execution.checkpointing.mode", "AT_LEAST_ONCE"), List.of("features.file=" + keyed),
                "execution.checkpointing.mode = 'AT_LEAST_ONCE': must be EXACTLY_ONCE when an aggregate has a key");
    }

    /** Of the history only the state is read on, whatever files there are. */
    @Test
    void aHistoryThatIsGoneIsNotLookedFor() {
        assertThat(upgrade(Path.of("flink-conf"), List.of("backfill.path=" + path.resolve("gone.csv"),
                "backfill.mapping=flink-conf/mappings/ga-merchandise-store.yaml", "backfill.until=2026-01-01T00:00:00Z"))).isEqualTo(1);
        assertThat(cluster.out.toString()).contains("profile   stopped");
    }

    private void refused(Path conf, List<String> settings, String reason) {
        assertThat(upgrade(conf, settings)).isEqualTo(2);
        assertThat(cluster.err.toString()).contains("error: " + reason).doesNotContain("submit");
        assertThat(cluster.told()).isEmpty();
    }

    private int upgrade(Path conf, List<String> settings) {
        List<String> options = new ArrayList<>(List.of("--job", "profile", "--conf", conf.toString(),
                "--set", "privacy.key-file=" + path.resolve("key.json")));
        settings.forEach(each -> options.addAll(List.of("--set", each)));
        return cluster.run("upgrade", options.toArray(new String[0]));
    }

    /** The shipped configuration but for that. */
    private Path withFlinkSetting(String key, String value) throws Exception {
        Path conf = CaseRun.flinkConf(Files.createTempDirectory(path, "conf"), Map.of(key, value));
        Files.copy(Path.of("flink-conf/liveprofile.yaml"), conf.resolve("liveprofile.yaml"));
        return conf;
    }
}
