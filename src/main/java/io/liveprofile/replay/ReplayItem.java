package io.liveprofile.replay;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.LabeledOutcome;

/** What a replayed file gives, one at a time: an event, an outcome, or a row that could not become either. */
public sealed interface ReplayItem {
    record ReplayEvent(BehaviorEvent event) implements ReplayItem {}

    record ReplayOutcome(LabeledOutcome outcome) implements ReplayItem {}

    /**
     * @param line line of the file where the row begins, from 1
     * @param reason stable kebab-case code
     * @param detail one sentence that holds nothing of the row
     * @param raw the row's bytes, as far as they were kept (a row that is too long is cut)
     */
    record Unmappable(long line, String reason, String detail, byte[] raw) implements ReplayItem {}
}
