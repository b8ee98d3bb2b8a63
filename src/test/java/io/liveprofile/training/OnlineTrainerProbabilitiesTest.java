package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.liveprofile.event.EventType;
import io.liveprofile.model.MlpGraph;
import io.liveprofile.model.MlpSession;
import io.liveprofile.model.ModelConfig;
import io.liveprofile.model.ModelConfig.Head;
import io.liveprofile.model.Activation;
import io.liveprofile.model.SessionThreads;
import io.liveprofile.training.LabeledExample.Certainty;
import io.liveprofile.training.LabeledExample.HeadLabel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What it says against what happens, where examples are not all that happened. */
class OnlineTrainerProbabilitiesTest extends OnlineTrainerFixture {
    /** One negative in ten is kept: what is said is of all, not of those that were learned. */
    @Test
    void saysHowManyThereAreOfAllWhereAShareOfTheNegativesIsKept() {
        LabelPlan sampled = new LabelPlan(List.of(new Label("bought", new Label.EventComes(Set.of(EventType.ORDER), null),
                Duration.ofHours(1), Duration.ofHours(1), Duration.ZERO, Set.of(EventType.VIEW), 0.1)));
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config(), sampled, OnlineTrainerFixture::session, releases)) {
            Random random = new Random(3);
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < 40_000; i++) {
                float[] vector = vector(random);
                boolean isPositive = random.nextDouble() < chance(vector);
                if (isPositive || random.nextInt(10) == 0) {
                    LabeledExample example = example(vector, isPositive, Certainty.MATURED);
                    findings.addAll(trainer.take("u" + i % 900, new LabeledExample(example.prediction(),
                            List.of(new HeadLabel(0, isPositive, Certainty.MATURED, isPositive ? 1 : 0.1, time)))));
                }
            }
            assertSaysWhatHappens(trainer.learner()::calibrated, trainer);
            List<Finding.Figures> figures = ofType(findings, Finding.Figures.class);
            assertThat(figures.get(figures.size() - 1).figures().calibrationError()).as("among those that are kept").isLessThan(0.08);
        }
    }

    /** All are learned as negatives at first, and all positives come after that. Before calibration, which would hide much of it. */
    @Test
    void saysHowManyThereAreThoughNegativesAreLearnedBeforeTheyAreKnown() {
        try (OnlineTrainer trainer = new OnlineTrainer(schema(), config().with(online(0.1)), plan(Duration.ofMinutes(1)),
                OnlineTrainerFixture::session, releases)) {
            Random random = new Random(3);
            for (int i = 0; i < 20_000; i++) {
                float[] vector = vector(random);
                boolean isPositive = random.nextDouble() < chance(vector);
                LabeledExample first = example(vector, false, Certainty.EARLY_NEGATIVE);
                trainer.take("u" + i % 900, first);
                trainer.take("u" + i % 900, new LabeledExample(first.prediction(), List.of(new HeadLabel(0, isPositive,
                        isPositive ? Certainty.LATE_POSITIVE : Certainty.CONFIRMED_NEGATIVE, 1, ++time))));
            }
            assertSaysWhatHappens(OnlineTrainerProbabilitiesTest::probabilities, trainer);
        }
    }

    private static double chance(float[] vector) {
        return 1 / (1 + Math.exp(2 - 1.5 * vector[0]));
    }

    private static float[][] probabilities(float[][] logits) {
        float[][] probabilities = new float[logits.length][];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = new float[] {(float) (1 / (1 + Math.exp(-logits[i][0])))};
        }
        return probabilities;
    }

    /** On vectors that it has not seen, on average and of those that are likely. */
    private static void assertSaysWhatHappens(UnaryOperator<float[][]> probabilities, OnlineTrainer trainer) {
        Random random = new Random(77);
        double said = 0;
        double is = 0;
        double saidOfLikely = 0;
        double isOfLikely = 0;
        for (int i = 0; i < 4_000; i++) {
            float[] vector = vector(random);
            double probability = probabilities.apply(trainer.learner().logits(new float[][] {vector}))[0][0];
            said += probability;
            is += chance(vector);
            if (chance(vector) > 0.4) {
                saidOfLikely += probability;
                isOfLikely += chance(vector);
            }
        }
        assertThat(said / is).as("said of what happens").isBetween(0.85, 1.15);
        assertThat(saidOfLikely / isOfLikely).as("of the likely ones").isBetween(0.85, 1.15);
    }

    @Test
    void positivesCountAsConfigured() {
        for (double configured : new double[] {20, ModelConfig.BALANCED}) {
            ModelConfig weighed = new ModelConfig(List.of(16), Activation.RELU, true, 10,
                    List.of(new Head("bought", configured, 1)), config().training()).with(config().online());
            try (OnlineTrainer trainer = new OnlineTrainer(schema(), weighed, LABELS,
                    () -> MlpSession.initialise(new MlpGraph(FEATURES, weighed), SessionThreads.SINGLE), null)) {
                Random random = new Random(3);
                for (int i = 0; i < 4_000; i++) {
                    trainer.take("u" + i, example(vector(random), i % 5 == 0, Certainty.MATURED));
                }
                assertThat((double) trainer.learner().session().read(MlpGraph.POSITIVE_WEIGHT)[0])
                        .isCloseTo(configured == ModelConfig.BALANCED ? 4 : 20, within(0.3)); // of the judged ones
            }
        }
    }
}
