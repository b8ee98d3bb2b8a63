package io.liveprofile.job;

import io.liveprofile.aggregate.AggregatePlan;
import io.liveprofile.aggregate.KeyedPlan;
import io.liveprofile.aggregate.KeyedState;
import io.liveprofile.feature.KeyedEvent;
import io.liveprofile.feature.KeyedNumbers;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Shell around {@link KeyedState}: counts each event for one of its other keys, such as its device, and answers with what
 * the key says now. A key that many events share is hot and costs no state access.
 *
 * <p>State by {@link KeyedEvent#partition}: one record as {@link KeyedState} writes it; cleared when its windows
 * are empty, by the stream's time since its last event.
 */
class KeyedAggregateOperator extends HotStateOperator<KeyedNumbers, KeyedState>
        implements OneInputStreamOperator<KeyedEvent, KeyedNumbers> {
    private static final long serialVersionUID = 1L;

    private final ProfileJobConfig config;

    /** By name of the key. */
    private transient Map<String, AggregatePlan> plans;
    /** One timer a key at most: when the longest window may be empty. */
    private transient InternalTimerService<VoidNamespace> timers;
    private transient StreamRecord<KeyedNumbers> reuse;

    KeyedAggregateOperator(ProfileJobConfig config) {
        super("keys", config.hotBytes(),
                Counts.KEYED, Counts.KEYS, Counts.FAILED_EXPRESSIONS);
        this.config = config;
    }

    @Override
    public void open() throws Exception {
        super.open();
        plans = config.featurePlan().aggregates().keyed().stream()
                .collect(Collectors.toMap(KeyedPlan::name, KeyedPlan::plan));
        timers = eventTimers("forget-keys", this::forgetIfEmpty);
        reuse = new StreamRecord<>(null);
    }

    @Override
    KeyedState create(String partition) {
        return new KeyedState(planOf(partition));
    }

    @Override
    KeyedState read(String partition, byte[] bytes) {
        return KeyedState.fromBytes(planOf(partition), bytes);
    }

    @Override
    byte[] write(KeyedState state) {
        return state.toBytes();
    }

    @Override
    int memoryBytes(KeyedState state) {
        return state.memoryBytes();
    }

    @Override
    public void processElement(StreamRecord<KeyedEvent> element) throws Exception {
        KeyedEvent keyed = element.getValue();
        KeyedState state = changed(keyed.partition());
        if (state.isNew()) {
            count(Counts.KEYS);
            setTimer(keyed.partition(), Math.max(keyed.event().getEventTime(), timers.currentWatermark()));
        }
        boolean isAsked = keyed.version() != KeyedEvent.NOBODY_WAITS;
        Optional<Optional<double[]>> taken = change(keyed.partition(), state, () -> {
            state.add(keyed.event(), timers.currentWatermark());
            return isAsked ? Optional.of(numbers(state)) : Optional.empty();
        }, () -> "An event for a key of " + KeyedPlan.nameIn(keyed.partition()));
        count(Counts.KEYED, taken.isPresent() ? 1 : 0);
        if (isAsked) { // whatever became of it, its user's update waits
            double[] numbers = taken.isPresent() ? taken.get().orElseThrow() : numbersWithoutIt(keyed.partition());
            output.collect(reuse.replace(
                    new KeyedNumbers(keyed.plan(), keyed.event().getUserId(), keyed.version(), numbers), element.getTimestamp()));
        }
        count(Counts.FAILED_EXPRESSIONS, state.takeFailedExpressions());
    }

    /** What the key says without an event that was set aside; nothing where it cannot, as after a restart it could not either. */
    private double[] numbersWithoutIt(String partition) throws IOException {
        KeyedState state = changed(partition);
        try {
            return numbers(state);
        } catch (RuntimeException e) {
            count(Counts.FAILED_EXPRESSIONS);
            LOG.warn("A key of {} says nothing: {}", KeyedPlan.nameIn(partition), place(e));
            double[] nothing = new double[planOf(partition).statisticNames().size()];
            Arrays.fill(nothing, Double.NaN);
            return nothing;
        }
    }

    /** What the key says now. A test has it throw. */
    double[] numbers(KeyedState state) {
        return state.numbers();
    }

    /** All windows of the key are empty, it is asked again later, or no longer declared. */
    private void forgetIfEmpty(InternalTimer<String, VoidNamespace> timer) throws IOException {
        String partition = timer.getKey();
        if (planOf(partition) != null) {
            long touchedAt = changed(partition).touchedAt();
            if (forgottenAt(partition, touchedAt) > timer.getTimestamp()) {
                setTimer(partition, touchedAt);
                return;
            }
        }
        forget(partition);
    }

    /** Null when the key is no longer declared. */
    private AggregatePlan planOf(String partition) {
        return plans.get(KeyedPlan.nameIn(partition));
    }

    /** A key with a lifetime window is never forgotten. */
    private void setTimer(String partition, long touchedAt) {
        if (!planOf(partition).hasLifetime()) {
            setCurrentKey(partition);
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, forgottenAt(partition, touchedAt));
        }
    }

    /** Counted from where the stream was at the key's last event: what lags behind the watermark is not over yet. */
    private long forgottenAt(String partition, long touchedAt) {
        return touchedAt + 2 * planOf(partition).longestWindowMillis();
    }
}
