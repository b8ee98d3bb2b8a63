package io.liveprofile.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void quantilesAreThoseOfTheSortedTimesToA64th() {
        Random random = new Random(1);
        long[] times = new long[20_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) Math.exp(random.nextDouble() * 40); // 1 ns to years
            latencies.add(times[i]);
        }
        Arrays.sort(times);
        for (double share : new double[] {1e-9, 0.1, 0.5, 0.99, 0.9999, 1}) {
            long exact = times[(int) Math.ceil(share * times.length) - 1];
            assertThat((double) latencies.quantileNanos(share)).isBetween((double) exact, exact * (1 + 1 / 64.0));
        }
        assertThat(latencies.longestNanos()).isEqualTo(times[times.length - 1]);
        assertThat(latencies.count()).isEqualTo(times.length);
    }

    @Test
    void boundsAreTheirOwnQuantile() {
        for (long time : new long[] {0, 1, 63, 64, 127, 128, 129, Long.MAX_VALUE}) {
            latencies.clear();
            latencies.add(time);
            assertThat(latencies.quantileNanos(0.5)).isEqualTo(time);
        }
        latencies.clear();
        latencies.add(-5);
        assertThat(latencies.quantileNanos(1)).isZero();
    }
}
