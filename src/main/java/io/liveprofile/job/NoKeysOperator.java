package io.liveprofile.job;

import io.liveprofile.feature.UserUpdate;
import io.liveprofile.metrics.Ledger;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * In the place of {@link AttachKeyedNumbersOperator} where no aggregate has a key: keeps its counts and lets each update pass.
 */
final class NoKeysOperator extends AbstractStreamOperator<UserUpdate> implements OneInputStreamOperator<UserUpdate, UserUpdate> {
    private static final long serialVersionUID = 1L;

    private transient Ledger ledger;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ledger = Ledger.open(getMetricGroup(), context.getOperatorStateStore(), Counts.FAILED_EXPRESSIONS);
    }

    @Override
    public void processElement(StreamRecord<UserUpdate> element) {
        output.collect(element);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        ledger.snapshot();
    }
}
