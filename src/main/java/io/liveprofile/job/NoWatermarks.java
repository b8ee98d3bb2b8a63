package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** A stream that neither moves event time nor holds it back, as outcomes: they come when they come. */
final class NoWatermarks implements WatermarkStrategy<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public TimestampAssigner<IngestedRecord> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return (record, brokerTime) -> record.getEvent() != null ? record.getEvent().getEventTime() : brokerTime;
    }

    @Override
    public WatermarkGenerator<IngestedRecord> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new WatermarkGenerator<>() {
            @Override
            public void onEvent(IngestedRecord record, long timestamp, WatermarkOutput output) {}

            @Override
            public void onPeriodicEmit(WatermarkOutput output) {
                output.markIdle();
            }
        };
    }
}
