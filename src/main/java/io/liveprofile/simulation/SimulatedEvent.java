package io.liveprofile.simulation;

import io.liveprofile.event.BehaviorEvent;

/** A behaviour, at its event time. */
public record SimulatedEvent(BehaviorEvent event) implements Simulated {

    @Override
    public long time() {
        return event.getEventTime();
    }
}
