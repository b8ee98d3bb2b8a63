package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.replay.HistoryFile;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks from the event times of one partition; what is no event does not move them. Nor does history: its files need
 * to be in order of time for each user alone, so event time begins to pass with the live stream. An event from a clock that is
 * ahead, which ingest.max-ahead lets in, moves them to the broker's time at most: one such clock would make all others late.
 */
final class EventTimeWatermarks implements WatermarkStrategy<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    private final WatermarkStrategy<IngestedRecord> ofEvents;

    private EventTimeWatermarks(WatermarkStrategy<IngestedRecord> ofEvents) {
        this.ofEvents = ofEvents;
    }

    /**
     * Watermarks {@code disorder} behind the newest event; a partition without events for {@code idleness} holds nobody
     * back, whatever else it holds.
     */
    static WatermarkStrategy<IngestedRecord> of(Duration disorder, Duration idleness) {
        return new EventTimeWatermarks(
                WatermarkStrategy.<IngestedRecord>forBoundedOutOfOrderness(disorder).withIdleness(idleness));
    }

    @Override
    public TimestampAssigner<IngestedRecord> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return (record, brokerTime) -> record.getEvent() != null ? record.getEvent().getEventTime() : brokerTime;
    }

    @Override
    public WatermarkGenerator<IngestedRecord> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        WatermarkGenerator<IngestedRecord> generator = ofEvents.createWatermarkGenerator(context);
        return new WatermarkGenerator<>() {
            @Override
            public void onEvent(IngestedRecord record, long timestamp, WatermarkOutput output) {
                if (record.getEvent() != null && !HistoryFile.isOrigin(record)) {
                    generator.onEvent(record, Math.min(timestamp, record.getBrokerTime()), output);
                }
            }

            @Override
            public void onPeriodicEmit(WatermarkOutput output) {
                generator.onPeriodicEmit(output);
            }
        };
    }
}
