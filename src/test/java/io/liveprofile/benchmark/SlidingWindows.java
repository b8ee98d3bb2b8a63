package io.liveprofile.benchmark;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import java.time.Duration;
import java.util.Collection;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.OutputTag;

/**
 * The counts and sums of {@link FeatureFiles#countsAndSums()} by Flink's own sliding windows, as one would write them who
 * knows Flink: aggregated as events come, so that a window of a user is one small array in state, read and written by
 * Flink's serializer for such arrays; and timers on the heap, which costs half of what timers in RocksDB do and is possible
 * as long as users are few.
 */
final class SlidingWindows {
    static final Duration LENGTH = Duration.ofHours(1);
    static final Duration HOP = Duration.ofMinutes(1);

    private static final OutputTag<IngestedRecord> LATE = new OutputTag<>("late", IngestedRecordTypeInfo.INSTANCE);

    private SlidingWindows() {}

    static void define(DataStream<IngestedRecord> events) {
        Configuration timers = new Configuration();
        timers.setString("state.backend.rocksdb.timer-service.factory", "HEAP");
        events.getExecutionEnvironment().configure(timers);
        SingleOutputStreamOperator<long[]> windows = events
                .keyBy(record -> record.getEvent().getUserId(), Types.STRING)
                .window(new CountedWindows(LENGTH, HOP))
                .sideOutputLateData(LATE)
                .aggregate(
                        new CountsAndSums(),
                        PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO,
                        PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("benchmark-sliding-windows")
                .name("sliding windows");
        windows.sinkTo(new DiscardingSink<>()).uid("benchmark-discard");
        windows.getSideOutput(LATE).sinkTo(Processed.late()).uid("benchmark-count-late");
    }

    /** Flink's windows, which are asked once for each event, that is counted. */
    private static final class CountedWindows extends SlidingEventTimeWindows {
        private static final long serialVersionUID = 1L;

        private CountedWindows(Duration length, Duration hop) {
            super(length.toMillis(), hop.toMillis(), 0);
        }

        @Override
        public Collection<TimeWindow> assignWindows(Object element, long timestamp, WindowAssignerContext context) {
            Processed.EVENTS.increment();
            return super.assignWindows(element, timestamp, context);
        }
    }

    /** Events, views, cart adds, orders, the sum of what orders cost and the sum of what was viewed. */
    static final class CountsAndSums implements AggregateFunction<IngestedRecord, long[], long[]> {
        private static final long serialVersionUID = 1L;

        private static final int EVENTS = 0;
        private static final int VIEWS = 1;
        private static final int CART_ADDS = 2;
        private static final int ORDERS = 3;
        private static final int SPEND = 4;
        private static final int VIEWED = 5;
        private static final int CELLS = 6;

        @Override
        public long[] createAccumulator() {
            return new long[CELLS];
        }

        @Override
        public long[] add(IngestedRecord record, long[] cells) {
            BehaviorEvent event = record.getEvent();
            cells[EVENTS]++;
            switch (event.getType()) {
                case VIEW, CLICK -> {
                    cells[VIEWS]++;
                    cells[VIEWED] += event.getAmountMinor();
                }
                case CART_ADD -> cells[CART_ADDS]++;
                case ORDER -> {
                    cells[ORDERS]++;
                    cells[SPEND] += event.getAmountMinor();
                }
                default -> {}
            }
            return cells;
        }

        @Override
        public long[] getResult(long[] cells) {
            return cells;
        }

        @Override
        public long[] merge(long[] cells, long[] others) {
            for (int i = 0; i < CELLS; i++) {
                cells[i] += others[i];
            }
            return cells;
        }
    }
}
