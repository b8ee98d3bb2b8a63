package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which model stores a job may begin with. */
class UsableModelTest {
    private static final Path FEATURES = Path.of("flink-conf/features.yaml");

    @TempDir
    Path models;

    @Test
    void aTornReleaseIsPassedOverForTheOneBeforeIt() throws Exception {
        release(schema());
        tear(release(schema()));
        assertThatCode(this::begin).doesNotThrowAnyException();
    }

    @Test
    void whereNoneCanBeUsedTheNewestSaysWhy() throws Exception {
        tear(release(schema()));
        tear(release(schema()));
        assertThatThrownBy(this::begin).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("model.store = '" + models + "': Release r000002").hasMessageContaining("saved_model.pb");
    }

    @Test
    void releasesOfOtherFeaturesAloneAreRefused() {
        release(new FeatureSchema(schema().features().subList(0, 3)));
        assertThatThrownBy(this::begin).isInstanceOf(ConfigException.class).hasMessageContaining("`make model` trains one");
    }

    @Test
    void aStoreWithoutReleasesIsABeginning() {
        assertThatCode(this::begin).doesNotThrowAnyException();
    }

    private void begin() {
        Configuration options = new Configuration();
        options.set(Options.FEATURES, FEATURES.toString());
        options.set(Options.MODEL_STORE, models.toString());
        ProfileJobConfig.of(options);
    }

    private static FeatureSchema schema() {
        return FeaturePlan.read(ConfigNode.read(FEATURES)).schema();
    }

    private Manifest release(FeatureSchema schema) {
        return new ModelStore(models).publish(new Manifest.Draft(null, schema, List.of("fraud"), Map.of(), 0, 0), directory -> {
            try {
                Files.createDirectories(directory);
                Files.writeString(directory.resolve("saved_model.pb"), "a graph");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void tear(Manifest release) throws IOException {
        Files.delete(models.resolve("releases").resolve(release.id()).resolve("saved_model/saved_model.pb"));
    }
}
