package io.liveprofile.job;

import io.liveprofile.config.ConfigException;
import io.liveprofile.event.IngestedRecord;
import io.liveprofile.ingest.Pseudonymizer;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Sends on all records, and ends a job that would go on from state of which another key has made the pseudonyms: to it every user
 * would be a new one, and nobody would notice. State: one fingerprint, of the first subtask.
 */
final class SameKeyFunction extends ProcessFunction<IngestedRecord, IngestedRecord> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private final String fingerprint;

    private transient ListState<String> known;

    /** @param fingerprint {@link Pseudonymizer#fingerprint()} of the key that the records are decoded with */
    SameKeyFunction(String fingerprint) {
        this.fingerprint = fingerprint;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        known = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("key-fingerprint", Types.STRING));
        for (String each : known.get()) {
            if (!each.equals(fingerprint)) {
                throw new SuppressRestartsException(new ConfigException(Options.KEY_FILE.key() + ": is another key than the one of"
                        + " this state's pseudonyms, so every user would be a new one. Submit the job with the key of then, or"
                        + " without the state"));
            }
        }
    }

    @Override
    public void processElement(IngestedRecord record, Context context, Collector<IngestedRecord> out) {
        out.collect(record);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        boolean isFirst = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
        known.update(isFirst ? List.of(fingerprint) : List.of());
    }
}
