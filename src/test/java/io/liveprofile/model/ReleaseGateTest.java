package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseGateTest {
    private static final int ROWS = 4_000;
    private static final List<String> HEADS = List.of("bought", "fraud");

    private final ReleaseGate gate = new ReleaseGate(50, 1);
    private final float[][] labels = new float[ROWS][2];
    private final String[] users = new String[ROWS];
    private final double[] odds = new double[ROWS];
    private SplittableRandom random;

    @BeforeEach
    void drawRowsWhoseTrueLogOddsAreKnown() {
        random = new SplittableRandom(1);
        for (int i = 0; i < ROWS; i++) {
            odds[i] = 2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble() - 3);
            labels[i][0] = random.nextDouble() < probability(odds[i]) ? 1 : 0;
            labels[i][1] = i % 100 == 0 ? 1 : 0; // 40 positives: too few to tell
            users[i] = "u" + i / 4;
        }
    }

    @Test
    void whatKnowsMorePasses() {
        ReleaseGate.Decision decision = decide(odds -> 0.4 * odds, odds -> odds);

        assertThat(decision.isPassed()).isTrue();
        assertThat(decision.reasons()).hasSize(1);
        assertThat(decision.reasons().get(0)).startsWith("bought: log loss better by -0.");
    }

    @Test
    void whatKnowsLessDoesNot() {
        ReleaseGate.Decision decision = decide(odds -> odds, odds -> 0.4 * odds);

        assertThat(decision.isPassed()).isFalse();
        assertThat(decision.reasons()).anyMatch(reason -> reason.startsWith("bought: log loss worse by +0."));
    }

    @Test
    void whatIsMerelyDifferentDoesNot() {
        ReleaseGate.Decision decision = decide(odds -> odds, odds -> odds + 0.02 * (random.nextDouble() - 0.5));

        assertThat(decision.isPassed()).isFalse();
        assertThat(decision.reasons()).contains("better beyond chance in the log loss of no head");
    }

    @Test
    void whatRanksAsWellButSaysTooMuchDoesNot() {
        ReleaseGate.Decision decision = decide(odds -> odds, odds -> odds + 1);

        assertThat(decision.isPassed()).isFalse();
        assertThat(decision.reasons()).anyMatch(reason -> reason.startsWith("bought: calibration loss worse by +0."));
    }

    /** A constant has one bin, in which chance evens out; what has many must not seem worse for it. */
    @Test
    void whatKnowsMorePassesAgainstAConstantAsWell() {
        double share = 0;
        for (float[] row : labels) {
            share += row[0] / ROWS;
        }
        double constant = Math.log(share / (1 - share));
        int passed = 0;
        for (int seed = 0; seed < 8; seed++) {
            random = new SplittableRandom(seed);
            for (int i = 0; i < ROWS; i++) {
                labels[i][0] = random.nextDouble() < probability(odds[i]) ? 1 : 0;
            }
            passed += decide(odds -> constant, odds -> odds).isPassed() ? 1 : 0;
        }
        assertThat(passed).isEqualTo(8);
    }

    /** Twice as much of a rare head is little of all rows, and much for whoever acts on it. */
    @Test
    void whatSaysTwiceAsMuchOfARareHeadDoesNotPass() {
        for (int i = 0; i < ROWS; i++) {
            labels[i][1] = i % 66 == 0 ? 1 : 0; // 1.5 %, 61 positives
        }
        float[][] challenger = probabilities(odds -> odds);
        float[][] champion = probabilities(odds -> 0.4 * odds);
        for (int i = 0; i < ROWS; i++) {
            champion[i][1] = 0.015f;
            challenger[i][1] = 0.03f;
        }
        ReleaseGate.Decision decision = gate.decide(new Examples(new float[ROWS][], labels, users), HEADS, champion, challenger);

        assertThat(decision.isPassed()).isFalse();
        assertThat(decision.reasons()).anyMatch(reason -> reason.startsWith("fraud: calibration loss worse by +0.00"));
    }

    @Test
    void aNewcomerThatIsNoisePassesRarely() {
        int passed = 0;
        for (int seed = 0; seed < 8; seed++) {
            random = new SplittableRandom(seed);
            passed += decide(odds -> odds + 0.3 * (random.nextDouble() - 0.5), odds -> odds + 0.3 * (random.nextDouble() - 0.5))
                    .isPassed() ? 1 : 0;
        }
        assertThat(passed).isLessThanOrEqualTo(1); // 2.5 % each are expected
    }

    @Test
    void aHeadThatCannotBeJudgedMayNotMoveMuch() {
        float[][] challenger = probabilities(odds -> odds);
        for (float[] row : challenger) {
            row[1] = 0.03f; // three times what the champion says
        }
        ReleaseGate.Decision decision = gate.decide(new Examples(new float[ROWS][], labels, users), HEADS,
                probabilities(odds -> 0.4 * odds), challenger);

        assertThat(decision.isPassed()).isFalse();
        assertThat(decision.reasons()).contains(
                "fraud: too few labels to judge it, and its mean moved from 0.01000 to 0.03000");
    }

    /** Forty positives are too few to speak for a model, and enough to speak against one. */
    @Test
    void aHeadWithFewPositivesSpeaksAgainstWhatIsMuchWorseByIt() {
        float[][] champion = probabilities(odds -> 0.4 * odds);
        float[][] challenger = probabilities(odds -> odds);
        for (int i = 0; i < ROWS; i++) {
            boolean isFraud = labels[i][1] == 1;
            champion[i][1] = isFraud ? 0.5f : 0.005f;
            challenger[i][1] = isFraud ? 0.001f : 0.01f; // of the same mean, and upside down
        }
        ReleaseGate.Decision decision = gate.decide(new Examples(new float[ROWS][], labels, users), HEADS, champion, challenger);

        assertThat(decision.isPassed()).isFalse();
        assertThat(decision.reasons()).anyMatch(reason -> reason.startsWith("fraud: pr auc worse by -0.9"));
    }

    /** The mean over rows of other heads says nothing of it. */
    @Test
    void theMeanOfAHeadIsThatOfTheRowsThatHaveALabel() {
        float[][] champion = probabilities(odds -> 0.4 * odds);
        float[][] challenger = probabilities(odds -> odds);
        for (int i = 0; i < ROWS; i++) {
            boolean isKnown = i % 1_000 == 0; // four rows, all of them frauds
            labels[i][1] = isKnown ? 1 : Float.NaN;
            champion[i][1] = isKnown ? 0.9f : 0.01f;
            challenger[i][1] = isKnown ? 1e-6f : 0.01f;
        }
        ReleaseGate.Decision decision = gate.decide(new Examples(new float[ROWS][], labels, users), HEADS, champion, challenger);

        assertThat(decision.reasons()).containsExactly(
                "fraud: too few labels to judge it, and its mean moved from 0.90000 to 0.00000");
    }

    /** Chance may explain a loss of a third of the PR-AUC on few positives; whoever acts on it would not care. */
    @Test
    void muchWorseIsNotReleasedEvenWhereChanceMayExplainIt() {
        float[][] champion = probabilities(odds -> 0.4 * odds);
        float[][] challenger = probabilities(odds -> odds);
        for (int i = 0; i < ROWS; i++) {
            labels[i][1] = i % 500 == 0 ? 1 : 0; // eight
            champion[i][1] = (labels[i][1] == 1 ? 0.02f : 0.002f) + i * 1e-8f;
            challenger[i][1] = champion[i][1];
        }
        challenger[0][1] = 0.001f; // one of the eight is missed, and there are users enough without it
        ReleaseGate.Decision decision = gate.decide(new Examples(new float[ROWS][], labels, users), HEADS, champion, challenger);

        assertThat(decision.isPassed()).isFalse();
        assertThat(decision.reasons()).anyMatch(reason -> reason.startsWith("fraud: pr auc worse by -0.1"));
    }

    @Test
    void withoutEnoughPositivesNothingPasses() {
        for (float[] row : labels) {
            row[0] = 0;
        }
        ReleaseGate.Decision decision = decide(odds -> 0.4 * odds, odds -> odds);

        assertThat(decision.isPassed()).isFalse();
        assertThat(decision.reasons()).containsExactly("no head has 50 positives and as many negatives");
    }

    private ReleaseGate.Decision decide(DoubleUnaryOperator champion, DoubleUnaryOperator challenger) {
        return gate.decide(new Examples(new float[ROWS][], labels, users), HEADS, probabilities(champion),
                probabilities(challenger));
    }

    private float[][] probabilities(DoubleUnaryOperator known) {
        float[][] probabilities = new float[ROWS][2];
        for (int i = 0; i < ROWS; i++) {
            probabilities[i][0] = (float) probability(known.applyAsDouble(odds[i]));
            probabilities[i][1] = 0.01f;
        }
        return probabilities;
    }

    private static double probability(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }
}
