package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.model.InputLayout;
import io.liveprofile.training.InputDrift.Aspect;
import io.liveprofile.training.InputDrift.Change;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
        Set<Change> drifted = new HashSet<>();
        for (int i = 0; i < BATCHES; i++) {
            drifted.addAll(drift.add(batch(7)));
        }
        assertThat(drifted).containsExactly(new Change(7, Aspect.MEAN));
    }

    @Test
    void tellsOfAnInputThatVanishesAndOfOneThatAppears() {
        InputDrift drift = new InputDrift(InputLayout.ofNumbers(2));
        assertThat(changes(drift, 500, () -> new float[] {gaussian(), Float.NaN})).isEmpty();
        assertThat(changes(drift, 500, () -> new float[] {Float.NaN, gaussian()})).containsExactlyInAnyOrder(
                new Change(0, Aspect.MISSING_SHARE), new Change(1, Aspect.MISSING_SHARE));
    }

    /** Its first batches with values are the reference. */
    @Test
    void anInputThatAppearsLateIsWatchedFromThenOn() {
        InputDrift drift = new InputDrift(InputLayout.ofNumbers(1));
        changes(drift, 500, () -> new float[] {Float.NaN});
        assertThat(changes(drift, 500, () -> new float[] {gaussian()})).doesNotContain(new Change(0, Aspect.MEAN));
        assertThat(changes(drift, 500, () -> new float[] {gaussian() + 1})).containsExactly(new Change(0, Aspect.MEAN));
    }

    /** Format of before: batches; by input its detector, and number, sum and sum of squares of the values of the reference. */
    @Test
    void readsStateOfAVersionThatWatchedMeansAlone() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(500);
        for (double count : new double[] {640, 0}) { // the second was never there
            new Adwin(0.001).write(out);
            out.writeDouble(count);
            out.writeDouble(0);
            out.writeDouble(count);
        }
        InputDrift drift = new InputDrift(InputLayout.ofNumbers(2));
        drift.readWithoutMissingShares(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));

        assertThat(changes(drift, 500, () -> new float[] {gaussian(), gaussian()})).isEmpty();
        assertThat(changes(drift, 500, () -> new float[] {gaussian() + 1, gaussian() + 1})).containsExactlyInAnyOrder(
                new Change(0, Aspect.MEAN), new Change(1, Aspect.MEAN));
    }

    private static Set<Change> changes(InputDrift drift, int batches, Supplier<float[]> rows) {
        Set<Change> changes = new HashSet<>();
        for (int i = 0; i < batches; i++) {
            changes.addAll(drift.add(Stream.generate(rows).limit(32).toArray(float[][]::new)));
        }
        return changes;
    }

    private float gaussian() {
        return (float) random.nextGaussian();
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
