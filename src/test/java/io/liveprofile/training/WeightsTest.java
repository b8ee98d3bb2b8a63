package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 100_000})
    void anyNumberOfThemComesBack(int size) throws Exception {
        float[] values = new float[size];
        Random random = new Random(size);
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        assertThat(Weights.read(new DataInputStream(new ByteArrayInputStream(written(values))))).isEqualTo(values);
    }

    @Test
    void theFormIsALengthAndBigEndianNumbers() throws Exception {
        assertThat(written(new float[] {1.5f, -2})).isEqualTo(ByteBuffer.allocate(12).putInt(2).putFloat(1.5f).putFloat(-2).array());
    }

    private static byte[] written(float[] values) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Weights.write(values, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
