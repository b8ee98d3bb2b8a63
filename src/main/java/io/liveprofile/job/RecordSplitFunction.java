package io.liveprofile.job;

import io.liveprofile.event.DeadLetter;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.ingest.EventSpan;
import io.liveprofile.metrics.DropReasons;
import io.liveprofile.metrics.Ledger;
import io.liveprofile.replay.HistoryFile;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Sends on the records that became events; outcomes and dead letters leave aside, skipped rows are only counted. */
final class RecordSplitFunction extends ProcessFunction<IngestedRecord, IngestedRecord> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class));
    static final OutputTag<LabeledOutcome> OUTCOMES =
            new OutputTag<>("labeled-outcomes", new AvroTypeInfo<>(LabeledOutcome.class));

    private transient Ledger ledger;
    private transient DropReasons reasons;

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ledger = Ledger.open(
                getRuntimeContext().getMetricGroup(),
                context.getOperatorStateStore(),
                Counts.READ,
                Counts.FURTHER,
                Counts.HISTORY,
                Counts.DEAD_LETTERS,
                Counts.SKIPPED,
                Counts.OUTSIDE_BACKFILL,
                Counts.OUTCOMES);
    }

    @Override
    public void open(OpenContext context) {
        reasons = new DropReasons(getRuntimeContext().getMetricGroup(), Counts.DEAD_LETTERS, Counts.DROPPED);
    }

    @Override
    public void processElement(IngestedRecord record, Context context, Collector<IngestedRecord> out) {
        ledger.of(record.getPart() == 0 ? Counts.READ : Counts.FURTHER).inc();
        if (record.getPart() == 0 && HistoryFile.isOrigin(record)) {
            ledger.of(Counts.HISTORY).inc();
        }
        if (record.getEvent() != null) {
            out.collect(record);
        } else if (record.getDeadLetter() != null) {
            ledger.of(Counts.DEAD_LETTERS).inc();
            reasons.count(record.getDeadLetter().getReason());
            context.output(DEAD_LETTERS, record.getDeadLetter());
        } else if (record.getOutcome() != null) {
            ledger.of(Counts.OUTCOMES).inc();
            context.output(OUTCOMES, record.getOutcome());
        } else if (record.getSkippedBy() != null) {
            ledger.of(record.getSkippedBy().equals(EventSpan.OUTSIDE) ? Counts.OUTSIDE_BACKFILL : Counts.SKIPPED).inc();
        } else {
            throw new IllegalStateException("A record of " + record.getTopic() + " became nothing");
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        ledger.snapshot();
    }

    /** One of the {@link Counts}; for tests. */
    long counted(String name) {
        return ledger.of(name).getCount();
    }
}
