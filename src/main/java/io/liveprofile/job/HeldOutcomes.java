package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * Outcomes that came before the time at which they became known, as a mapping may say of history. None may count for events
 * that happened before that time, so each waits until event time has come to it.
 *
 * <p>Bounded: no more than {@value #MOST} of a user wait. Whoever waits stays, so that nobody's flood takes what came before it.
 */
final class HeldOutcomes {
    static final int MOST = 10_000;

    /** Key: user pseudonym. Outcomes by the time at which they became known; cleared when it has come. */
    private final MapState<Long, List<IngestedRecord>> held;

    /** Key: user pseudonym. How many wait, those left out that did in a state without it; cleared when none does. */
    private final ValueState<Integer> waiting;

    HeldOutcomes(KeyedStateStore store) {
        held = store.getMapState(new MapStateDescriptor<>(
                "held-outcomes", Types.LONG, Types.LIST(IngestedRecordTypeInfo.INSTANCE)));
        waiting = store.getState(new ValueStateDescriptor<>("held-outcomes-count", Types.INT));
    }

    /** Holds an outcome of the current key until its time. False = so many wait already, and it does not. */
    boolean hold(IngestedRecord outcome, InternalTimerService<VoidNamespace> timers) throws Exception {
        Integer before = waiting.value();
        if (before != null && before >= MOST) {
            return false;
        }
        waiting.update(before == null ? 1 : before + 1);
        long time = outcome.getEvent().getEventTime();
        List<IngestedRecord> others = held.get(time);
        List<IngestedRecord> all = others == null ? new ArrayList<>(1) : new ArrayList<>(others);
        all.add(outcome);
        held.put(time, all);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
        return true;
    }

    /** Lets go of those of the current key that became known at {@code time}. */
    List<IngestedRecord> release(long time) throws Exception {
        List<IngestedRecord> outcomes = held.get(time);
        held.remove(time);
        if (outcomes == null) {
            return List.of();
        }
        Integer before = waiting.value();
        if (before == null || before <= outcomes.size()) {
            waiting.clear();
        } else {
            waiting.update(before - outcomes.size());
        }
        return outcomes;
    }
}
