package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveprofile.inference.ModelStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.types.TFloat32;

class SavedModelExportTest {
    private static final Examples ROWS = SyntheticShoppers.rows(60, 3);

    @TempDir
    Path directory;

    /** Read in place, and from a copy that is gone by then. */
    @ParameterizedTest
    @ValueSource(strings = {"", "file:"})
    void aReloadedReleaseGivesTheSameScoresAndGoesOnTrainingAlike(String scheme) {
        ModelStore store = ModelStores.open(scheme + directory);
        ModelConfig config = withDropout();
        MlpGraph graph = new MlpGraph(SyntheticShoppers.FEATURES, config);
        try (MlpSession original = MlpSession.initialise(graph, SessionThreads.SINGLE)) {
            original.write(MlpGraph.MEAN, FeatureStatistics.of(ROWS.x(), InputLayout.ofNumbers(SyntheticShoppers.FEATURES).numbers()).mean());
            train(original, 5);
            Manifest first = publish(store, original, graph.signatures());
            ModelBundle bundle = load(store, first);
            List<org.tensorflow.Signature> signatures = bundle.signatures();
            try (MlpSession reloaded = MlpSession.of(bundle)) {
                assertThat(reloaded.readAll()).usingRecursiveComparison().isEqualTo(original.readAll());
                assertThat(reloaded.score(ROWS.x())).isDeepEqualTo(original.score(ROWS.x()));

                // Adam's moments, the step count and with it the dropout masks came along.
                train(original, 5);
                train(reloaded, 5);
                assertThat(reloaded.readAll()).usingRecursiveComparison().isEqualTo(original.readAll());

                // A release trained on from a release is whole as well.
                Manifest second = publish(store, reloaded, signatures);
                try (MlpSession again = MlpSession.of(load(store, second))) {
                    assertThat(again.score(ROWS.x())).isDeepEqualTo(original.score(ROWS.x()));
                }
            }
        }
    }

    @Test
    void signaturesNameTheirTensorsForAnyReaderOfASavedModel() {
        MlpGraph graph = new MlpGraph(SyntheticShoppers.FEATURES, SyntheticShoppers.smallModel());
        try (MlpSession session = MlpSession.initialise(graph, SessionThreads.SINGLE)) {
            SavedModelExport.write(session, graph.signatures(), directory.resolve("model"));
            try (SavedModelBundle plain = SavedModelBundle.load(directory.resolve("model").toString());
                    TFloat32 x = TFloat32.tensorOf(org.tensorflow.ndarray.StdArrays.ndCopyOf(ROWS.x()));
                    Result result = plain.function(MlpGraph.SERVE).call(Map.of(MlpGraph.FEATURES, x))) {
                assertThat(result.keySet()).containsExactlyInAnyOrder("probabilities", "embedding", "logits");
                assertThat(FloatTensor.rows(result.get("probabilities").orElseThrow()))
                        .isDeepEqualTo(session.score(ROWS.x()));
                assertThat(result.get("embedding").orElseThrow().shape().asArray()).containsExactly(ROWS.rows(), 8);
                assertThat(plain.function(MlpGraph.TRAIN).signature().inputNames())
                        .containsExactlyInAnyOrder("features", "labels", "label_weights", "logit_offset", "learning_rate");
                assertThat(plain.function(MlpGraph.TRAIN).signature().outputNames())
                        .containsExactlyInAnyOrder("loss", "gradient_norm", "step");
                assertThat(plain.function(MlpGraph.EXPLAIN).signature().outputNames())
                        .containsExactlyInAnyOrder("attributions", "baseline_logits");
            }
        }
    }

    @Test
    void whatTensorFlowCannotLoadIsOneClearError() {
        ModelStore store = new ModelStore(directory);
        Manifest manifest = store.publish(draft(), path -> {
            try {
                Files.createDirectories(path);
                Files.writeString(path.resolve("saved_model.pb"), "no model");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> load(store, manifest))
                .withMessageStartingWith("Release r000001 cannot be used: TensorFlow does not load it: ");
    }

    private static void train(MlpSession session, int steps) {
        for (int i = 0; i < steps; i++) {
            session.train(ROWS.x(), ROWS.labels());
        }
    }

    private static Manifest publish(ModelStore store, MlpSession session, List<org.tensorflow.Signature> signatures) {
        return store.publish(draft(), path -> SavedModelExport.write(session, signatures, path));
    }

    private static Manifest.Draft draft() {
        return new Manifest.Draft(null, SyntheticShoppers.schema(), List.of(SyntheticShoppers.HEADS), Map.of(), 0, 0);
    }

    private static ModelBundle load(ModelStore store, Manifest manifest) {
        return ModelBundle.load(store, manifest.id(), SyntheticShoppers.schema(), SessionThreads.SINGLE);
    }

    private static ModelConfig withDropout() {
        ModelConfig small = SyntheticShoppers.smallModel();
        ModelConfig.Training t = small.training();
        return small.with(new ModelConfig.Training(
                t.learningRate(), t.batchSize(), t.epochs(), t.patience(), t.l2(), 0.2, t.clipNorm(), t.seed()));
    }
}
