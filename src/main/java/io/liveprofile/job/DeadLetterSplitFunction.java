package io.liveprofile.job;

import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Sends on the records that became events; the others leave as dead letters. */
final class DeadLetterSplitFunction extends ProcessFunction<IngestedRecord, IngestedRecord> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class));

    private transient Ledger ledger;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ledger = Ledger.open(
                getRuntimeContext().getMetricGroup(), context.getOperatorStateStore(), Counts.READ, Counts.DEAD_LETTERS);
    }

    @Override
    public void processElement(IngestedRecord record, Context context, Collector<IngestedRecord> out) {
        ledger.of(Counts.READ).inc();
        if (record.getEvent() != null) {
            out.collect(record);
        } else {
            ledger.of(Counts.DEAD_LETTERS).inc();
            context.output(DEAD_LETTERS, record.getDeadLetter());
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.snapshot();
    }
}
