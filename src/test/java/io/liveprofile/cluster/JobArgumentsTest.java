package io.liveprofile.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.local.JobSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job scores with the cluster's own models unless the command line names others. */
class JobArgumentsTest {
    private static final Addresses ADDRESSES = new Addresses(7001, 7002, 7003, Addresses.NONE);

    @TempDir
    private Path path;

    @Test
    void theStoreIsTheClusters() {
        assertThat(stores(List.of())).containsExactly("model.store=" + path.resolve("models"));
    }

    @Test
    void aStoreThatTheCommandLineNamesIsUsed() {
        String store = "model.store=" + path.resolve("others");
        assertThat(stores(List.of(store))).containsExactly(store);
        assertThat(stores(List.of("model.store="))).containsExactly("model.store=");
    }

    @Test
    void noOtherKeyIsMadeForStateOfOneThatIsGone() throws Exception {
        Path key = path.resolve("key.json");
        stores(List.of());
        Files.delete(key);
        stores(List.of());
        assertThat(key).as("without state nobody is known").exists();
        String made = Files.readString(key);
        Path savepoint = Files.createDirectories(new ClusterDirectory(path).savepoints().resolve(Job.PROFILE.option()).resolve("s"));
        Files.createFile(savepoint.resolve("_metadata"));
        stores(List.of());
        assertThat(key).as("the one that there is").hasContent(made);
        Files.delete(key);
        assertThatThrownBy(() -> stores(List.of())).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("privacy.key-file = '" + key + "': is not there, and what the jobs know");
        assertThat(key).doesNotExist();
    }

    /** The command that the refusal names is one for the cluster's store, which `make model` alone would not write to. */
    @Test
    void theProfileJobAloneNeedsAReleaseForItsFeatures() {
        ClusterDirectory directory = new ClusterDirectory(path);
        TestingOtherRelease.writeTo(directory.models());
        assertThatThrownBy(() -> stores(List.of())).isInstanceOf(ConfigException.class)
                .hasMessageContaining("`make model SET=\"model.store=" + directory.models() + "\"`");
        assertThat(stores(Job.TRAINING, List.of())).containsExactly("model.store=" + directory.models());
        assertThat(stores(List.of("model.store="))).containsExactly("model.store=");
    }

    @Test
    void theTrainingJobAloneNeedsAStore() {
        assertThatThrownBy(() -> stores(Job.TRAINING, List.of("model.store="))).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("model.store = ''");
    }

    private List<String> stores(List<String> assignments) {
        return stores(Job.PROFILE, assignments);
    }

    private List<String> stores(Job job, List<String> assignments) {
        List<String> all = new ArrayList<>(assignments);
        all.add("privacy.key-file=" + path.resolve("key.json"));
        return new JobArguments(new JobSettings(Path.of("flink-conf"), all), new ClusterDirectory(path)).checked(job, ADDRESSES).stream()
                .filter(each -> each.startsWith("model.store=")).toList();
    }
}
