package io.liveprofile.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.model.Manifest;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.ReleaseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFlowScorerTest {
    private static final int FEATURES = 40;

    @TempDir
    Path directory;

    private String store;

    @BeforeEach
    void nameStore() {
        store = directory.toString();
    }

    @Test
    void aRowsScoreDoesNotDependOnItsBatch() {
        TestingReleases.publish(store, FEATURES);
        float[][] vectors = TestingReleases.vectors(129, FEATURES, 1);
        try (Scorer scorer = new ModelStoreLoader(store, TestingReleases.schema(FEATURES)).latest().orElseThrow()) {
            Scores all = scorer.score(vectors);
            assertThat(all.rows()).isEqualTo(129);
            for (int i = 0; i < vectors.length; i += 16) {
                Scores one = scorer.score(new float[][] {vectors[i]});
                assertThat(one.probabilities()[0]).containsExactly(all.probabilities()[i], within(1e-6f));
                assertThat(one.embeddings()[0]).hasSize(64).containsExactly(all.embeddings()[i], within(1e-5f));
            }
            assertThat(scorer.score(new float[0][]).rows()).isZero();
            assertThat(scorer.releaseId()).isEqualTo("r000001");
            assertThat(scorer.trainedOn()).as("a release from before there was such a thing").isEmpty();
            assertThat(scorer.heads()).containsExactly("purchase_24h", "fraud");
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> scorer.score(new float[][] {vectors[0], new float[3]}))
                    .withMessage("Vector 1 has 3 features, release r000001 takes 40");
        }
    }

    /** Of what is served: the same figures through the release, against the scores themselves. */
    @Test
    void attributionsOfARowSumUpToItsLogOddsLessThoseOfTheAverageUser() {
        TestingReleases.publish(store, FEATURES);
        float[][] vectors = TestingReleases.vectors(50, FEATURES, 3);
        try (Scorer scorer = new ModelStoreLoader(store, TestingReleases.schema(FEATURES)).latest().orElseThrow()) {
            Explanation explanation = scorer.explain(vectors);
            assertThat(explanation.inputs()).hasSize(FEATURES).startsWith("f0", "f1");
            for (int row = 0; row < vectors.length; row++) {
                assertThat(explanation.values()[row]).containsExactly(vectors[row]);
            }
            float[][] probabilities = scorer.score(vectors).probabilities();
            float[] ofAverage = scorer.score(new float[][] {explanation.usual()}).probabilities()[0];
            double furthest = 0;
            for (int row = 0; row < vectors.length; row++) {
                for (int head = 0; head < ofAverage.length; head++) {
                    double sum = 0;
                    for (float each : explanation.attributions()[row][head]) {
                        sum += each;
                    }
                    double expected = logOdds(probabilities[row][head]) - logOdds(ofAverage[head]);
                    assertThat(sum).isCloseTo(expected, within(0.02 * Math.max(1, Math.abs(expected))));
                    furthest = Math.max(furthest, Math.abs(expected));
                }
            }
            assertThat(furthest).as("the scores differ").isGreaterThan(0.5);
        }
    }

    @Test
    void scoresStayWhenLaterBatchesOfOtherSizesAreScored() {
        TestingReleases.publish(store, FEATURES);
        float[][] vectors = TestingReleases.vectors(300, FEATURES, 4);
        try (Scorer scorer = new ModelStoreLoader(store, TestingReleases.schema(FEATURES)).latest().orElseThrow()) {
            float[][] few = Arrays.copyOf(vectors, 3);
            Scores scores = scorer.score(few);
            float[][] probabilities = copy(scores.probabilities());
            float[][] embeddings = copy(scores.embeddings());
            scorer.score(vectors);
            scorer.score(new float[][] {vectors[9]});
            assertThat(scores.probabilities()).isDeepEqualTo(probabilities);
            assertThat(scores.embeddings()).isDeepEqualTo(embeddings);
            assertThat(scorer.score(few).embeddings()).isDeepEqualTo(embeddings);
        }
    }

    @Test
    void theFactoryOpensTheNewestReleaseAfterItsJourney() throws Exception {
        ModelStoreLoader factory =
                InstantiationUtil.clone(new ModelStoreLoader(store, TestingReleases.schema(FEATURES)));
        assertThat(factory.latest()).isEmpty();
        TestingReleases.publish(store, FEATURES);
        TestingReleases.publish(store, FEATURES);
        try (Scorer scorer = factory.latest().orElseThrow()) {
            assertThat(scorer.releaseId()).isEqualTo("r000002");
        }
    }

    @Test
    void theFactoryRefusesOtherFeaturesAndATamperedRelease() throws Exception {
        TestingReleases.publish(store, FEATURES);
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> new ModelStoreLoader(store, TestingReleases.schema(FEATURES + 1)).latest())
                .withMessageEndingWith("only in the job: f40:IDENTITY");
        Path weights = directory.resolve("releases/r000001/saved_model/variables/variables.data-00000-of-00001");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> new ModelStoreLoader(store, TestingReleases.schema(FEATURES)).latest())
                .withMessageContaining("was changed after the release");
    }

    /** As when somebody who can write to the store puts another model in its place, which he can seal as well as anybody. */
    @Test
    void theFactoryRefusesAReleaseOfAnotherSealThanWasAnnounced() throws Exception {
        Manifest announced = TestingReleases.publish(store, FEATURES);
        Path release = directory.resolve("releases/r000001");
        Files.move(release, directory.resolve("before"));
        Manifest other = TestingReleases.publish(store, FEATURES);
        assertThat(other.id()).isEqualTo(announced.id());
        ModelStoreLoader factory = new ModelStoreLoader(store, TestingReleases.schema(FEATURES));
        String seal = "0".repeat(64);
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> factory.load("r000001", seal))
                .withMessage("Release r000001 was announced with the seal " + seal + ", the store has " + other.sha256());
        for (String taken : List.of("", other.sha256())) {
            try (Scorer scorer = factory.load("r000001", taken)) {
                assertThat(scorer.releaseId()).isEqualTo("r000001");
            }
        }
    }

    @Test
    void theFactoryRefusesAGraphThatCannotBeAskedForAScoreOrForReasons() {
        ModelStoreLoader factory = new ModelStoreLoader(store, TestingReleases.schema(FEATURES));
        String bare = TestingReleases.publishBare(store, FEATURES).id();
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> factory.load(bare))
                .withMessageStartingWith("Release r000001 cannot be used: ").withMessageContaining("embedding:0");
        String dumb = TestingReleases.publishBare(store, FEATURES, MlpGraph.EMBEDDING, MlpGraph.ATTRIBUTIONS).id();
        assertThatExceptionOfType(ReleaseException.class)
                .isThrownBy(() -> factory.load(dumb))
                .withMessageStartingWith("Release r000002 does not explain: ");
    }

    @Test
    void aReleaseScoresTheSameFromAnyFileSystem() {
        String uri = directory.toUri().toString();
        TestingReleases.publish(uri, FEATURES);
        float[][] vectors = TestingReleases.vectors(20, FEATURES, 3);
        try (Scorer copied = new ModelStoreLoader(uri, TestingReleases.schema(FEATURES)).latest().orElseThrow();
                Scorer inPlace = new ModelStoreLoader(store, TestingReleases.schema(FEATURES)).latest().orElseThrow()) {
            assertThat(copied.releaseId()).isEqualTo("r000001").isEqualTo(inPlace.releaseId());
            assertThat(copied.score(vectors).probabilities()).isDeepEqualTo(inPlace.score(vectors).probabilities());
        }
    }

    /**
     * Counts native objects, as bytes alone would not tell: JavaCPP frees what was forgotten once the collector finds it.
     * With the input tensor left open the count rises by one a batch, with the result by two. Resident memory is no
     * measure here: the Java heap touching its own pages moves it by more than a leak would.
     */
    @Test
    void twentyThousandBatchesLeaveNoNativeMemoryBehind() {
        TestingReleases.publish(store, FEATURES);
        float[][] vectors = TestingReleases.vectors(32, FEATURES, 2);
        try (Scorer scorer = new ModelStoreLoader(store, TestingReleases.schema(FEATURES)).latest().orElseThrow()) {
            score(scorer, vectors, 2_000);
            long objectsBefore = Pointer.totalCount();
            score(scorer, vectors, 200);
            assertThat(Pointer.totalCount() - objectsBefore).isLessThan(20);
            long countedBefore = Pointer.totalBytes();
            score(scorer, vectors, 20_000);
            assertThat(Pointer.totalBytes() - countedBefore).isLessThan(1 << 20);
            assertThat(Pointer.totalCount() - objectsBefore).isLessThan(20);
        }
    }

    private static void score(Scorer scorer, float[][] vectors, int batches) {
        float[] first = scorer.score(vectors).probabilities()[0];
        for (int i = 0; i < batches; i++) {
            if (!Arrays.equals(scorer.score(vectors).probabilities()[0], first)) {
                throw new AssertionError("Batch " + i + " scored otherwise");
            }
        }
    }

    private static double logOdds(float probability) {
        return Math.log(probability / (1.0 - probability));
    }

    private static float[][] copy(float[][] rows) {
        return Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
    }
}
