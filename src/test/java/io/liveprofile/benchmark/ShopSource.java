package io.liveprofile.benchmark;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.Topic;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The visits of a workload as streams that never end: of whole events, or of user ids alone. Each subtask has users of its
 * own, so that the events of one user stay in order.
 */
final class ShopSource {
    /** Sources of this JVM that fill their users; one that is ready nearly waits, so that few are drawn before all are there. */
    private static final AtomicInteger STILL_FILLING = new AtomicInteger();
    private static final long WAIT_NANOS = 1_000_000;

    private ShopSource() {}

    /** Whether a source still brings users who were not there. */
    static boolean isFilling() {
        return STILL_FILLING.get() > 0;
    }

    /** Before a job begins, as one that was closed while it filled never got ready. */
    static void begin() {
        STILL_FILLING.set(0);
    }

    static DataStream<IngestedRecord> events(StreamExecutionEnvironment env, Workload workload) {
        return env.fromSource(
                        new DataGeneratorSource<>(new Events(workload), Long.MAX_VALUE, IngestedRecordTypeInfo.INSTANCE),
                        WatermarkStrategy.<IngestedRecord>forMonotonousTimestamps()
                                .withTimestampAssigner((record, none) -> record.getEvent().getEventTime()),
                        "shop events")
                .uid("benchmark-make-events");
    }

    static DataStream<String> userIds(StreamExecutionEnvironment env, Workload workload) {
        return env.fromSource(
                        new DataGeneratorSource<>(new UserIds(workload), Long.MAX_VALUE, Types.STRING),
                        WatermarkStrategy.noWatermarks(),
                        "user ids")
                .uid("benchmark-make-user-ids");
    }

    private abstract static class Generator<T> implements GeneratorFunction<Long, T> {
        private static final long serialVersionUID = 1L;

        private final Workload workload;

        protected transient int subtask;
        protected transient int subtasks;
        protected transient Visits visits;
        private transient boolean isFilling;

        private Generator(Workload workload) {
            this.workload = workload;
        }

        @Override
        public void open(SourceReaderContext context) {
            subtask = context.getIndexOfSubtask();
            subtasks = context.currentParallelism();
            visits = new Visits(Math.max(1, workload.users() / subtasks), workload, subtask + 1);
            isFilling = true;
            STILL_FILLING.incrementAndGet();
        }

        /** Over all subtasks, from 0. */
        protected long nextUser() {
            if (isFilling && visits.isFilled()) {
                isFilling = false;
                STILL_FILLING.decrementAndGet();
            }
            if (!isFilling && STILL_FILLING.get() > 0 && Popularity.current() == null) {
                LockSupport.parkNanos(WAIT_NANOS);
            }
            visits.next(Popularity.current());
            return (long) visits.user() * subtasks + subtask;
        }
    }

    private static final class Events extends Generator<IngestedRecord> {
        private static final long serialVersionUID = 1L;

        private transient ShopEvents events;

        private Events(Workload workload) {
            super(workload);
        }

        @Override
        public void open(SourceReaderContext context) {
            super.open(context);
            events = new ShopEvents(subtask + 1);
        }

        @Override
        public IngestedRecord map(Long number) {
            long user = nextUser();
            long time = visits.timeMillis();
            return new IngestedRecord(Topic.BEHAVIOR_EVENTS.topicName(), subtask, number, time,
                    events.next(user, ShopEvents.userId(user), time), null, null, null, 0);
        }
    }

    private static final class UserIds extends Generator<String> {
        private static final long serialVersionUID = 1L;

        private UserIds(Workload workload) {
            super(workload);
        }

        @Override
        public String map(Long number) {
            return Long.toString(nextUser());
        }
    }
}
