package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.model.ModelConfig.Head;
import io.liveprofile.model.ModelConfig.Training;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

class MlpGraphTest {
    private static final int FEATURES = 9;

    @ParameterizedTest
    @EnumSource(Activation.class)
    void scoresLikeThePlainJavaForwardPass(Activation activation) {
        for (boolean indicator : new boolean[] {true, false}) {
            ModelConfig config = model(List.of(16, 8), activation, indicator, Training.defaults());
            assertSameAsForwardPass(config, 40);
        }
    }

    @Test
    void scoresLikeThePlainJavaForwardPassWithoutHiddenLayersAndWithManyUnits() {
        assertSameAsForwardPass(model(List.of(), Activation.RELU, true, Training.defaults()), 1);
        assertSameAsForwardPass(model(List.of(64, 64, 64), Activation.RELU, true, Training.defaults()), 200);
        assertSameAsForwardPass(model(List.of(16), Activation.RELU, true, Training.defaults()).withLinearPath(), 40);
    }

    @Test
    void oneSeedGivesOneSetOfWeightsAndAnotherSeedAnother() {
        Map<String, float[]> first;
        try (MlpSession a = session(withSeed(1)); MlpSession b = session(withSeed(1)); MlpSession c = session(withSeed(2))) {
            first = a.readAll();
            assertThat(b.readAll()).usingRecursiveComparison().isEqualTo(first);
            assertThat(c.read("hidden_0.kernel")).isNotEqualTo(first.get("hidden_0.kernel"));
        }
        // He's uniform limit for 18 inputs; both halves of the interval are used.
        double limit = Math.sqrt(6.0 / (2 * FEATURES));
        float least = 0;
        float most = 0;
        for (float w : first.get("hidden_0.kernel")) {
            least = Math.min(least, w);
            most = Math.max(most, w);
        }
        assertThat((double) most).isBetween(0.8 * limit, limit);
        assertThat((double) least).isBetween(-limit, -0.8 * limit);
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        // One step of Adam from zero moments leaves m = 0.1 g, so the gradient can be read from it.
        ModelConfig config = model(List.of(5, 4), Activation.TANH, true, training(1e-9, 0, 0, 1e6));
        float[][] x = vectors(new Random(3), 8);
        float[][] labels = labels(new Random(4), 8);
        try (MlpSession session = session(config)) {
            session.write(MlpGraph.POSITIVE_WEIGHT, new float[] {3, 1});
            Map<String, float[]> before = session.readAll();
            session.train(x, labels);
            for (String variable : List.of("hidden_0.kernel", "hidden_0.bias", "hidden_1.kernel", "output.kernel", "output.bias")) {
                float[] moments = session.read(variable + ".adam_m");
                for (int i = 0; i < before.get(variable).length; i += 7) {
                    double slope = (lossAt(config, before, variable, i, 1e-4, x, labels)
                            - lossAt(config, before, variable, i, -1e-4, x, labels)) / 2e-4;
                    assertThat(moments[i] / 0.1).as("%s[%d]", variable, i).isCloseTo(slope, within(2e-4));
                }
            }
        }
    }

    @Test
    void oneStepIsAdamsFirstStep() {
        // From zero moments m̂ = g and v̂ = g², so each weight moves by the learning rate against its gradient's sign.
        ModelConfig config = model(List.of(6), Activation.TANH, true, training(0.01, 0, 0, 1e6));
        try (MlpSession session = session(config)) {
            float[] before = session.read("output.kernel");
            session.train(vectors(new Random(5), 32), labels(new Random(6), 32));
            float[] after = session.read("output.kernel");
            float[] moment = session.read("output.kernel.adam_m");
            for (int i = 0; i < before.length; i++) {
                assertThat(after[i] - before[i]).isCloseTo(-0.01f * Math.signum(moment[i]), within(1e-5f));
            }
        }
    }

    @Test
    void weightsOfAModelOfAnotherFormAreRefused() {
        ModelConfig one = model(List.of(6), Activation.TANH, true, training(0.05, 0, 0, 1));
        ModelConfig deeper = model(List.of(6, 4), Activation.TANH, true, training(0.05, 0, 0, 1));
        try (MlpSession small = session(one); MlpSession large = session(deeper)) {
            assertThatIllegalArgumentException().isThrownBy(() -> large.writeAll(small.readAll()))
                    .withMessage("There is no hidden_1.kernel");
        }
    }

    @Test
    void clipsTheGlobalNormAndReportsTheNormBefore() {
        float[][] x = vectors(new Random(7), 16);
        float[][] labels = labels(new Random(8), 16);
        float free = normOfFirstMoments(x, labels, 1e6);
        assertThat(free).isGreaterThan(0.1f);
        assertThat(normOfFirstMoments(x, labels, free / 10)).isCloseTo(free / 10, within(free * 1e-5f));
        assertThat(normOfFirstMoments(x, labels, free * 10)).isCloseTo(free, within(free * 1e-5f));
    }

    @Test
    void unknownLabelsAndRowsOfWeightZeroChangeNothing() {
        ModelConfig config = model(List.of(6), Activation.RELU, true, training(0.01, 0, 0, 1e6));
        float[][] x = vectors(new Random(9), 6);
        float[][] known = {{1, 0}, {0, Float.NaN}, {Float.NaN, 1}};
        float[][] padded = {known[0], known[1], known[2], {Float.NaN, Float.NaN}, {1, 1}, {Float.NaN, Float.NaN}};
        float[][] onlyKnown = {x[0], x[1], x[2]};
        try (MlpSession few = session(config); MlpSession all = session(config)) {
            MlpSession.Step a = few.train(onlyKnown, known);
            MlpSession.Step b = all.train(new MlpSession.Batch(x, padded, weights(1, 1, 1, 1, 0, 1), null), Float.NaN);
            assertThat(b.loss()).isCloseTo(a.loss(), within(1e-6f));
            Map<String, float[]> ofAll = all.readAll();
            few.readAll().forEach((name, values) -> assertThat(ofAll.get(name)).as(name).containsExactly(values, within(2e-5f)));
        }
        try (MlpSession untouched = session(config); MlpSession session = session(config)) {
            MlpSession.Step none = session.train(x, unknown(6));
            assertThat(none.loss()).isZero();
            assertThat(none.gradientNorm()).isZero();
            Map<String, float[]> after = session.readAll();
            after.remove(MlpGraph.OPTIMIZER_STEP);
            assertThat(after).allSatisfy((name, values) -> assertThat(values).as(name).isEqualTo(untouched.read(name)));
        }
    }

    @Test
    void learningRateOfTheCallReplacesTheConfiguredOne() {
        ModelConfig config = model(List.of(6), Activation.RELU, true, training(0.01, 0, 0, 1e6));
        float[][] x = vectors(new Random(5), 16);
        float[][] labels = labels(new Random(6), 16);
        try (MlpSession slow = session(config)) {
            float before = slow.read("output.bias")[0];
            slow.train(new MlpSession.Batch(x, labels), 0.002f);
            assertThat(Math.abs(slow.read("output.bias")[0] - before)).isCloseTo(0.002f, within(1e-6f));
        }
    }

    @Test
    void l2PullsKernelsAndLeavesBiases() {
        try (MlpSession session = session(model(List.of(6), Activation.RELU, true, training(0.01, 0.5, 0, 1e6)))) {
            float[] kernel = session.read("hidden_0.kernel");
            session.train(vectors(new Random(1), 4), unknown(4));
            float[] moment = session.read("hidden_0.kernel.adam_m");
            for (int i = 0; i < kernel.length; i++) {
                assertThat(moment[i]).isCloseTo(0.1f * 0.5f * kernel[i], within(1e-6f));
            }
            assertThat(session.read("hidden_0.bias.adam_m")).containsOnly(0f);
        }
    }

    @Test
    void dropoutChangesTrainingNotScoring() {
        float[][] x = vectors(new Random(1), 64);
        float[][] labels = labels(new Random(2), 64);
        try (MlpSession without = session(model(List.of(32), Activation.RELU, true, training(1e-9, 0, 0, 1e6)));
                MlpSession with = session(model(List.of(32), Activation.RELU, true, training(1e-9, 0, 0.5, 1e6)))) {
            assertThat(with.score(x)).isEqualTo(without.score(x));
            float first = with.train(x, labels).loss();
            float second = with.train(x, labels).loss();
            assertThat(first).isNotEqualTo(without.train(x, labels).loss());
            assertThat(second).as("another mask a step").isNotEqualTo(first);
        }
    }

    @Test
    void anOffsetOfTheLogitsUndoesThatNegativesWereLeftOut() {
        // A tenth of the negatives is kept, so that half of the rows are positive; of all, one in eleven is.
        ModelConfig config = model(List.of(), Activation.RELU, false, training(0.05, 0, 0, 1e6));
        float[][] x = new float[20][FEATURES];
        float[][] labels = new float[20][];
        java.util.Arrays.setAll(labels, i -> new float[] {i % 2, i % 2});
        float offset = (float) -Math.log(0.1);
        try (MlpSession session = session(config)) {
            for (int i = 0; i < 500; i++) {
                session.train(new MlpSession.Batch(x, labels, null, new float[] {offset, 0}), Float.NaN);
            }
            float[] scored = session.score(x)[0];
            assertThat(scored[0]).isCloseTo(1 / 11f, within(1e-3f));
            assertThat(scored[1]).isCloseTo(1 / 2f, within(1e-3f));
        }
    }

    @Test
    void oneEnormousNumberDoesNotDrownTheOthers() {
        float[][] x = vectors(new Random(12), 90);
        try (MlpSession clean = session(model(List.of(6), Activation.RELU, true, Training.defaults()));
                MlpSession struck = session(model(List.of(6), Activation.RELU, true, Training.defaults()))) {
            x[5][0] = Float.NaN;
            clean.observe(x);
            x[5][0] = 1e20f;
            struck.observe(x);
            assertThat(struck.read(MlpGraph.VARIANCE)).containsExactly(clean.read(MlpGraph.VARIANCE), within(1e-5f));
            assertThat(struck.score(x)[5]).doesNotContain(Float.NaN);
        }
    }

    @Test
    void statisticsLearnedInPartsAreThoseOfTheWhole() {
        float[][] x = vectors(new Random(12), 90);
        x[3][2] = Float.POSITIVE_INFINITY;
        FeatureStatistics whole = FeatureStatistics.of(x, InputLayout.ofNumbers(FEATURES).numbers());
        try (MlpSession session = session(model(List.of(6), Activation.RELU, true, Training.defaults()))) {
            for (int from = 0; from < 90; from += 30) {
                session.observe(java.util.Arrays.copyOfRange(x, from, from + 30));
            }
            assertThat(session.read(MlpGraph.MEAN)).containsExactly(whole.mean(), within(1e-5f));
            assertThat(session.read(MlpGraph.VARIANCE)).containsExactly(whole.variance(), within(1e-4f));
            assertThat(session.read(MlpGraph.STATISTICS_ROWS)).containsExactly(whole.rows());
        }
    }

    @Test
    void statisticsForgetWhatIsOlderThanTheyRemember() {
        ModelConfig.Online online = ModelConfig.Online.defaults();
        ModelConfig config = model(List.of(6), Activation.RELU, true, Training.defaults())
                .with(new ModelConfig.Online(0.001, 8, 0, 0, 50, 0.1, 10, 10, 1));
        float[][] low = new float[50][FEATURES];
        float[][] high = new float[50][FEATURES];
        for (float[] row : high) {
            java.util.Arrays.fill(row, 10);
        }
        try (MlpSession session = session(config)) {
            for (int i = 0; i < 20; i++) {
                session.observe(low);
            }
            for (int i = 0; i < 5; i++) {
                session.observe(high);
            }
            // Each batch of as many rows as are remembered halves the distance.
            assertThat(session.read(MlpGraph.MEAN)[0]).isCloseTo(10 - 10 / 32f, within(1e-3f));
        }
    }

    @Test
    void trainingLowersTheLoss() {
        Examples rows = SyntheticShoppers.rows(200, 1);
        try (MlpSession session = MlpSession.initialise(
                new MlpGraph(SyntheticShoppers.FEATURES, SyntheticShoppers.smallModel()), SessionThreads.SINGLE)) {
            FeatureStatistics statistics = FeatureStatistics.of(rows.x(), InputLayout.ofNumbers(SyntheticShoppers.FEATURES).numbers());
            session.write(MlpGraph.MEAN, statistics.mean());
            session.write(MlpGraph.VARIANCE, statistics.variance());
            float first = session.train(rows.x(), rows.labels()).loss();
            float last = first;
            for (int i = 0; i < 200; i++) {
                last = session.train(rows.x(), rows.labels()).loss();
            }
            assertThat(last).isLessThan(0.8f * first);
        }
    }

    private static float normOfFirstMoments(float[][] x, float[][] labels, double clip) {
        try (MlpSession session = session(model(List.of(6), Activation.RELU, true, training(0.01, 0, 0, clip)))) {
            float reported = session.train(x, labels).gradientNorm();
            double squares = 0;
            for (String name : session.variables()) {
                if (name.endsWith(".adam_m")) {
                    for (float m : session.read(name)) {
                        squares += m * m;
                    }
                }
            }
            float applied = (float) (Math.sqrt(squares) / 0.1);
            assertThat(reported).isGreaterThanOrEqualTo(applied * 0.9999f);
            return applied;
        }
    }

    private static double lossAt(ModelConfig config, Map<String, float[]> weights, String variable, int index,
            double shift, float[][] x, float[][] labels) {
        Map<String, float[]> moved = new java.util.HashMap<>(weights);
        float[] values = weights.get(variable).clone();
        values[index] += (float) shift;
        moved.put(variable, values);
        ForwardPass forward = new ForwardPass(moved, config, InputLayout.ofNumbers(FEATURES));
        float[] positiveWeight = weights.get(MlpGraph.POSITIVE_WEIGHT);
        double loss = 0;
        for (int h = 0; h < 2; h++) {
            double sum = 0;
            int known = 0;
            for (int i = 0; i < x.length; i++) {
                if (!Float.isNaN(labels[i][h])) {
                    double p = forward.probabilities(x[i])[h];
                    sum -= labels[i][h] > 0.5 ? positiveWeight[h] * Math.log(p) : Math.log(1 - p);
                    known++;
                }
            }
            loss += known == 0 ? 0 : sum / known;
        }
        return loss;
    }

    private static void assertSameAsForwardPass(ModelConfig config, int rows) {
        Random random = new Random(42);
        try (MlpSession session = session(config)) {
            for (String name : session.variables()) {
                if (!name.contains("adam")) {
                    float[] values = session.read(name);
                    for (int i = 0; i < values.length; i++) {
                        values[i] = name.endsWith("variance")
                                ? random.nextFloat() * 9
                                : values[i] + (float) random.nextGaussian() * 0.2f;
                    }
                    session.write(name, values);
                }
            }
            ForwardPass forward = new ForwardPass(session.readAll(), config, InputLayout.ofNumbers(FEATURES));
            float[][] x = vectors(random, rows);
            x[0][1] = Float.POSITIVE_INFINITY;
            x[0][2] = -1e30f;
            java.util.Arrays.fill(x[rows - 1], 3, FEATURES, Float.NaN);
            try (TFloat32 input = FloatTensor.matrix(flat(x), rows, FEATURES);
                    Result result = session.session().runner().feed(MlpGraph.FEATURES, input)
                            .fetch(MlpGraph.PROBABILITIES).fetch(MlpGraph.EMBEDDING).run()) {
                float[][] probabilities = FloatTensor.rows(result.get(0));
                float[][] embeddings = FloatTensor.rows(result.get(1));
                for (int i = 0; i < rows; i++) {
                    assertThat(toDoubles(probabilities[i])).containsExactly(forward.probabilities(x[i]), within(1e-5));
                    double[] expected = forward.embedding(x[i]);
                    for (int j = 0; j < expected.length; j++) {
                        assertThat((double) embeddings[i][j])
                                .isCloseTo(expected[j], within(1e-5 * Math.max(1, Math.abs(expected[j]))));
                    }
                }
            }
        }
    }

    private static ModelConfig model(List<Integer> hidden, Activation activation, boolean indicator, Training training) {
        return new ModelConfig(hidden, activation, indicator, 10, List.of(new Head("purchase_24h"), new Head("fraud")), training);
    }

    private static ModelConfig withSeed(long seed) {
        return model(List.of(16), Activation.RELU, true, new Training(0.01, 8, 1, 1, 0, 0, 1, seed));
    }

    private static Training training(double learningRate, double l2, double dropout, double clip) {
        return new Training(learningRate, 8, 1, 1, l2, dropout, clip, 11);
    }

    private static MlpSession session(ModelConfig config) {
        return MlpSession.initialise(new MlpGraph(FEATURES, config), SessionThreads.SINGLE);
    }

    private static float[][] vectors(Random random, int rows) {
        float[][] x = new float[rows][FEATURES];
        for (float[] row : x) {
            for (int f = 0; f < FEATURES; f++) {
                row[f] = random.nextInt(5) == 0 ? Float.NaN : (float) random.nextGaussian() * 2;
            }
        }
        return x;
    }

    private static float[][] labels(Random random, int rows) {
        float[][] labels = new float[rows][2];
        for (float[] row : labels) {
            for (int h = 0; h < 2; h++) {
                row[h] = random.nextInt(4) == 0 ? Float.NaN : random.nextInt(2);
            }
        }
        return labels;
    }

    /** Both heads of a row weigh the same. */
    private static float[][] weights(float... ofRows) {
        float[][] weights = new float[ofRows.length][];
        java.util.Arrays.setAll(weights, i -> new float[] {ofRows[i], ofRows[i]});
        return weights;
    }

    private static float[][] unknown(int rows) {
        float[][] labels = new float[rows][2];
        for (float[] row : labels) {
            java.util.Arrays.fill(row, Float.NaN);
        }
        return labels;
    }

    private static float[] flat(float[][] x) {
        float[] flat = new float[x.length * FEATURES];
        for (int i = 0; i < x.length; i++) {
            System.arraycopy(x[i], 0, flat, i * FEATURES, FEATURES);
        }
        return flat;
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        java.util.Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }
}
