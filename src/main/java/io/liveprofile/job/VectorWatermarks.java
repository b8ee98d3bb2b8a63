package io.liveprofile.job;

import io.liveprofile.event.Progress;
import io.liveprofile.event.ScoredFeatures;
import java.time.Duration;
import java.util.Arrays;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Watermarks of one partition of scored-features: how far every subtask of the profile job that writes to it says that it has
 * come. The vectors' own times would not do: after a failure, or when one partition of behavior-events comes late, those of some
 * users are written long before those of others.
 *
 * <p>Vectors that do not say, as those of an earlier version, count with their time less {@code disorder}, as events do. A subtask that is
 * silent for {@code idleness} holds nobody back; when all are, the partition does not.
 */
final class VectorWatermarks implements WatermarkStrategy<ScoredFeatures> {
    private static final long serialVersionUID = 1L;

    private final Duration disorder;
    private final Duration idleness;

    VectorWatermarks(Duration disorder, Duration idleness) {
        this.disorder = disorder;
        this.idleness = idleness;
    }

    @Override
    public TimestampAssigner<ScoredFeatures> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return (vector, brokerTime) -> vector.getAsOf();
    }

    @Override
    public WatermarkGenerator<ScoredFeatures> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new OfPartition(disorder.toMillis(), idleness.toNanos(), context.getInputActivityClock());
    }

    private static final class OfPartition implements WatermarkGenerator<ScoredFeatures> {
        private static final long NONE = Long.MIN_VALUE;

        private final long disorderMillis;
        private final long idleNanos;
        private final RelativeClock clock;
        /** By subtask of the newest job that was heard of. */
        private long[] watermarks = {};
        private long[] heardAtNanos = {};
        /** Of the vectors that do not say. */
        private long unsaid = NONE;
        private long unsaidAtNanos;

        OfPartition(long disorderMillis, long idleNanos, RelativeClock clock) {
            this.disorderMillis = disorderMillis;
            this.idleNanos = idleNanos;
            this.clock = clock;
            this.unsaidAtNanos = clock.relativeTimeNanos();
        }

        @Override
        public void onEvent(ScoredFeatures vector, long asOf, WatermarkOutput output) {
            Progress progress = vector.getProgress();
            if (progress == null) {
                unsaid = Math.max(unsaid, asOf - disorderMillis - 1);
                unsaidAtNanos = clock.relativeTimeNanos();
                return;
            }
            if (progress.getSubtasks() != watermarks.length) { // rescaled: whoever wrote before does so no longer
                watermarks = new long[progress.getSubtasks()];
                heardAtNanos = new long[progress.getSubtasks()];
                Arrays.fill(watermarks, NONE);
                Arrays.fill(heardAtNanos, clock.relativeTimeNanos());
            }
            int subtask = progress.getSubtask();
            watermarks[subtask] = Math.max(watermarks[subtask], progress.getWatermark());
            heardAtNanos[subtask] = clock.relativeTimeNanos();
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            long now = clock.relativeTimeNanos();
            boolean isIdle = now - unsaidAtNanos > idleNanos;
            long said = Long.MAX_VALUE;
            for (int subtask = 0; subtask < watermarks.length; subtask++) {
                if (now - heardAtNanos[subtask] <= idleNanos) {
                    said = Math.min(said, watermarks[subtask]);
                    isIdle = false;
                }
            }
            if (isIdle) {
                output.markIdle();
                return;
            }
            long reached = Math.max(unsaid, said == Long.MAX_VALUE ? NONE : said);
            if (reached != NONE) {
                output.emitWatermark(new Watermark(reached)); // an older one than before changes nothing
            }
        }
    }
}
