package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.event.EventType;
import io.liveprofile.event.ExampleLabel;
import io.liveprofile.event.LabelCertainty;
import io.liveprofile.event.ModelEvaluation;
import io.liveprofile.event.TrainingExample;
import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.inference.ModelStoreLoader;
import io.liveprofile.inference.ModelStores;
import io.liveprofile.inference.Scorer;
import io.liveprofile.model.FeatureDistribution;
import io.liveprofile.model.InputLayout;
import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelStore;
import io.liveprofile.model.SessionThreads;
import io.liveprofile.model.UnfitReleaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainOperatorHarnessTest {
    private static final String FEATURES = """
            windows: { 1h: { length: 1 h, hop: 1 min } }
            aggregates:
              views: { op: count, events: [VIEW], windows: [1h] }
              orders: { op: count, events: [ORDER], windows: [1h] }
            features: [ { statistics: [views] } ]
            """;

    private static final String MODEL = """
            hidden_layers: [8]
            heads: [ { name: bought } ]
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "file:"})
    void beginsWithTheNewestReleaseOfTheStoreThatTheScorerTakesToo(String scheme) throws Exception {
        TrainingJobConfig config = config(scheme + directory.resolve("models"));
        Manifest released = release(config);

        assertThat(championOf(config)).isEqualTo(released.id()).isEqualTo("r000001");
        try (Scorer scorer = new ModelStoreLoader(config.modelStore(), config.schema()).latest().orElseThrow()) {
            assertThat(scorer.releaseId()).isEqualTo("r000001");
        }
    }

    @Test
    void beginsWithNothingWhereTheStoreDoesNotExistYet() throws Exception {
        assertThat(championOf(config("file:" + directory.resolve("models")))).isEmpty();
    }

    /** As after a change of model.yaml: what serves goes on until something better is learned, also after a failure. */
    @Test
    void aReleaseOfOtherLayersIsTheChampionAlsoAfterARestore() throws Exception {
        String models = directory.resolve("models").toString();
        release(config(models));
        Files.writeString(directory.resolve("model.yaml"), MODEL.replace("[8]", "[16, 4]"));
        TrainingJobConfig config = config(models);
        OperatorSubtaskState state;
        TrainOperator operator = new TrainOperator(config);
        try (OneInputStreamOperatorTestHarness<TrainingExample, ModelEvaluation> harness =
                new OneInputStreamOperatorTestHarness<>(operator)) {
            harness.open();
            assertThat(operator.champion()).isEqualTo("r000001");
            state = harness.snapshot(1, 1);
        }
        release(config); // newer than the snapshot, so not the one that it speaks of
        TrainOperator restored = new TrainOperator(config);
        try (OneInputStreamOperatorTestHarness<TrainingExample, ModelEvaluation> harness =
                new OneInputStreamOperatorTestHarness<>(restored)) {
            harness.initializeState(state);
            harness.open();
            assertThat(restored.champion()).isEqualTo("r000001");
        }
    }

    @Test
    void aReleaseThatIsTornIsPassedOverForTheOneBeforeIt() throws Exception {
        TrainingJobConfig config = config(directory.resolve("models").toString());
        release(config);
        release(config);
        Files.writeString(manifestOf(release(config).id()), "{}");
        Files.delete(directory.resolve("models/releases/r000002/saved_model/saved_model.pb"));
        assertThat(championOf(config)).isEqualTo("r000001");
    }

    /** As where the trainer of the features before has released once more behind the first release for these. */
    @Test
    void releasesOfOtherFeaturesArePassedOver() throws Exception {
        String models = directory.resolve("models").toString();
        TrainingJobConfig before = config(models);
        release(before);
        changeFeatures();
        TrainingJobConfig config = config(models);
        assertThat(championOf(config)).as("there is none for them").isEmpty();
        assertThat(release(config).id()).isEqualTo("r000002");
        release(before);
        assertThat(championOf(config)).isEqualTo("r000002");
        assertThat(championOf(before)).isEqualTo("r000003");
    }

    @Test
    void theFirstReleaseForOtherFeaturesStandsBesideThoseOfBefore() throws Exception {
        String models = directory.resolve("models").toString();
        TrainingJobConfig before = config(models);
        release(before);
        changeFeatures();
        TrainingJobConfig config = config(models);
        StoredReleases releases = new StoredReleases(config, () -> 0);
        try (MlpSession session = releases.newModel()) {
            assertThat(releases.release(session, null, Optional.empty(), Map.of(), 0).id()).isEqualTo("r000002");
        }
        try (Scorer scorer = new ModelStoreLoader(models, config.schema()).load("r000002", "")) {
            assertThat(scorer.heads()).containsExactly("bought");
        }
        ModelStoreLoader ofBefore = new ModelStoreLoader(models, before.schema());
        assertThatExceptionOfType(UnfitReleaseException.class).isThrownBy(() -> ofBefore.load("r000002", ""));
        try (Scorer scorer = ofBefore.load("r000001", "")) {
            assertThat(scorer.releaseId()).isEqualTo("r000001");
        }
    }

    @Test
    void whereTheChampionIsGoneTheNewestOfTheStoreTakesItsPlace() throws Exception {
        TrainingJobConfig config = config(directory.resolve("models").toString());
        release(config);
        OperatorSubtaskState state = stateOf(config, release(config).id());
        Files.delete(directory.resolve("models/releases/r000002/saved_model/saved_model.pb"));
        assertThat(championOf(config, state)).isEqualTo("r000001");
    }

    /** Flink starts it again, and by then it may be there. */
    @Test
    void whileTheChampionCannotBeReadTheStartFails() throws Exception {
        TrainingJobConfig config = config(directory.resolve("models").toString());
        release(config);
        OperatorSubtaskState state = stateOf(config, "r000001");
        release(config);
        Path away = directory.resolve("away");
        Files.move(manifestOf("r000001"), away);
        Files.createDirectory(manifestOf("r000001")); // reading it is an error of input and output
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> championOf(config, state))
                .withMessageContaining("r000001").withMessageContaining("cannot be read now");
        Files.delete(manifestOf("r000001"));
        Files.move(away, manifestOf("r000001"));
        assertThat(championOf(config, state)).isEqualTo("r000001");
    }

    @Test
    void aReleaseThatWasLoadedIsReleasedAgainAsItIs() throws Exception {
        TrainingJobConfig config = config(directory.resolve("models").toString());
        String first = release(config).id();
        StoredReleases releases = new StoredReleases(config, () -> 7);
        float[][] x = {{0.5f}, {3}, {Float.NaN}};
        try (MlpSession before = releases.load(first).orElseThrow()) {
            Manifest again = releases.release(before, first, Optional.empty(), Map.of(), 5);
            assertThat(again.id()).isEqualTo("r000002");
            try (MlpSession after = releases.load(again.id()).orElseThrow()) {
                assertThat(after.score(x)).isDeepEqualTo(before.score(x));
            }
        }
    }

    /** As after a change of model.yaml and features.yaml between savepoint and start. */
    @Test
    void stateOfAnotherModelIsLeftAndLearningBeginsWithTheNewestRelease() throws Exception {
        TrainingJobConfig was = config(directory.resolve("models").toString());
        release(was);
        OperatorSubtaskState state;
        try (OneInputStreamOperatorTestHarness<TrainingExample, ModelEvaluation> harness =
                new OneInputStreamOperatorTestHarness<>(new TrainOperator(was))) {
            harness.open();
            harness.processElement(example(was.schema()), 1);
            state = harness.snapshot(1, 1);
        }
        changeFeatures();
        TrainingJobConfig is = config(directory.resolve("models").toString());
        String newest = release(is).id();
        TrainOperator operator = new TrainOperator(is);
        try (OneInputStreamOperatorTestHarness<TrainingExample, ModelEvaluation> harness =
                new OneInputStreamOperatorTestHarness<>(operator)) {
            harness.initializeState(state);
            harness.open();
            assertThat(operator.champion()).isEqualTo(newest).isEqualTo("r000002");
            assertThat(operator.counted(Counts.OTHER_EXAMPLES)).isEqualTo(1);
            harness.processElement(example(was.schema()), 2);
            assertThat(operator.counted(Counts.OTHER_EXAMPLES)).isEqualTo(2);
            harness.processElement(example(is.schema()), 3);
            harness.processWatermark(10);
            assertThat(operator.counted(Counts.TRAINED)).isEqualTo(1);
        }
    }

    /** As its weights are those of its parent. */
    @Test
    void aReleaseThatComesBackSaysWhatItsParentWasTrainedOn() throws Exception {
        TrainingJobConfig config = config(directory.resolve("models").toString());
        ModelStore store = ModelStores.open(config.modelStore());
        StoredReleases releases = new StoredReleases(config, () -> 0);
        FeatureDistribution learned = FeatureDistribution.of(
                config.schema(), new float[3][config.schema().size()], new float[] {1, 1, 1});
        try (MlpSession session = releases.newModel()) {
            releases.release(session, null, Optional.of(learned), Map.of(), 0);
            Manifest back = releases.release(session, "r000001", Optional.empty(), Map.of(), 0);
            assertThat(store.read(back, FeatureDistribution::read)).get()
                    .usingRecursiveComparison().isEqualTo(learned);
            Manifest ofNone = releases.release(session, "r000099", Optional.empty(), Map.of(), 0);
            assertThat(store.read(ofNone, FeatureDistribution::read)).as("the parent is not there any more").isEmpty();
        }
    }

    private void changeFeatures() throws IOException {
        Files.writeString(directory.resolve("features.yaml"), FEATURES.replace("[views]", "[views, orders]"));
    }

    private static TrainingExample example(FeatureSchema schema) {
        return new TrainingExample("p@5", "p", "u", "e", EventType.VIEW, 1L, schema.hash(),
                Collections.nCopies(schema.size(), 1f), Map.of(), null, 5L,
                List.of(new ExampleLabel("bought", true, LabelCertainty.MATURED, 1.0)));
    }

    private static String championOf(TrainingJobConfig config) throws Exception {
        return championOf(config, null);
    }

    /** @param state null = it begins */
    private static String championOf(TrainingJobConfig config, OperatorSubtaskState state) throws Exception {
        TrainOperator operator = new TrainOperator(config);
        try (OneInputStreamOperatorTestHarness<TrainingExample, ModelEvaluation> harness =
                new OneInputStreamOperatorTestHarness<>(operator)) {
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
            return operator.champion();
        }
    }

    private static OperatorSubtaskState stateOf(TrainingJobConfig config, String champion) throws Exception {
        TrainOperator operator = new TrainOperator(config);
        try (OneInputStreamOperatorTestHarness<TrainingExample, ModelEvaluation> harness =
                new OneInputStreamOperatorTestHarness<>(operator)) {
            harness.open();
            assertThat(operator.champion()).isEqualTo(champion);
            return harness.snapshot(1, 1);
        }
    }

    private Path manifestOf(String release) {
        return directory.resolve("models/releases").resolve(release).resolve("manifest.json");
    }

    private static Manifest release(TrainingJobConfig config) {
        try (MlpSession session = MlpSession.initialise(
                new MlpGraph(InputLayout.of(config.schema()), config.modelConfig()), SessionThreads.SINGLE)) {
            return ModelStores.open(config.modelStore()).publish(
                    new Manifest.Draft(null, config.schema(), config.modelConfig().headNames(), Map.of(), 0, 0), session::export);
        }
    }

    private TrainingJobConfig config(String store) throws Exception {
        Configuration options = new Configuration();
        Path features = directory.resolve("features.yaml");
        options.set(Options.FEATURES, (Files.exists(features) ? features : Files.writeString(features, FEATURES)).toString());
        Path model = directory.resolve("model.yaml");
        options.set(Options.MODEL_FILE, (Files.exists(model) ? model : Files.writeString(model, MODEL)).toString());
        options.set(Options.LABELS, Files.writeString(directory.resolve("labels.yaml"), """
                labels: { bought: { positive: { events: ORDER }, horizon: 1 min, judged: VIEW } }
                """).toString());
        options.set(Options.MODEL_STORE, store);
        return TrainingJobConfig.of(options);
    }
}
