package io.liveprofile.job;

import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.aggregate.KeyedPlan;
import io.liveprofile.aggregate.KeyedState;
import io.liveprofile.feature.KeyedEvent;
import io.liveprofile.feature.KeyedNumbers;
import io.liveprofile.metrics.Ledger;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Shell around {@link KeyedState}: counts each event for one of its other keys, such as its device, and answers with what
 * the key says now. A key that many events share is hot and costs no state access.
 */
final class KeyedAggregateOperator extends AbstractStreamOperator<KeyedNumbers>
        implements OneInputStreamOperator<KeyedEvent, KeyedNumbers>, Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1L;

    private final ProfileJobConfig config;

    /** Key: {@link KeyedEvent#partition}. One record as {@link KeyedState} writes it; cleared when its windows are empty. */
    private transient ValueState<byte[]> keys;

    private transient HotKeys<KeyedState> hotKeys;
    /** By name of the key. */
    private transient Map<String, AggregatePlan> plans;
    /** One timer a key at most: when the longest window may be empty. */
    private transient InternalTimerService<VoidNamespace> timers;
    private transient StreamRecord<KeyedNumbers> reuse;
    private transient Ledger ledger;

    KeyedAggregateOperator(ProfileJobConfig config) {
        this.config = config;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        keys = context.getKeyedStateStore().getState(
                new ValueStateDescriptor<>("keys", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        ledger = Ledger.open(
                getMetricGroup(), context.getOperatorStateStore(), Counts.KEYED, Counts.KEYS, Counts.FAILED_EXPRESSIONS);
    }

    @Override
    public void open() throws Exception {
        super.open();
        plans = config.featurePlan().aggregates().keyed().stream()
                .collect(Collectors.toMap(KeyedPlan::name, KeyedPlan::plan));
        hotKeys = new HotKeys<>(config.hotUserBytes(), KeyedState::memoryBytes, this::writeBack);
        timers = getInternalTimerService("forget-keys", VoidNamespaceSerializer.INSTANCE, this);
        reuse = new StreamRecord<>(null);
    }

    /** Leaves the key alone: it is set where state is touched, which a key in memory does not need. */
    @Override
    @SuppressWarnings("rawtypes")
    public void setKeyContextElement1(StreamRecord element) {}

    @Override
    public void processElement(StreamRecord<KeyedEvent> element) throws Exception {
        KeyedEvent keyed = element.getValue();
        HotKeys.Hot<KeyedState> hot = hot(keyed.partition());
        if (hot.state.isNew()) {
            ledger.of(Counts.KEYS).inc();
            setTimer(keyed.partition(), keyed.event().getEventTime());
        }
        hot.state.add(keyed.event());
        hot.markChanged();
        ledger.of(Counts.KEYED).inc();
        if (keyed.version() != KeyedEvent.NOBODY_WAITS) {
            output.collect(reuse.replace(
                    new KeyedNumbers(keyed.plan(), keyed.event().getUserId(), keyed.version(), hot.state.numbers()),
                    element.getTimestamp()));
        }
        ledger.of(Counts.FAILED_EXPRESSIONS).inc(hot.state.takeFailedExpressions());
        if (config.hotUserBytes() == 0) {
            hotKeys.flush();
        }
    }

    /** All windows of the key are empty, or it is asked again later. */
    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        if (planOf(timer.getKey()) == null) { // the key is no longer declared
            keys.clear();
            return;
        }
        HotKeys.Hot<KeyedState> hot = hot(timer.getKey());
        if (forgottenAt(timer.getKey(), hot.state.newestAt()) > timer.getTimestamp()) {
            setTimer(timer.getKey(), hot.state.newestAt());
        } else {
            hotKeys.remove(timer.getKey());
            setCurrentKey(timer.getKey()); // reading another key may have moved it
            keys.clear();
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("No processing-time timer was ever set");
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        hotKeys.flush();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        ledger.snapshot();
    }

    @Override
    public void finish() throws Exception {
        hotKeys.flush();
        super.finish();
    }

    private HotKeys.Hot<KeyedState> hot(String partition) throws IOException {
        HotKeys.Hot<KeyedState> hot = hotKeys.find(partition);
        if (hot != null) {
            return hot;
        }
        setCurrentKey(partition);
        byte[] stored = keys.value();
        AggregatePlan plan = planOf(partition);
        return hotKeys.put(partition, stored == null ? new KeyedState(plan) : KeyedState.fromBytes(plan, stored));
    }

    private AggregatePlan planOf(String partition) {
        return plans.get(KeyedPlan.nameIn(partition));
    }

    /** A key with a lifetime window is never forgotten. */
    private void setTimer(String partition, long newestAt) {
        if (!planOf(partition).hasLifetime()) {
            setCurrentKey(partition);
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, forgottenAt(partition, newestAt));
        }
    }

    private long forgottenAt(String partition, long newestAt) {
        return newestAt + 2 * planOf(partition).longestWindowMillis();
    }

    private void writeBack(String partition, KeyedState state) {
        try {
            setCurrentKey(partition);
            keys.update(state.toBytes());
        } catch (IOException e) {
            throw new IllegalStateException("Keyed state cannot be written", e);
        }
    }
}
