package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.job.types.IngestedRecordTypeInfo;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * Outcomes that came before the time at which they became known, as a mapping may say of history. None may count for events
 * that happened before that time, so each waits until event time has come to it.
 */
final class HeldOutcomes {
    /** Key: user pseudonym. Outcomes by the time at which they became known; cleared when it has come. */
    private final MapState<Long, List<IngestedRecord>> held;

    HeldOutcomes(KeyedStateStore store) {
        held = store.getMapState(new MapStateDescriptor<>(
                "held-outcomes", Types.LONG, Types.LIST(IngestedRecordTypeInfo.INSTANCE)));
    }

    /** Holds an outcome of the current key until its time. */
    void hold(IngestedRecord outcome, InternalTimerService<VoidNamespace> timers) throws Exception {
        long time = outcome.getEvent().getEventTime();
        List<IngestedRecord> others = held.get(time);
        List<IngestedRecord> all = others == null ? new ArrayList<>(1) : new ArrayList<>(others);
        all.add(outcome);
        held.put(time, all);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
    }

    /** Lets go of those of the current key that became known at {@code time}. */
    List<IngestedRecord> release(long time) throws Exception {
        List<IngestedRecord> outcomes = held.get(time);
        held.remove(time);
        return outcomes == null ? List.of() : outcomes;
    }
}
