package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.metrics.DropReasons;
import io.liveprofile.metrics.Ledger;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Sends on the outcomes that could be read; dead letters leave aside. */
final class OutcomeSplitFunction extends ProcessFunction<IngestedRecord, IngestedRecord> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private transient Ledger ledger;
    private transient DropReasons reasons;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ledger = Ledger.open(
                getRuntimeContext().getMetricGroup(),
                context.getOperatorStateStore(),
                Counts.OUTCOMES_READ,
                Counts.OUTCOME_DEAD_LETTERS);
    }

    @Override
    public void open(OpenContext context) {
        reasons = new DropReasons(getRuntimeContext().getMetricGroup(), Counts.OUTCOME_DEAD_LETTERS, Counts.DROPPED);
    }

    @Override
    public void processElement(IngestedRecord record, Context context, Collector<IngestedRecord> out) {
        ledger.of(Counts.OUTCOMES_READ).inc();
        if (record.getEvent() != null) {
            out.collect(record);
        } else {
            ledger.of(Counts.OUTCOME_DEAD_LETTERS).inc();
            reasons.count(record.getDeadLetter().getReason());
            context.output(RecordSplitFunction.DEAD_LETTERS, record.getDeadLetter());
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.snapshot();
    }
}
