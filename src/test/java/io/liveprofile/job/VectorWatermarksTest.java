package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.EventType;
import io.liveprofile.event.Progress;
import io.liveprofile.event.ScoredFeatures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

/** Disorder 10 ms, idleness a minute. */
class VectorWatermarksTest {
    private static final Duration IDLENESS = Duration.ofMinutes(1);
    private static final long NONE = Long.MIN_VALUE;

    private final ManualClock clock = new ManualClock();
    private long watermark = NONE;
    private boolean isIdle;
    private final WatermarkOutput output = new WatermarkOutput() {
        @Override
        public void emitWatermark(Watermark emitted) {
            watermark = Math.max(watermark, emitted.getTimestamp());
            isIdle = false;
        }

        @Override
        public void markIdle() {
            isIdle = true;
        }

        @Override
        public void markActive() {
            isIdle = false;
        }
    };
    private final WatermarkGenerator<ScoredFeatures> generator =
            new VectorWatermarks(Duration.ofMillis(10), IDLENESS).createWatermarkGenerator(new Context(clock));

    @Test
    void theSlowestSubtaskThatWritesIsWaitedFor() {
        take(9_000, new Progress(5_000L, 0, 2));
        assertThat(watermark).as("of the other nothing was heard").isEqualTo(NONE);
        take(9_000, new Progress(NONE, 1, 2));
        assertThat(watermark).isEqualTo(NONE);
        take(9_000, new Progress(3_000L, 1, 2));
        assertThat(watermark).isEqualTo(3_000);
        take(20_000, new Progress(19_000L, 0, 2));
        assertThat(watermark).as("whatever the time of the vectors").isEqualTo(3_000);
        take(20_000, new Progress(8_000L, 1, 2));
        assertThat(watermark).isEqualTo(8_000);
    }

    @Test
    void whatAFailureRepeatsMovesNothingBack() {
        take(9_000, new Progress(5_000L, 0, 1));
        take(4_000, new Progress(NONE, 0, 1));
        take(4_100, new Progress(2_000L, 0, 1));
        assertThat(watermark).isEqualTo(5_000);
    }

    @Test
    void aRescaledJobIsHeardOfAnew() {
        take(9_000, new Progress(5_000L, 0, 2));
        take(9_000, new Progress(5_000L, 1, 2));
        take(9_000, new Progress(7_000L, 2, 3));
        assertThat(watermark).isEqualTo(5_000);
        take(9_000, new Progress(6_000L, 0, 3));
        take(9_000, new Progress(7_000L, 1, 3));
        assertThat(watermark).isEqualTo(6_000);
        take(9_000, new Progress(8_000L, 0, 1));
        assertThat(watermark).isEqualTo(8_000);
    }

    @Test
    void aSilentSubtaskHoldsNobodyBackAndSilentOnesMakeThePartitionIdle() {
        take(9_000, new Progress(5_000L, 0, 2));
        clock.advanceTime(IDLENESS);
        take(9_000, new Progress(6_000L, 0, 2));
        assertThat(watermark).isEqualTo(NONE);
        clock.advanceTime(Duration.ofMillis(1));
        generator.onPeriodicEmit(output);
        assertThat(watermark).isEqualTo(6_000);
        clock.advanceTime(IDLENESS);
        generator.onPeriodicEmit(output);
        assertThat(isIdle).isTrue();
        take(9_000, new Progress(6_500L, 1, 2));
        assertThat(isIdle).isFalse();
    }

    @Test
    void aVectorThatSaysNothingCountsWithItsTime() {
        take(5_000, null);
        assertThat(watermark).isEqualTo(5_000 - 10 - 1);
        take(4_000, null);
        take(9_000, new Progress(2_000L, 0, 1));
        assertThat(watermark).isEqualTo(5_000 - 10 - 1);
        take(9_000, new Progress(7_000L, 0, 1));
        assertThat(watermark).isEqualTo(7_000);
    }

    private void take(long asOf, Progress progress) {
        ScoredFeatures vector = new ScoredFeatures(
                "ann:1", "ann", "e", asOf, "hash", List.of(), Map.of(), null, asOf, EventType.VIEW, progress);
        generator.onEvent(vector, asOf, output);
        generator.onPeriodicEmit(output);
    }

    private record Context(RelativeClock clock) implements WatermarkGeneratorSupplier.Context {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public RelativeClock getInputActivityClock() {
            return clock;
        }
    }
}
