package io.liveprofile.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SignedLog1pTest {

    @Test
    void wholeNumbersGiveTheFloatOfLog1p() {
        for (int i = -3_000_000; i <= 3_000_000; i++) {
            assertSame(i);
        }
    }

    @Test
    void numbersOfEverySizeGiveTheFloatOfLog1p() {
        Random random = new Random(3);
        for (int i = 0; i < 2_000_000; i++) {
            assertSame(Double.longBitsToDouble(random.nextLong()));
            assertSame(random.nextDouble() * (1 << random.nextInt(31)));
        }
    }

    @Test
    void edgesGiveTheFloatOfLog1p() {
        for (double value : new double[] {
            0, -0.0, Double.NaN, Double.MIN_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Math.nextDown(1.0), 1,
            Math.nextUp(1.0), 1_023, 1_023.5, 1_024, Integer.MAX_VALUE, 0x1p53, Long.MAX_VALUE
        }) {
            assertSame(value);
            assertSame(-value);
        }
    }

    /** Where the float of the logarithm changes, {@link Math#log} alone cannot tell which of the two it is. */
    @Test
    void valuesBetweenTwoFloatsGiveTheFloatOfLog1p() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            float log = 0.7f + 20 * random.nextFloat();
            double between = Math.expm1(((double) log + Math.nextUp(log)) / 2);
            assertSame(Math.nextDown(between));
            assertSame(between);
            assertSame(Math.nextUp(between));
        }
    }

    private static void assertSame(double value) {
        float expected = (float) (value < 0 ? -Math.log1p(-value) : Math.log1p(value));
        if (Float.floatToRawIntBits(SignedLog1p.of(value)) != Float.floatToRawIntBits(expected)) {
            assertThat(SignedLog1p.of(value)).as("of %s", value).isEqualTo(expected);
            throw new AssertionError("Other bits for " + value);
        }
    }
}
