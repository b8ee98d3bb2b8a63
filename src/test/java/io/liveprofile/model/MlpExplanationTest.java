package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.feature.FeatureSchema;
import io.liveprofile.feature.FeatureSchema.Feature;
import io.liveprofile.feature.FeatureSchema.Transform;
import io.liveprofile.model.ModelConfig.Embeddings;
import io.liveprofile.model.ModelConfig.Head;
import io.liveprofile.model.ModelConfig.Training;
import java.util.List;
import java.util.Random;
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
        float[][] x = new float[50][];
        for (int i = 0; i < x.length; i++) {
            x[i] = new float[] {(float) random.nextGaussian() * 3, random.nextInt(100), random.nextInt(100),
                random.nextInt(4) == 0 ? Float.NaN : (float) random.nextGaussian(), 5 + (float) random.nextGaussian()};
        }
        float[] average = {0, Float.NaN, Float.NaN, 0, 5};
        try (MlpSession session = session(activation)) {
            float[] table = session.read("embedding.item");
            for (int i = 0; i < table.length; i++) {
                table[i] = (float) random.nextGaussian();
            }
            session.write("embedding.item", table);
            session.write(MlpGraph.MEAN, new float[] {0, 0, 5});
            float[][] logits = session.logits(x);
            float[] baseline = session.logits(new float[][] {average})[0];
            float[][][] attributions = session.explain(x);
            for (int i = 0; i < x.length; i++) {
                for (int head = 0; head < 2; head++) {
                    double sum = 0;
                    for (float each : attributions[i][head]) {
                        sum += each;
                    }
                    double expected = logits[i][head] - baseline[head];
                    assertThat(sum).isCloseTo(expected, within(0.02 * Math.max(1, Math.abs(expected))));
                }
            }
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

    private static MlpSession session(Activation activation) {
        ModelConfig config = new ModelConfig(List.of(12, 6), activation, true, 10, List.of(new Head("bought"), new Head("fraud")),
                Training.defaults()).with(new Embeddings(32, 4, 0.1)).withLinearPath();
        return MlpSession.initialise(new MlpGraph(LAYOUT, config), SessionThreads.SINGLE);
    }
}
