package io.liveprofile.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriftTest {
    private static final double DELTA = 0.002;

    /** Theorem 3.1 (1): a check of a stream whose mean stays cuts with a chance of at most δ. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.2, 0.5})
    void adwinKeepsAWindowWhoseMeanStays(double mean) {
        int alarms = 0;
        for (int seed = 0; seed < 10; seed++) {
            Adwin adwin = new Adwin(DELTA);
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 20_000; i++) {
                alarms += adwin.add(random.nextDouble() < mean ? 1 : 0) ? 1 : 0;
            }
        }
        assertThat(alarms).isLessThanOrEqualTo((int) (10 * 20_000 / Adwin.CHECK_EVERY * DELTA));
    }

    /**
     * Theorem 3.1 (2): it cuts when the means differ by 2 ε. With 10,000 numbers before, a rise from 0.2 by 0.4, 0.2 or 0.1
     * does so after 130, 432 and 1,720 of them (equation 3.1 solved for n1), a check later at most.
     */
    @ParameterizedTest
    @CsvSource({"0.6, 130", "0.4, 432", "0.3, 1720"})
    void adwinDropsWhatLiesBeforeARise(double after, int delay) {
        for (int seed = 0; seed < 20; seed++) {
            Adwin adwin = new Adwin(DELTA);
            SplittableRandom random = new SplittableRandom(seed);
            feed(adwin, random, 0.2, 10_000);

            assertThat(feed(adwin, random, after, delay + Adwin.CHECK_EVERY)).as("seed " + seed).isPositive();
            feed(adwin, random, after, 2_000);
            assertThat(adwin.mean()).isCloseTo(after, within(0.06));
        }
    }

    /** Section 4.1 of the paper: under a slow change the window keeps to its newer part. */
    @Test
    void adwinFollowsASlowChange() {
        Adwin adwin = new Adwin(DELTA);
        SplittableRandom random = new SplittableRandom(1);
        DoubleUnaryOperator mean = i -> i < 10_000 ? 0.2 : Math.min(0.8, 0.2 + (i - 10_000) / 20_000);
        for (int i = 0; i < 22_000; i++) {
            adwin.add(random.nextDouble() < mean.applyAsDouble(i) ? 1 : 0);
        }
        assertThat(adwin.mean()).isCloseTo(0.8, within(0.1));
        assertThat(adwin.size()).isLessThan(6_000);
    }

    @Test
    void adwinsWindowIsTheMeanOfItsNumbers() {
        Adwin adwin = new Adwin(1e-12);
        double[] values = new SplittableRandom(3).doubles(5_000).toArray();
        for (double value : values) {
            adwin.add(value);
        }
        assertThat(adwin.size()).isEqualTo(5_000);
        assertThat(adwin.mean()).isCloseTo(IntStream.range(0, 5_000).mapToDouble(i -> values[i]).average().orElseThrow(),
                within(1e-12));
    }

    /** The sum rises by (rise − tolerance) a number at first, so the alarm comes after about threshold / (rise − tolerance). */
    @ParameterizedTest
    @CsvSource({"0.2, 70, 130", "0.5, 25, 45"})
    void pageHinkleyTellsOfARiseAfterTheThresholdsWorth(double rise, int earliest, int latest) {
        SplittableRandom random = new SplittableRandom(5);
        PageHinkley detector = new PageHinkley(0.05, 15, 30);
        for (int i = 0; i < 5_000; i++) {
            assertThat(detector.add(0.3 + 0.1 * random.nextDouble())).isFalse();
        }
        int delay = 1;
        while (!detector.add(0.3 + rise + 0.1 * random.nextDouble())) {
            delay++;
        }
        assertThat(delay).isBetween(earliest, latest);
    }

    @Test
    void pageHinkleyIsSilentOnAFall() {
        PageHinkley detector = new PageHinkley(0.05, 15, 30);
        for (int i = 0; i < 2_000; i++) {
            assertThat(detector.add(i < 1_000 ? 1 : 0)).isFalse();
        }
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new Adwin(DELTA).add(1.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Adwin(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PageHinkley(0, 1, 1).add(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PageHinkley(0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int feed(Adwin adwin, SplittableRandom random, double mean, int count) {
        int alarms = 0;
        for (int i = 0; i < count; i++) {
            alarms += adwin.add(random.nextDouble() < mean ? 1 : 0) ? 1 : 0;
        }
        return alarms;
    }
}
