package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveprofile.config.ConfigException;
import io.liveprofile.config.ConfigNode;
import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which model stores a job may begin with. */
class UsableModelTest {
    private static final Path FEATURES = Path.of("flink-conf/features.yaml");

    @TempDir
    Path models;
    @TempDir
    Path features;

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
    void releasesOfOtherFeaturesAloneAreRefusedWithTheCommandThatHelps() throws Exception {
        releaseOfOtherFeatures();
        assertThatThrownBy(this::begin).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("model.store = '" + models + "': Release r000001 was trained on feature schema ")
                .hasMessageContaining("`make model SET=\"model.store=" + models + "\"` trains one for these features");

        Path copy = Files.copy(FEATURES, features.resolve("features.yaml"));
        Configuration options = options();
        options.set(Options.FEATURES, copy.toString());
        assertThatThrownBy(() -> ProfileJobConfig.of(options)).as("as the job has them")
                .hasMessageContaining("`make model SET=\"model.store=" + models + " features.file=" + copy + "\"`");
    }

    @Test
    void oneOfTheseFeaturesIsEnoughWhateverCameBehindIt() {
        release(schema());
        releaseOfOtherFeatures();
        assertThatCode(this::begin).doesNotThrowAnyException();
    }

    /** It begins from nothing, and what it releases first is for its features. */
    @Test
    void theTrainingJobTakesAStoreOfOtherFeatures() {
        releaseOfOtherFeatures();
        Configuration options = options();
        Path key = features.resolve("key.json");
        Pseudonymizer.createKeyset(key);
        options.set(Options.KEY_FILE, key.toString());
        assertThatCode(() -> TrainingJob.define(
                StreamExecutionEnvironment.getExecutionEnvironment(), options, OffsetsInitializer.earliest()))
                .doesNotThrowAnyException();
    }

    @Test
    void aStoreWithoutReleasesIsABeginning() {
        assertThatCode(this::begin).doesNotThrowAnyException();
    }

    private void begin() {
        ProfileJobConfig.of(options());
    }

    private Configuration options() {
        Configuration options = new Configuration();
        options.set(Options.FEATURES, FEATURES.toString());
        options.set(Options.MODEL_STORE, models.toString());
        return options;
    }

    private void releaseOfOtherFeatures() {
        release(new FeatureSchema(schema().features().subList(0, 3)));
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
