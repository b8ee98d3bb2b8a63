package io.liveprofile.job;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.Pseudonymizer;
import io.liveprofile.metrics.Ledger;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends on all records, and looks at what the job goes on from. Ends it where another key has made the pseudonyms of the state: to
 * it every user would be a new one, and nobody would notice. Tells where the state is so old that the brokers may have taken back
 * what waited for its commit. State: fingerprint and time of a checkpoint, of the first subtask.
 */
final class RestoredStateFunction extends ProcessFunction<IngestedRecord, IngestedRecord> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RestoredStateFunction.class);

    private final String fingerprint;
    private final Duration commitWithin;

    private transient ListState<String> fingerprints;
    /** Milliseconds since 1970. */
    private transient ListState<Long> takenAt;
    private transient long secondsLate;

    /**
     * @param fingerprint {@link Pseudonymizer#fingerprint()} of the key that the records are decoded with
     * @param commitWithin time behind a checkpoint after which the brokers may have taken back what it is to commit; null = nothing
     *     waits for commits
     */
    RestoredStateFunction(String fingerprint, Duration commitWithin) {
        this.fingerprint = fingerprint;
        this.commitWithin = commitWithin;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        fingerprints = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("key-fingerprint", Types.STRING));
        takenAt = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("taken-at", Types.LONG));
        for (String each : fingerprints.get()) {
            requireSame(each);
        }
        for (long each : takenAt.get()) {
            secondsLate = Math.max(secondsLate, secondsLate(System.currentTimeMillis() - each));
        }
        if (secondsLate > 0) {
            LOG.warn("The state is {} s older than transactions wait for their commit: what was not committed by then is not in the"
                    + " topics", secondsLate);
        }
        getRuntimeContext().getMetricGroup().addGroup(Ledger.GROUP)
                .<Long, Gauge<Long>>gauge(Counts.RESTORED_LATE, () -> secondsLate);
    }

    /** How much older the state is than transactions wait; 0 = it is not. For tests. */
    long secondsLate() {
        return secondsLate;
    }

    private void requireSame(String known) {
        if (!known.equals(fingerprint)) {
            throw new SuppressRestartsException(new ConfigException(Options.KEY_FILE.key() + ": is another key than the one of this"
                    + " state's pseudonyms, so every user would be a new one. Submit the job with the key of then, or without the"
                    + " state"));
        }
    }

    private long secondsLate(long ageMillis) {
        return commitWithin == null ? 0 : (ageMillis - commitWithin.toMillis()) / 1_000;
    }

    @Override
    public void processElement(IngestedRecord record, Context context, Collector<IngestedRecord> out) {
        out.collect(record);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        boolean isFirst = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
        fingerprints.update(isFirst ? List.of(fingerprint) : List.of());
        takenAt.update(isFirst ? List.of(System.currentTimeMillis()) : List.of());
    }
}
