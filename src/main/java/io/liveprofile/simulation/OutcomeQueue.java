package io.liveprofile.simulation;

import io.liveprofile.event.LabeledOutcome;

/** Outcomes that are true but not yet known, in order of the time they become known. Not thread-safe. */
final class OutcomeQueue {
    private final TimeHeap<LabeledOutcome> pending = new TimeHeap<>();

    /** One outcome for each label and event: its id is made of both. */
    void add(String label, String userId, String eventId, long knownAt) {
        pending.add(knownAt, new LabeledOutcome(label + ":" + eventId, userId, label, 1.0, knownAt, eventId));
    }

    long firstTime() {
        return pending.firstTime();
    }

    LabeledOutcome removeFirst() {
        return pending.removeFirst();
    }
}
