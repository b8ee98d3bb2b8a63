package io.liveprofile.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PlattCalibrationTest {
    @Test
    void findsHowTheLogitsWereStretched() {
        Random random = new Random(1);
        float[] logits = new float[200_000];
        float[] labels = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            double truth = random.nextGaussian() - 2;
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-truth)) ? 1 : 0;
            logits[i] = (float) ((truth - 0.7) / 0.4); // truth = 0.4 · logit + 0.7
        }
        PlattCalibration fitted = PlattCalibration.fit(logits, labels, 30).orElseThrow();
        assertThat(fitted.scale()).isCloseTo(0.4, within(0.01));
        assertThat(fitted.shift()).isCloseTo(0.7, within(0.03));
        assertThat(fitted.probability(0)).isCloseTo(1 / (1 + Math.exp(-fitted.shift())), within(1e-12));
    }

    @Test
    void leavesThingsAloneWhereItCannotTell() {
        float[] logits = {-1, 0, 1, 2};
        assertThat(PlattCalibration.fit(logits, new float[] {0, 0, 0, 1}, 2)).as("one positive").isEmpty();
        assertThat(PlattCalibration.fit(logits, new float[] {1, 1, 0, 0}, 2)).as("the wrong way round").isEmpty();
        assertThat(PlattCalibration.fit(logits, new float[] {Float.NaN, Float.NaN, 0, 1}, 1)).as("unknown ones").isPresent();
    }
}
