package io.liveprofile.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.EventType;
import io.liveprofile.event.IngestedRecord;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.RelativeClock;
import org.apache.flink.util.clock.SystemClock;
import org.junit.jupiter.api.Test;

class EventTimeWatermarksTest {
    private static final int FILE = -1;

    private long watermark = Long.MIN_VALUE;
    private final WatermarkOutput output = new WatermarkOutput() {
        @Override
        public void emitWatermark(Watermark emitted) {
            watermark = emitted.getTimestamp();
        }

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
    };
    private final WatermarkGenerator<IngestedRecord> generator =
            EventTimeWatermarks.of(Duration.ofMillis(10), Duration.ofHours(1)).createWatermarkGenerator(new Context());

    @Test
    void eventTimePassesWithTheLiveStreamAlone() {
        take(FILE, 9_000, true);
        assertThat(watermark).isEqualTo(Long.MIN_VALUE);
        take(0, 9_000, false);
        assertThat(watermark).isEqualTo(Long.MIN_VALUE);
        take(0, 5_000, true);
        assertThat(watermark).isEqualTo(5_000 - 10 - 1);
        take(FILE, 9_000, true);
        take(3, 4_000, true);
        assertThat(watermark).isEqualTo(5_000 - 10 - 1);
    }

    /** Else a single shopper's clock would make everybody's labels late. */
    @Test
    void aClockThatIsAheadMovesEventTimeToTheBrokersAtMost() {
        take(0, 5_000, 5_000, true);
        take(0, 600_000, 5_100, true);
        assertThat(watermark).isEqualTo(5_100 - 10 - 1);
        take(0, 5_050, 5_200, true);
        assertThat(watermark).isEqualTo(5_100 - 10 - 1);
    }

    private void take(int partition, long time, boolean isEvent) {
        take(partition, time, time, isEvent);
    }

    private void take(int partition, long time, long brokerTime, boolean isEvent) {
        BehaviorEvent event = BehaviorEvent.newBuilder()
                .setEventId("e").setUserId("ann").setEventTime(time).setType(EventType.VIEW).build();
        IngestedRecord record = new IngestedRecord(
                "place", partition, 1L, brokerTime, isEvent ? event : null, null, null, isEvent ? null : "robots", 0);
        generator.onEvent(record, time, output);
        generator.onPeriodicEmit(output);
    }

    private record Context() implements org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier.Context {
        @Override
        public MetricGroup getMetricGroup() {
            return new UnregisteredMetricsGroup();
        }

        @Override
        public RelativeClock getInputActivityClock() {
            return SystemClock.getInstance();
        }
    }
}
