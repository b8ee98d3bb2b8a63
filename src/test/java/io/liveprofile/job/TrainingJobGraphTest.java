package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.ingest.Pseudonymizer;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingJobGraphTest {
    @TempDir
    private Path directory;

    /** A task's most subtasks are those of its operator with the fewest, and its state can never be restored by more. */
    @Test
    void theTrainerAloneIsBoundToOneSubtaskAlsoWhereAllHaveOne() {
        Configuration options = new Configuration();
        options.set(Options.KEY_FILE, directory.resolve("key.json").toString());
        options.set(Options.MODEL_STORE, directory.resolve("models").toString());
        Pseudonymizer.createKeyset(directory.resolve("key.json"));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        TrainingJob.define(env, options, OffsetsInitializer.earliest());

        assertThat(env.getStreamGraph().getJobGraph().getVertices()).filteredOn(vertex -> vertex.getMaxParallelism() == 1)
                .extracting(JobVertex::getName).containsExactly("judge, learn, release");
    }
}
