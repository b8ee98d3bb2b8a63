package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new cluster finds of the last one. */
class ClusterDirectoryTest {
    @TempDir
    private Path path;

    private ClusterDirectory directory;

    @BeforeEach
    void theLastClusterHadAll() throws IOException {
        directory = new ClusterDirectory(path.resolve("cluster"));
        for (Path each : List.of(directory.kafka(), directory.checkpoints(), directory.savepoints(), directory.submissions(),
                directory.highAvailability(), directory.zooKeeper(), directory.models().resolve("releases/learned"), directory.logs())) {
            Files.createDirectories(each);
        }
    }

    @Test
    void nothingButTheLogsUnlessItIsKept() {
        directory.prepare(false, true);
        assertThat(directory.path().toFile().listFiles()).containsExactly(directory.logs().toFile());
    }

    @Test
    void savepointsOfEveryClusterBefore() throws IOException {
        for (String name : List.of("savepoint-1", "savepoint-2")) {
            Files.createDirectories(directory.savepoints().resolve("profile").resolve(name));
            assertThat(directory.countSavepoints()).isEqualTo(1);
            directory.prepare(false, false);
        }
        assertThat(directory.savepoints()).doesNotExist();
        assertThat(directory.savepointsBefore().resolve("profile").toFile().list()).containsExactlyInAnyOrder("savepoint-1", "savepoint-2");
    }

    @Test
    void allWhenItIsKeptWithAZooKeeper() {
        directory.prepare(true, true);
        for (Path each : List.of(directory.kafka(), directory.checkpoints(), directory.savepoints(), directory.submissions(),
                directory.highAvailability(), directory.zooKeeper(), directory.models())) {
            assertThat(each).exists();
        }
    }

    @Test
    void itsModelsBeginAsACopyAndAreKeptWithTheRest() throws IOException {
        Path store = path.resolve("models");
        Files.createDirectories(store.resolve("releases/made"));
        directory.prepare(true, false);
        assertThat(directory.seedModels(store)).isFalse();
        assertThat(releases()).containsExactly("learned");

        directory.prepare(false, false);
        assertThat(directory.seedModels(store)).isTrue();
        assertThat(releases()).containsExactly("made");
    }

    @Test
    void notTheJobsOfAZooKeeperWhenItIsKeptWithout() {
        directory.prepare(true, false);
        assertThat(directory.checkpoints()).exists();
        assertThat(directory.zooKeeper()).doesNotExist();
        assertThat(directory.highAvailability()).doesNotExist();
    }

    private String[] releases() {
        return directory.models().resolve("releases").toFile().list();
    }
}
