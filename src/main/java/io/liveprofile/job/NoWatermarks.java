package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import org.apache.flink.api.common.eventtime.SerializableTimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * A stream that neither moves event time nor holds it back, as outcomes: they come when they come.
 *
 * @param <T> record
 */
final class NoWatermarks<T> implements WatermarkStrategy<T> {
    private static final long serialVersionUID = 1L;

    private final SerializableTimestampAssigner<T> times;

    NoWatermarks(SerializableTimestampAssigner<T> times) {
        this.times = times;
    }

    static NoWatermarks<IngestedRecord> ofRecords() {
        return new NoWatermarks<>(
                (record, brokerTime) -> record.getEvent() != null ? record.getEvent().getEventTime() : brokerTime);
    }

    @Override
    public TimestampAssigner<T> createTimestampAssigner(TimestampAssignerSupplier.Context context) {
        return times;
    }

    @Override
    public WatermarkGenerator<T> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
        return new WatermarkGenerator<>() {
            @Override
            public void onEvent(T record, long timestamp, WatermarkOutput output) {}

            @Override
            public void onPeriodicEmit(WatermarkOutput output) {
                output.markIdle();
            }
        };
    }
}
