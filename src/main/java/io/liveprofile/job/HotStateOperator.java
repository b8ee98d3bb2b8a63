package io.liveprofile.job;

import io.liveprofile.metrics.Ledger;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * An operator that keeps one record of bytes a key, those of keys touched lately as objects in memory ({@link HotKeys}). It
 * writes them back before each checkpoint barrier and at the end of the input, so the state backend is complete in every
 * snapshot.
 *
 * @param <O> output
 * @param <S> state of a key
 */
abstract class HotStateOperator<O, S> extends AbstractStreamOperator<O> {
    private static final long serialVersionUID = 1L;

    private final String stateName;
    private final long hotBytes;

    /** One record a key, as {@link #write} makes it. */
    private transient ValueState<byte[]> stored;

    private final String[] counts;

    private transient HotKeys<S> hotKeys;
    /** Whether a key's state is kept as it was while it is changed. */
    private transient boolean isCareful;
    private transient boolean hasSetAside;
    private transient Ledger ledger;
    private transient Counter hits;
    private transient Counter misses;

    /**
     * @param stateName under which the records live in a savepoint
     * @param hotBytes memory for keys touched lately; 0 = a share of the heap
     * @param counts what it counts, of {@link Counts}
     */
    HotStateOperator(String stateName, long hotBytes, String... counts) {
        this.counts = Stream.concat(Stream.of(counts), Stream.of(Counts.SET_ASIDE)).toArray(String[]::new);
        this.stateName = stateName;
        this.hotBytes = hotBytes;
    }

    /** What an event-time timer does. */
    interface OnTimer {
        void accept(InternalTimer<String, VoidNamespace> timer) throws Exception;
    }

    /** The state of a key that has none yet. */
    abstract S create(String key);

    abstract S read(String key, byte[] bytes);

    abstract byte[] write(S state);

    /** Bytes of memory that a state takes, roughly. */
    abstract int memoryBytes(S state);

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        stored = context.getKeyedStateStore().getState(
                new ValueStateDescriptor<>(stateName, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        ledger = Ledger.open(getMetricGroup(), context.getOperatorStateStore(), counts);
        isCareful = context.isRestored() || getRuntimeContext().getTaskInfo().getAttemptNumber() > 0;
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup group = getMetricGroup().addGroup(Ledger.GROUP);
        hits = group.counter(Counts.HOT_HITS);
        misses = group.counter(Counts.HOT_MISSES);
        hotKeys = new HotKeys<>(hotBytes == 0 ? shareOfHeap() : hotBytes, this::memoryBytes, this::writeBack);
    }

    /** Leaves the key alone: it is set where state is touched, which a key in memory does not need. */
    @Override
    @SuppressWarnings("rawtypes")
    public final void setKeyContextElement1(StreamRecord element) {}

    @Override
    @SuppressWarnings("rawtypes")
    public final void setKeyContextElement2(StreamRecord element) {}

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        hotKeys.flush();
    }

    /** What might have failed the task before is behind this checkpoint. */
    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        isCareful = hasSetAside;
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

    final void count(String name) {
        ledger.of(name).inc();
    }

    final void count(String name, long times) {
        ledger.of(name).inc(times);
    }

    /** One of the {@link Counts}; for tests. */
    final long counted(String name) {
        return ledger.of(name).getCount();
    }

    /** The key's state, which is about to change. May set another key. */
    final S changed(String key) throws IOException {
        HotKeys.Hot<S> hot = hotKeys.find(key);
        if (hot == null) {
            setCurrentKey(key);
            byte[] bytes = stored.value();
            hot = hotKeys.put(key, bytes == null ? create(key) : read(key, bytes));
            misses.inc();
        } else {
            hits.inc();
        }
        hot.markChanged();
        return hot.state;
    }

    /**
     * Lets domain code change the state of a key that is in memory. What it throws on fails the task, as the state may be half
     * changed, and so does a state that can then not be written back; the task that is started anew keeps each state as it was
     * before, puts it back and goes on without that event or timer. So one that cannot be taken costs one restart and is no loop
     * of them, and those that can cost nothing.
     *
     * @param what place of the event, or what was due when; for the log, never what it holds
     * @return what the domain code gave; empty when it failed and the event is to be set aside: {@code state} is of no use then
     * @throws SetAsideException when the task has to start anew for that
     */
    final <R> Optional<R> change(String key, S state, Supplier<R> domain, Supplier<String> what) {
        byte[] before = isCareful ? write(state) : null;
        try {
            R given = domain.get();
            if (isCareful) {
                write(state);
            }
            return Optional.of(given);
        } catch (RuntimeException e) {
            if (before == null) {
                throw new SetAsideException(
                        "The task starts anew to set aside what it failed on: " + what.get() + ": " + place(e), e);
            }
            hotKeys.remove(key);
            hotKeys.put(key, read(key, before)).markChanged();
            hasSetAside = true;
            count(Counts.SET_ASIDE);
            LOG.warn("{} is set aside: {}", what.get(), place(e));
            return Optional.empty();
        }
    }

    /** Where it was thrown, without its message, which may quote the event. */
    static String place(RuntimeException e) {
        return e.getClass().getSimpleName() + (e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0]);
    }

    /** The key's state, which is only read: it does not come into memory, nor stay there longer. May set another key. */
    final S peek(String key) throws IOException {
        S hot = hotKeys.peek(key);
        if (hot != null) {
            return hot;
        }
        setCurrentKey(key);
        byte[] bytes = stored.value();
        return bytes == null ? create(key) : read(key, bytes);
    }

    /** Forgets the key. */
    final void forget(String key) {
        hotKeys.remove(key);
        setCurrentKey(key);
        stored.clear();
    }

    final InternalTimerService<VoidNamespace> eventTimers(String name, OnTimer onTimer) {
        return getInternalTimerService(name, VoidNamespaceSerializer.INSTANCE, new Triggerable<String, VoidNamespace>() {
            @Override
            public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
                onTimer.accept(timer);
            }

            @Override
            public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
                throw new IllegalStateException("No processing-time timer was ever set");
            }
        });
    }

    private long shareOfHeap() {
        int slots = getContainingTask().getEnvironment().getTaskManagerInfo().getConfiguration()
                .get(TaskManagerOptions.NUM_TASK_SLOTS);
        return Runtime.getRuntime().maxMemory() / Options.HOT_USERS_HEAP_SHARE / slots;
    }

    private void writeBack(String key, S state) {
        byte[] bytes;
        try {
            bytes = write(state);
        } catch (RuntimeException e) {
            throw new SetAsideException("The task starts anew to set aside what made a state of '" + stateName
                    + "' that cannot be written: " + place(e), e);
        }
        try {
            setCurrentKey(key);
            stored.update(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("State '" + stateName + "' cannot be written", e);
        }
    }
}
