package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stored savepoints are of jobs that began without pipeline.max-parallelism, and so with 128. */
class KeyGroupsTest {
    private static final int SET = 720;

    static Stream<Path> stored() throws IOException {
        Stream.Builder<Path> all = Stream.builder();
        for (String directory : List.of("savepoints", "training-savepoints")) {
            try (Stream<Path> each = Files.list(Path.of("src/test/resources").resolve(directory))) {
                each.forEach(all);
            }
        }
        return all.build();
    }

    @ParameterizedTest
    @MethodSource("stored")
    void aJobKeepsThoseOfItsState(Path savepoint) {
        assertThat(of(options(SET, savepoint.toUri().toString()))).isEqualTo(128);
        assertThat(of(options(128, savepoint.toUri().toString()))).isEqualTo(128);
    }

    @Test
    void oneWithoutStateHasThoseThatAreSet() {
        Configuration options = new Configuration();
        options.set(PipelineOptions.MAX_PARALLELISM, SET);
        assertThat(of(options)).isEqualTo(SET);
        assertThat(of(new Configuration())).as("none are set").isEqualTo(-1);
    }

    /** A JobManager that takes over from another has newer state, and the one that the job began with may be gone. */
    @Test
    void stateThatIsGoneSaysNothing(@TempDir Path directory) {
        assertThat(of(options(SET, directory.resolve("gone").toUri().toString()))).isEqualTo(SET);
        assertThat(of(options(SET, directory.toUri().toString()))).isEqualTo(SET);
    }

    private static Configuration options(int set, String state) {
        Configuration options = new Configuration();
        options.set(PipelineOptions.MAX_PARALLELISM, set);
        options.set(StateRecoveryOptions.SAVEPOINT_PATH, state);
        return options;
    }

    private static int of(Configuration options) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
        KeyGroups.keep(env);
        return env.getMaxParallelism();
    }
}
