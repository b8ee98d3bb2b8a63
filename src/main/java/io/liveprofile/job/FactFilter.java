package io.liveprofile.job;

import io.liveprofile.event.IngestedRecord;
import io.liveprofile.metrics.Ledger;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.metrics.Counter;

/** Lets those go on that became an event, and so have a user; what could not be read is counted. */
final class FactFilter extends RichFilterFunction<IngestedRecord> {
    private static final long serialVersionUID = 1L;

    private transient Counter broken;

    @Override
    public void open(OpenContext context) {
        broken = getRuntimeContext().getMetricGroup().addGroup(Ledger.GROUP).counter(Counts.FACTS_BROKEN);
    }

    @Override
    public boolean filter(IngestedRecord record) {
        if (record.getDeadLetter() != null) {
            broken.inc();
        }
        return record.getEvent() != null;
    }
}
