package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import io.liveprofile.replay.HistoryFile;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Passes on what a job reads, and fails its task once. One at a time in a JVM. */
final class TestingFailure extends ProcessFunction<IngestedRecord, IngestedRecord>
        implements CheckpointedFunction, CheckpointListener {
    private static final long serialVersionUID = 1L;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** When a task fails. */
    enum Point {
        /** Never; but the history passes slowly. */
        NEVER,
        /** On a row of the history, after a checkpoint with some of its rows is complete. */
        IN_THE_HISTORY,
        /** While a checkpoint is taken that holds the last of its rows. */
        IN_THE_LAST_CHECKPOINT_OF_THE_HISTORY,
        /** On the first record of the live stream. */
        BEHIND_THE_SWITCH
    }

    private static final AtomicInteger FAILURES = new AtomicInteger();

    private final Point point;
    private final int lastRow;

    private transient boolean isCheckpointed;
    private transient int rows;
    private transient boolean isLastRowPassed;

    private TestingFailure(Point point, int lastRow) {
        this.point = point;
        this.lastRow = lastRow;
    }

    /** @param lastRow line of a history file on which its last row lies */
    static DataStream<IngestedRecord> in(DataStream<IngestedRecord> records, Point point, int lastRow) {
        FAILURES.set(0);
        return records.process(new TestingFailure(point, lastRow))
                .returns(IngestedRecordTypeInfo.INSTANCE)
                .uid("testing-failure");
    }

    /** How often a task has failed. */
    static int failures() {
        return FAILURES.get();
    }

    @Override
    public void processElement(IngestedRecord record, Context context, Collector<IngestedRecord> out) {
        if (HistoryFile.isOrigin(record)) {
            rows++;
            isLastRowPassed = record.getOffset() == lastRow;
            if (point == Point.NEVER || point == Point.IN_THE_HISTORY && FAILURES.get() == 0) {
                LockSupport.parkNanos(PAUSE_NANOS); // so that a checkpoint comes in between
            }
            if (point == Point.IN_THE_HISTORY && isCheckpointed) {
                fail();
            }
        } else if (point == Point.BEHIND_THE_SWITCH) {
            fail();
        }
        out.collect(record);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        if (point == Point.IN_THE_LAST_CHECKPOINT_OF_THE_HISTORY && isLastRowPassed) {
            fail();
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        isCheckpointed |= rows > 0;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {}

    private static void fail() {
        if (FAILURES.compareAndSet(0, 1)) {
            throw new IllegalStateException("failed as planned");
        }
    }
}
