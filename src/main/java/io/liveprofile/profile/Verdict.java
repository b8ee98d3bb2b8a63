package io.liveprofile.profile;

import io.liveprofile.event.Reason;
import io.liveprofile.event.RiskAlert;
import io.liveprofile.feature.UserUpdate;
import java.util.List;

/** What became of one event; exactly one of these, so that a count of each adds up to the events read. */
public sealed interface Verdict {

    /** Its id was seen within the dedupe time. */
    record Duplicate() implements Verdict {}

    /**
     * Older than the allowed lateness.
     *
     * @param userTime the user's largest event time, ms UTC
     */
    record Late(long userTime) implements Verdict {}

    /** Kept out of the aggregates. */
    record Quarantined(List<Reason> reasons, List<RiskAlert> alerts) implements Verdict {}

    /** Counted: the profile has a new version. */
    record Profiled(UserUpdate update, List<RiskAlert> alerts) implements Verdict {}
}
