package io.liveprofile.local;

import io.liveprofile.event.LabeledOutcome;
import io.liveprofile.event.SingleObject;
import io.liveprofile.event.Topic;
import io.liveprofile.simulation.NoiseMix;
import io.liveprofile.simulation.NoisyEvent;
import io.liveprofile.simulation.NoisyEvents;
import io.liveprofile.simulation.ShopSimulation;
import io.liveprofile.simulation.Simulated;
import io.liveprofile.simulation.SimulatedOutcome;
import io.liveprofile.simulation.SimulationConfig;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * Simulated shoppers with what goes wrong on the way: duplicates, delays, late and unreadable messages. Ends before the
 * simulated time reaches {@code endMillis}, since nobody behaves in the future.
 */
public final class SimulatedTraffic implements Traffic {
    private final SimulationConfig config;
    private final NoisyEvents events;
    private final Queue<LabeledOutcome> known = new ArrayDeque<>();
    private final SingleObject<LabeledOutcome> outcomes = new SingleObject<>(LabeledOutcome.class);
    private long time;

    /** @param endMillis ms UTC, exclusive */
    public SimulatedTraffic(SimulationConfig config, NoiseMix noise, long endMillis) {
        this.config = config;
        this.time = config.startMillis();
        this.events = new NoisyEvents(watched(new ShopSimulation(config), endMillis), noise);
    }

    @Override
    public Message next() {
        // The event is asked for first: outcomes become known while the simulation advances to it.
        boolean more = events.hasNext();
        LabeledOutcome outcome = known.poll();
        if (outcome != null) {
            return new Message(
                    Topic.LABELED_OUTCOMES, outcome.getUserId(), outcomes.encode(outcome), outcome.getOutcomeTime());
        }
        if (!more) {
            return null;
        }
        NoisyEvent event = events.next();
        return new Message(Topic.BEHAVIOR_EVENTS, event.userId(), event.message(), time);
    }

    @Override
    public String description() {
        return "simulation of " + Figures.grouped(config.users()) + " shoppers, seed " + config.seed();
    }

    /** The stream up to the end, its outcomes and its time noted on the way. */
    private Iterator<Simulated> watched(ShopSimulation simulation, long endMillis) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return simulation.nextTime() < endMillis;
            }

            @Override
            public Simulated next() {
                Simulated next = simulation.next();
                time = next.time();
                if (next instanceof SimulatedOutcome late) {
                    known.add(late.outcome());
                }
                return next;
            }
        };
    }
}
