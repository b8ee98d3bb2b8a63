package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * In the place of the source of outcomes where no aggregate counts them. Forgets how far the readers of one had come, as what its
 * enumerator had given to them is forgotten, too: a source that takes the place again gives all partitions to readers, and those
 * must not have them already. It begins at the committed offsets, else with the oldest; what users learned before is told by id.
 */
final class NoOutcomesFunction extends ProcessFunction<IngestedRecord, IngestedRecord> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    /** Under which Flink keeps the splits of a source's reader. */
    private static ListStateDescriptor<byte[]> splitsDescriptor() {
        return new ListStateDescriptor<>("SourceReaderState", BytePrimitiveArraySerializer.INSTANCE);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        context.getOperatorStateStore().getListState(splitsDescriptor()).clear();
    }

    @Override
    public void processElement(IngestedRecord record, Context context, Collector<IngestedRecord> out) {
        throw new IllegalStateException("No outcome is asked for");
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {}
}
