package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.model.InputLayout;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InputDriftTest {
    private static final int FEATURES = 30;
    private static final int BATCHES = 1_000;

    private final InputDrift drift = new InputDrift(InputLayout.ofNumbers(FEATURES));
    private final Random random = new Random(1);

    @Test
    void namesTheInputThatMovedAndNoOther() {
        for (int i = 0; i < BATCHES; i++) {
            assertThat(drift.add(batch(-1))).as("batch %d", i).isEmpty();
        }
        Set<Integer> drifted = new HashSet<>();
        for (int i = 0; i < BATCHES; i++) {
            drifted.addAll(drift.add(batch(7)));
        }
        assertThat(drifted).containsExactly(7);
    }

    /** One number has moved by a standard deviation; -1 = none. */
    private float[][] batch(int moved) {
        float[][] x = new float[32][FEATURES];
        for (float[] row : x) {
            for (int f = 0; f < FEATURES; f++) {
                float value = 100 * f + 10 * (float) random.nextGaussian();
                row[f] = random.nextInt(5) == 0 ? Float.NaN : value + (f == moved ? 10 : 0);
            }
        }
        return x;
    }
}
