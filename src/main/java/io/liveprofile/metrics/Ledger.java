package io.liveprofile.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;

/**
 * Counts where an operator's records end, as metrics that survive a restart: the counts are operator state, so after a
 * failure they stand where the checkpoint stood, like everything else, and the sums over subtasks always add up.
 */
public final class Ledger {
    /** Metric group of everything that is counted or measured. */
    public static final String GROUP = "liveprofile";

    private final Map<String, Counter> counters = new LinkedHashMap<>();
    /** Operator state, one entry a subtask and count; bounded by the number of names. Never cleared. */
    private final Map<String, ListState<Long>> states = new LinkedHashMap<>();

    private Ledger() {}

    /**
     * Counts that go on where the restored state ends, registered in the group {@link #GROUP} of {@code group}. Subtasks that
     * are gone after a rescale leave their counts to those that stay.
     *
     * @param names of the metrics, never renamed: the state is kept under them
     */
    public static Ledger open(MetricGroup group, OperatorStateStore store, String... names) throws Exception {
        Ledger ledger = new Ledger();
        for (String name : names) {
            ListState<Long> state = store.getListState(new ListStateDescriptor<>("count-" + name, Types.LONG));
            Counter counter = new SimpleCounter();
            for (Long restored : state.get()) {
                counter.inc(restored);
            }
            ledger.states.put(name, state);
            ledger.counters.put(name, group.addGroup(GROUP).counter(name, counter));
        }
        return ledger;
    }

    /** The counter of one of the names. */
    public Counter of(String name) {
        return counters.get(name);
    }

    /** To be called in each snapshot of the operator. */
    public void snapshot() throws Exception {
        for (Map.Entry<String, ListState<Long>> state : states.entrySet()) {
            state.getValue().clear();
            state.getValue().add(counters.get(state.getKey()).getCount());
        }
    }
}
