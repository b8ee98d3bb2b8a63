package io.liveprofile.ingest;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.LabeledOutcome;
import java.util.List;

/**
 * What one row of foreign data became: events and outcomes in the order of the mapping's rules, or nothing for a named
 * reason. {@code skippedBy} is null exactly when there is at least one event or outcome.
 *
 * @param origins for each outcome the time of the event it is about, or else its own before the delay, ms UTC: the time of
 *     the row that tells of it, however much later it became known
 * @param skippedBy name of the skip rule that held, or one of {@link #NO_RULE} and {@link #BLANK_LINE}
 */
public record MappedRow(
        List<BehaviorEvent> events, List<LabeledOutcome> outcomes, List<Long> origins, String skippedBy) {
    /** No skip rule held, and no event or outcome rule either. */
    public static final String NO_RULE = "no-rule";
    /** The line held nothing. */
    public static final String BLANK_LINE = "blank-line";

    static MappedRow of(BehaviorEvent event) {
        return new MappedRow(List.of(event), List.of(), List.of(), null);
    }

    static MappedRow skipped(String rule) {
        return new MappedRow(List.of(), List.of(), List.of(), rule);
    }
}
