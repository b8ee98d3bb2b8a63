package io.liveprofile.simulation;

import io.liveprofile.event.LabeledOutcome;

/** A true outcome, at the time it became known; the event it refers to came earlier in the stream. */
public record SimulatedOutcome(LabeledOutcome outcome) implements Simulated {

    @Override
    public long time() {
        return outcome.getOutcomeTime();
    }
}
