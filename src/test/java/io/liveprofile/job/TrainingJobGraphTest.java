package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.config.ConfigNode;
import io.liveprofile.ingest.Pseudonymizer;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingJobGraphTest {
    private static final List<String> UIDS = List.of(
            "Sink Committer: sink-write-model-evaluations",
            "Sink Committer: sink-write-model-releases",
            "Sink Committer: sink-write-training-examples",
            "sink-write-model-evaluations",
            "sink-write-model-releases",
            "sink-write-training-examples",
            "training-check-state",
            "training-filter-events",
            "training-filter-outcomes",
            "training-join-labels",
            "training-read-events",
            "training-read-outcomes",
            "training-read-scored-features",
            "training-train");

    @TempDir
    private Path directory;

    /** A task's most subtasks are those of its operator with the fewest, and its state can never be restored by more. */
    @Test
    void theTrainerAloneIsBoundToOneSubtaskAlsoWhereAllHaveOne() {
        assertThat(graph(1).getVertices()).filteredOn(vertex -> vertex.getMaxParallelism() == 1)
                .extracting(JobVertex::getName).containsExactly("judge, learn, release");
    }

    @Test
    void theShippedJobHasTheUidsOfRunningOnes() {
        TestingUids.assertSame(graph(2), UIDS);
    }

    private JobGraph graph(int parallelism) {
        Configuration options = OptionsFile.read(ConfigNode.read(Path.of("flink-conf/liveprofile.yaml")));
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        options.set(Options.KEY_FILE, directory.resolve("key.json").toString());
        Pseudonymizer.createKeyset(directory.resolve("key.json"));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(parallelism);
        TrainingJob.define(env, options, OffsetsInitializer.earliest());
        return env.getStreamGraph().getJobGraph();
    }
}
