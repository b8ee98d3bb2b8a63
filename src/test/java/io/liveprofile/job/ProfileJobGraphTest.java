package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.ingest.Pseudonymizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileJobGraphTest {
    private static final List<String> UIDS = List.of(
            "Sink Committer: sink-write-alerts",
            "Sink Committer: sink-write-dead-letters",
            "Sink Committer: sink-write-late-events",
            "Sink Committer: sink-write-outcome-dead-letters",
            "Sink Committer: sink-write-outcomes",
            "Sink Committer: sink-write-profiles",
            "Sink Committer: sink-write-quarantine",
            "Sink Committer: sink-write-refused-releases",
            "Sink Committer: sink-write-scored-features",
            "aggregate-attach-keys",
            "aggregate-update-keys",
            "inference-read-releases",
            "inference-score-updates",
            "ingest-check-state",
            "ingest-read-events",
            "ingest-read-outcomes",
            "ingest-split-dead-letters",
            "ingest-split-outcomes",
            "profile-publish-profiles",
            "profile-update-users",
            "sink-write-alerts",
            "sink-write-dead-letters",
            "sink-write-late-events",
            "sink-write-outcome-dead-letters",
            "sink-write-outcomes",
            "sink-write-profiles",
            "sink-write-quarantine",
            "sink-write-refused-releases",
            "sink-write-scored-features");

    @TempDir
    private Path directory;

    private Configuration options;

    @BeforeEach
    void setUp() {
        options = OptionsFile.read(ConfigNode.read(Path.of("flink-conf/liveprofile.yaml")));
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        options.set(Options.KEY_FILE, directory.resolve("key.json").toString());
        Pseudonymizer.createKeyset(directory.resolve("key.json"));
    }

    @Test
    void theShippedJobHasTheUidsOfRunningOnes() {
        TestingUids.assertSame(graph(), UIDS);
    }

    /** So each can be restored from the others' savepoints. */
    @Test
    void withKeysAndOutcomesOrWithoutTheUidsAreTheSame() throws IOException {
        for (String more : List.of(
                "devices: { key: deviceId, op: count }",
                "frauds: { op: count, events: [OUTCOME] }",
                "device_frauds: { key: deviceId, op: count, events: [OUTCOME] }")) {
            withAggregates(more);
            TestingUids.assertSame(graph(), UIDS);
        }
    }

    /** What is there for its state alone takes part in other tasks. */
    @Test
    void withoutKeysAndOutcomesThereIsNoTaskForThem() throws IOException {
        withAggregates("");
        JobGraph graph = graph();
        assertThat(TestingUids.ofTasks(graph))
                .hasSize(5)
                .anySatisfy(uids -> assertThat(uids).contains(
                        Uids.READ_EVENTS, Uids.READ_OUTCOMES, Uids.SPLIT_OUTCOMES, Uids.WRITE_OUTCOME_DEAD_LETTERS))
                .anySatisfy(uids -> assertThat(uids).contains(Uids.UPDATE_USERS, Uids.UPDATE_KEYS, Uids.ATTACH_KEYS));
        assertThat(graph.getVerticesAsArray()).as("events by user, updates and releases to the scorer, alerts of both")
                .satisfies(vertices -> assertThat(List.of(vertices).stream().mapToInt(each -> each.getInputs().size()).sum())
                        .isEqualTo(5));
    }

    private JobGraph graph() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(2);
        env.enableCheckpointing(10_000);
        ProfileJob.define(env, options, ProfileJob.start(options));
        return env.getStreamGraph().getJobGraph();
    }

    private void withAggregates(String more) throws IOException {
        options.set(Options.FEATURES, Files.writeString(directory.resolve("features.yaml"), """
                windows: { 1d: { length: 1 d, hop: 1 h } }
                aggregates:
                  views: { op: count, windows: [1d] }
                  %s
                features: [ { statistics: [views] } ]
                """.formatted(more)).toString());
    }
}
