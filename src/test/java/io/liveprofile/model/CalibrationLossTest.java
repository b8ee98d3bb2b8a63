package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CalibrationLossTest {
    private static final int ROWS = 2_000;

    private final Object[] users = new Object[ROWS];
    private final float[] probabilities = new float[ROWS];
    private final float[] labels = new float[ROWS];

    @Test
    void whatIsCalibratedHasNoneOnAverageHoweverUnlikeUsersAre() {
        double sum = 0;
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < ROWS; i++) {
                users[i] = i / 20;
                boolean isFirst = i % 20 == 0;
                probabilities[i] = isFirst ? random.nextInt(1, 10) / 20f : probabilities[i - 1];
                labels[i] = isFirst ? (random.nextDouble() < probabilities[i] ? 1 : 0) : labels[i - 1]; // all of a user alike
            }
            sum += new CalibrationLoss(probabilities, labels, users).value(null);
        }
        assertThat(sum / 200).as("rows taken for independent would give 0.02").isCloseTo(0, within(0.0015));
    }

    @Test
    void isTheSquareOfWhatAllSayTooMuch() {
        for (int i = 0; i < ROWS; i++) {
            users[i] = i;
            labels[i] = i % 5 == 0 ? 1 : 0;
        }
        Arrays.fill(probabilities, 0.3f);
        assertThat(new CalibrationLoss(probabilities, labels, users).value(null)).isCloseTo(0.01, within(0.0002));
    }

    @Test
    void aUserDrawnTwiceIsNoSecondWitness() {
        Object[] two = {"ann", "ann", "bob"};
        float[] said = {0.5f, 0.5f, 0.5f};
        float[] was = {1, 1, 0};
        CalibrationLoss loss = new CalibrationLoss(said, was, two);
        assertThat(loss.value(null)).as("twice -1 times 0.5, over three rows and three rows").isEqualTo(-1.0 / 9);
        assertThat(loss.value(new int[] {2, 2, 0})).isZero();
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        float[] said = {0.5f, 0.1f};
        assertThat(new CalibrationLoss(said, new float[] {Float.NaN, Float.NaN}, new Object[] {"a", "b"}).value(null)).isNaN();
        assertThat(new CalibrationLoss(said, new float[] {Float.NaN, 0}, new Object[] {"a", "b"}).value(null)).isZero();
    }
}
