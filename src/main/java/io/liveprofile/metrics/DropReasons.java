package io.liveprofile.metrics;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Why records end without a profile: a counter for each reason, told apart by the labels {@code end} and {@code reason}. A record
 * with several reasons counts for each. No state: counts begin with the task, where {@link Ledger} keeps the sums.
 */
public final class DropReasons {
    private final MetricGroup group;
    private final String name;
    /** Bounded by the codes, which are the code's own. */
    private final Map<String, Counter> counters = new HashMap<>();

    /**
     * @param group of the operator
     * @param end where the records end, such as {@code dead-letters}
     * @param name of the metric
     */
    public DropReasons(MetricGroup group, String end, String name) {
        this.group = group.addGroup(Ledger.GROUP).addGroup("end", end);
        this.name = name;
    }

    /** @param reason kebab-case code */
    public void count(String reason) {
        counters.computeIfAbsent(reason, code -> group.addGroup("reason", code).counter(name)).inc();
    }
}
