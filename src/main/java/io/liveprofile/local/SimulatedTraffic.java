package io.liveprofile.local;

import io.liveprofile.event.BehaviorEvent;
import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.simulation.ShopSimulation;
import io.liveprofile.simulation.Simulated;
import io.liveprofile.simulation.SimulatedEvent;
import io.liveprofile.simulation.SimulatedOutcome;
import io.liveprofile.simulation.SimulationConfig;
import java.time.Duration;

/** Simulated shoppers without end. Event time begins now and keeps pace with the clock, or begins in the past at full speed. */
final class SimulatedTraffic implements Traffic {
    /** At full speed event time runs ahead of the clock; it may do so for this long before it reaches the present. */
    private static final Duration HEAD_START = Duration.ofDays(60);
    /** At full speed: an event every 100 s of each user. */
    private static final double UNPACED_EVENTS_PER_USER_SECOND = 0.01;

    private final SingleObject<BehaviorEvent> events = new SingleObject<>(BehaviorEvent.class);
    private final SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
    private final SimulationConfig config;
    private final ShopSimulation simulation;

    /**
     * @param eventsPerSecond events a second of the clock; infinite = as many as can be sent
     * @param nowMillis the present, ms UTC
     */
    SimulatedTraffic(int users, long seed, double eventsPerSecond, long nowMillis) {
        boolean isPaced = !Double.isInfinite(eventsPerSecond);
        this.config = SimulationConfig.defaults()
                .withSeed(seed)
                .withUsers(users)
                .withStartMillis(isPaced ? nowMillis : nowMillis - HEAD_START.toMillis())
                .withEventsPerSecond(isPaced ? eventsPerSecond : users * UNPACED_EVENTS_PER_USER_SECOND);
        this.simulation = new ShopSimulation(config);
    }

    @Override
    public Message next() {
        Simulated simulated = simulation.next();
        if (simulated instanceof SimulatedEvent event) {
            return new Message(Topic.BEHAVIOR_EVENTS, event.event().getUserId(), events.encode(event.event()), event.time());
        }
        LabeledOutcome outcome = ((SimulatedOutcome) simulated).outcome();
        return new Message(Topic.LABELED_OUTCOMES, outcome.getUserId(), outcomes.encode(outcome), simulated.time());
    }

    @Override
    public String description() {
        return Figures.grouped(config.users()) + " simulated shoppers";
    }
}
