package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.job.ProfileJobConfig;
import io.liveprofile.model.ModelConfig.Embeddings;
import io.liveprofile.model.ModelConfig.Head;
import io.liveprofile.model.ModelConfig.Training;
import io.liveprofile.simulation.SimulationConfig;
import io.liveprofile.training.LabelPlan;
import io.liveprofile.training.SimulatedHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;

class MlpExplanationTest {
    private static final InputLayout LAYOUT = InputLayout.of(new FeatureSchema(List.of(
            new Feature("a", Transform.IDENTITY), Feature.hashed("item", "last", 0), Feature.hashed("item", "last", 1),
            new Feature("b", Transform.IDENTITY), new Feature("c", Transform.IDENTITY))));

    @ParameterizedTest
    @EnumSource(Activation.class)
    void attributionsSumUpToTheLogitLessThatOfTheAverageUser(Activation activation) {
        Random random = new Random(4);
        float[][] x = Stream.generate(() -> vector(random)).limit(50).toArray(float[][]::new);
        try (MlpSession session = session(activation)) {
            float[] table = session.read("embedding.item");
            for (int i = 0; i < table.length; i++) {
                table[i] = (float) random.nextGaussian();
            }
            session.write("embedding.item", table);
            session.write(MlpGraph.MEAN, new float[] {0, 0, 5});
            assertSumsUp(session, LAYOUT, x);
        }
    }

    /** Of the shipped features and layers, as `make model` has them. */
    @Test
    void theyDoWhereTheModelHasLearnedFromShoppers() {
        ProfileJobConfig job = ProfileJobConfig.of(new Configuration());
        ModelConfig model = ModelConfig.read(Path.of("flink-conf/model.yaml"));
        Examples examples = new SimulatedHistory(
                SimulationConfig.defaults().withSeed(1).withUsers(2_000).withEventsPerSecond(1), job.profiler(), job.featurePlan(),
                Duration.ofDays(1), Duration.ofDays(1), 0.2,
                LabelPlan.read(Path.of("flink-conf/labels.yaml"), model.headNames())).examples(events -> {});
        UserSplit split = UserSplit.of(examples);
        InputLayout layout = InputLayout.of(job.featurePlan().schema());
        try (MlpTrainer.Fit fit = new MlpTrainer(model, layout).fit(split.training(), split.validation())) {
            assertSumsUp(fit.session(), layout, Arrays.copyOf(split.heldOut().x(), 512));
        }
    }

    @Test
    void theyDoWhereTheModelHasLearnedTheRowsOfBags() {
        Random random = new Random(2);
        float[][] x = new float[512][];
        float[][] labels = new float[512][];
        ModelConfig config = ModelConfig.defaults("bought").with(new Embeddings(32, 4, 0.1));
        try (MlpSession session = MlpSession.initialise(new MlpGraph(LAYOUT, config), SessionThreads.SINGLE)) {
            for (int step = 0; step < 1_000; step++) {
                for (int i = 0; i < x.length; i++) {
                    x[i] = vector(random);
                    labels[i] = new float[] {x[i][1] % 3 == 0 ^ x[i][0] * x[i][4] > 2 ? 1 : 0};
                }
                session.train(new MlpSession.Batch(x, labels), 0.002f);
            }
            assertSumsUp(session, LAYOUT, x);
        }
    }

    @Test
    void whatDoesNotMatterGetsNothingAndWhatDoesItsShare() {
        // A logistic regression: each number's share is weight times distance from its mean.
        ModelConfig config = new ModelConfig(List.of(), Activation.RELU, false, 10, List.of(new Head("bought")),
                Training.defaults());
        try (MlpSession session = MlpSession.initialise(new MlpGraph(3, config), SessionThreads.SINGLE)) {
            session.write("output.kernel", new float[] {2, 0, -1});
            float[] attributed = session.explain(new float[][] {{3, 7, 0.5f}})[0][0];
            assertThat(attributed).containsExactly(new float[] {6, 0, -0.5f}, within(1e-4f));
        }
    }

    private static void assertSumsUp(MlpSession session, InputLayout layout, float[][] x) {
        float[] average = new float[layout.size()];
        Arrays.fill(average, Float.NaN);
        float[] mean = session.read(MlpGraph.MEAN);
        for (int i = 0; i < mean.length; i++) {
            average[layout.numbers()[i]] = mean[i];
        }
        float[] baseline = session.logits(new float[][] {average})[0];
        float[][] logits = session.logits(x);
        float[][][] attributions = session.explain(x);
        List<Double> off = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            for (int head = 0; head < baseline.length; head++) {
                double sum = 0;
                for (float each : attributions[i][head]) {
                    sum += each;
                }
                double expected = logits[i][head] - baseline[head];
                off.add(Math.abs(sum - expected) / Math.max(1, Math.abs(expected)));
            }
        }
        assertThat(off).as("share of the sum").allMatch(each -> each < 0.03);
        assertThat(off.stream().mapToDouble(each -> each).average().orElseThrow()).isLessThan(0.002);
    }

    private static float[] vector(Random random) {
        return new float[] {(float) random.nextGaussian() * 3, random.nextInt(100), random.nextInt(100),
            random.nextInt(4) == 0 ? Float.NaN : (float) random.nextGaussian(), 5 + (float) random.nextGaussian()};
    }

    private static MlpSession session(Activation activation) {
        ModelConfig config = new ModelConfig(List.of(12, 6), activation, true, 10, List.of(new Head("bought"), new Head("fraud")),
                Training.defaults()).with(new Embeddings(32, 4, 0.1)).withLinearPath();
        return MlpSession.initialise(new MlpGraph(LAYOUT, config), SessionThreads.SINGLE);
    }
}
