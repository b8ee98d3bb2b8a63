package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final float UNKNOWN = Float.NaN;

    @Test
    void knownValues() {
        // Scores and results of scikit-learn's documentation of average_precision_score and roc_auc_score.
        float[] scores = {0.1f, 0.4f, 0.35f, 0.8f};
        float[] labels = {0, 0, 1, 1};
        assertThat(Metrics.rocAuc(scores, labels)).isEqualTo(0.75);
        assertThat(Metrics.averagePrecision(scores, labels)).isCloseTo(0.8333, within(1e-4));
        assertThat(Metrics.logLoss(new float[] {0.5f, 0.25f}, new float[] {1, 0}))
                .isCloseTo((Math.log(2) - Math.log(0.75)) / 2, within(1e-9));
        assertThat(Metrics.brier(new float[] {0.5f, 0.25f}, new float[] {1, 0})).isCloseTo(0.15625, within(1e-9));
    }

    @Test
    void agreesWithTheDefinitionsOnRowsWithTiesAndUnknownLabels() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            int rows = 2 + random.nextInt(60);
            int distinct = 1 + random.nextInt(20);
            float[] scores = new float[rows];
            float[] labels = new float[rows];
            int[] weights = new int[rows];
            for (int i = 0; i < rows; i++) {
                scores[i] = (random.nextInt(distinct) - distinct / 2) / (float) distinct; // negative ones and zero too
                labels[i] = random.nextInt(6) == 0 ? UNKNOWN : random.nextInt(2);
                weights[i] = random.nextInt(3);
            }
            assertThat(Metrics.rocAuc(scores, labels)).isCloseTo(naiveRocAuc(scores, labels, null), within(1e-12));
            assertThat(Metrics.averagePrecision(scores, labels))
                    .isCloseTo(naiveAveragePrecision(scores, labels, null), within(1e-12));
            Ranking ranking = new Ranking(scores, labels);
            assertThat(ranking.rocAuc(weights)).isCloseTo(naiveRocAuc(scores, labels, weights), within(1e-12));
            assertThat(ranking.averagePrecision(weights))
                    .isCloseTo(naiveAveragePrecision(scores, labels, weights), within(1e-12));
        }
    }

    @Test
    void calibrationErrorIsTheGapBetweenWhatWasSaidAndWhatCame() {
        // Two bins: 0.1 said of four of which one came, 0.9 said of two that both came.
        float[] said = {0.1f, 0.1f, 0.1f, 0.1f, 0.9f, 0.9f, 0.5f};
        float[] came = {0, 0, 0, 1, 1, 1, UNKNOWN};

        assertThat(Metrics.calibrationError(said, came)).isCloseTo((4 * 0.15 + 2 * 0.1) / 6, within(1e-6));
        assertThat(Metrics.calibrationError(new float[] {1}, new float[] {1})).isZero();
    }

    @Test
    void callsCountWhatIsSaidToBePositive() {
        Metrics.Calls calls =
                Metrics.calls(new float[] {0.9f, 0.5f, 0.6f, 0.1f, 0.2f, 0.9f}, new float[] {1, 1, 0, 0, 1, UNKNOWN}, 0.5);

        assertThat(calls.precision()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(calls.recall()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(calls.f1()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(calls.accuracy()).isCloseTo(3 / 5.0, within(1e-12));
    }

    @Test
    void isNaNWhereThereIsNothingToMeasure() {
        assertThat(Metrics.calibrationError(new float[] {0.2f}, new float[] {UNKNOWN})).isNaN();
        assertThat(Metrics.calls(new float[] {0.2f}, new float[] {0}, 0.5).precision()).isNaN();
        float[] scores = {0.2f, 0.7f};
        assertThat(Metrics.rocAuc(scores, new float[] {1, 1})).isNaN();
        assertThat(Metrics.rocAuc(scores, new float[] {0, UNKNOWN})).isNaN();
        assertThat(Metrics.averagePrecision(scores, new float[] {0, 0})).isNaN();
        assertThat(Metrics.logLoss(scores, new float[] {UNKNOWN, UNKNOWN})).isNaN();
        assertThat(Metrics.brier(scores, new float[] {UNKNOWN, UNKNOWN})).isNaN();
    }

    @Test
    void plusAndMinusZeroAreOneScoreAndAMissingScoreIsAnError() {
        assertThat(Metrics.rocAuc(new float[] {0f, -0f}, new float[] {1, 0})).isEqualTo(0.5);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Metrics.rocAuc(new float[] {0.5f, Float.NaN}, new float[] {1, 0}))
                .withMessage("Row 1 has no score");
    }

    @Test
    void aWrongCertaintyCostsMuchButNotInfinity() {
        assertThat(Metrics.logLoss(new float[] {0}, new float[] {1})).isCloseTo(-Math.log(1e-7), within(1e-9));
    }

    /** Share of positive-negative pairs in the right order, a tie counting half. */
    private static double naiveRocAuc(float[] scores, float[] labels, int[] weights) {
        double right = 0;
        double pairs = 0;
        for (int p = 0; p < scores.length; p++) {
            for (int n = 0; n < scores.length; n++) {
                if (labels[p] == 1 && labels[n] == 0) {
                    double weight = weight(weights, p) * weight(weights, n);
                    pairs += weight;
                    right += weight * (scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0);
                }
            }
        }
        return right / pairs;
    }

    /** Mean over positives of the precision at the positive's own threshold. */
    private static double naiveAveragePrecision(float[] scores, float[] labels, int[] weights) {
        double sum = 0;
        double positives = 0;
        for (int p = 0; p < scores.length; p++) {
            if (labels[p] != 1 || weight(weights, p) == 0) {
                continue;
            }
            double found = 0;
            double all = 0;
            for (int i = 0; i < scores.length; i++) {
                if (!Float.isNaN(labels[i]) && scores[i] >= scores[p]) {
                    all += weight(weights, i);
                    found += labels[i] * weight(weights, i);
                }
            }
            sum += weight(weights, p) * found / all;
            positives += weight(weights, p);
        }
        return sum / positives;
    }

    private static double weight(int[] weights, int row) {
        return weights == null ? 1 : weights[row];
    }
}
