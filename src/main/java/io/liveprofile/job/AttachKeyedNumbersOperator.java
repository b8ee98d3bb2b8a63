package io.liveprofile.job;

import io.liveprofile.feature.FeaturePlan;
import io.liveprofile.feature.KeyedNumbers;
import io.liveprofile.feature.UserUpdate;
import io.liveprofile.feature.WaitingUpdates;
import io.liveprofile.metrics.Ledger;
import java.util.List;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Shell around {@link WaitingUpdates}: completes each update with what the other keys of its event say, the updates of a
 * user in order of version.
 *
 * <p>Keeps no state: the barrier of an aligned checkpoint comes behind every update on the one input and behind the answers
 * to all of them on the other, so nothing waits when it has come on both.
 */
final class AttachKeyedNumbersOperator extends AbstractStreamOperator<UserUpdate>
        implements TwoInputStreamOperator<UserUpdate, KeyedNumbers, UserUpdate> {
    private static final long serialVersionUID = 1L;

    private final ProfileJobConfig config;

    private transient FeaturePlan features;
    private transient WaitingUpdates waiting;
    private transient StreamRecord<UserUpdate> reuse;
    private transient Ledger ledger;

    AttachKeyedNumbersOperator(ProfileJobConfig config) {
        this.config = config;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        ledger = Ledger.open(getMetricGroup(), context.getOperatorStateStore(), Counts.FAILED_EXPRESSIONS);
    }

    @Override
    public void open() throws Exception {
        super.open();
        features = config.featurePlan();
        waiting = new WaitingUpdates(features.aggregates().keyed().size());
        reuse = new StreamRecord<>(null);
    }

    @Override
    public void processElement1(StreamRecord<UserUpdate> element) {
        send(waiting.add(element.getValue()));
    }

    @Override
    public void processElement2(StreamRecord<KeyedNumbers> element) {
        send(waiting.add(element.getValue()));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        if (!waiting.isEmpty()) {
            throw new IllegalStateException("Updates wait for other keys at a barrier; aggregates with a key need aligned,"
                    + " exactly-once checkpoints");
        }
        ledger.snapshot();
    }

    @Override
    public void finish() throws Exception {
        if (!waiting.isEmpty()) {
            throw new IllegalStateException("Updates wait for other keys at the end of the input");
        }
        super.finish();
    }

    private void send(List<WaitingUpdates.Answered> answered) {
        for (WaitingUpdates.Answered each : answered) {
            FeaturePlan.Completed completed = complete(each);
            ledger.of(Counts.FAILED_EXPRESSIONS).inc(completed.failedExpressions());
            output.collect(reuse.replace(completed.update(), each.update().eventTime()));
        }
    }

    /** What cannot be completed goes on as it is, without what other keys say: its user has counted the event by now. */
    private FeaturePlan.Completed complete(WaitingUpdates.Answered answered) {
        try {
            return features.complete(answered.update(), answered.numbers());
        } catch (RuntimeException e) {
            LOG.warn("An update at {} is not completed: {}", answered.update().updatedAt(), HotStateOperator.place(e));
            return new FeaturePlan.Completed(answered.update(), 1);
        }
    }
}
